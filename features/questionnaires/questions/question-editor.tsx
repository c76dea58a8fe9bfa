import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Checkbox, Checkboxes } from '#components/form/choices.tsx'
import { Field, HiddenField, TextArea } from '#components/form/field.tsx'
import { FoldedFields } from '#components/form/folded-fields.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import type { FormAction } from '#lib/form-state.ts'
import type { RawForm } from '#lib/raw-form.ts'
import { conditionAmong, conditionWords, possibleParents } from '../versions/draft-rules.ts'
import { conditionField, type OptionRow, optionRows } from './form-rules.ts'
import { fixedOptions, HEADLINE, hasOptions, type Question, type QuestionKind } from './rules.ts'

interface QuestionEditorProps {
  readonly action: FormAction
  readonly draft: { readonly version: number; readonly revision: number }
  /** The question as it is now; a new one has only its kind and first options. */
  readonly question: Question | Pick<Question, 'kind' | 'options'>
  readonly questions: readonly Question[]
}

export async function QuestionEditor({ action, draft, question, questions }: QuestionEditorProps) {
  const t = await getTranslations('survey-questions')
  const rows = optionRows(question)
  const { kind } = question
  const key = 'key' in question ? question.key : null
  return (
    <ActionForm action={action} initial={initial(question, rows)}>
      <HiddenField name="version" value={String(draft.version)} />
      <HiddenField name="revision" value={String(draft.revision)} />
      {key === null ? <HiddenField name="kind" value={kind} /> : <HiddenField name="key" value={key} />}
      <p className="text-soft">{t(`kind.${kind}`)}</p>
      <TextArea name="vi" label={t('question.vi')} rows={2} />
      <TextArea name="en" label={t('question.en')} rows={2} />
      {key === HEADLINE ? (
        <HiddenField name="required" value="yes" />
      ) : (
        <Checkbox name="required" value="yes" label={t('question.required')} />
      )}
      {hasOptions(kind) ? <Options kind={kind} rows={rows} /> : null}
      <Condition parents={possibleParents(questions, key)} />
      <Field name="source" label={t('question.source')} hint={t('question.sourceHint')} optional />
      <Field name="sourceEn" label={t('question.sourceEn')} optional />
      <p className="actions">
        <SubmitButton>{t('question.save')}</SubmitButton>
      </p>
    </ActionForm>
  )
}

function initial(question: QuestionEditorProps['question'], rows: readonly OptionRow[]): RawForm {
  const options = rows.flatMap(({ vi, en }, at) => [
    [`optionVi${at + 1}`, vi],
    [`optionEn${at + 1}`, en],
    [`optionOrder${at + 1}`, String(at + 1)],
  ])
  const words =
    'key' in question
      ? {
          vi: question.vi,
          en: question.en,
          source: question.source,
          sourceEn: question.sourceEn ?? '',
          required: question.required ? 'yes' : '',
          ...(question.shownIf && { [conditionField(question.shownIf.key)]: [...question.shownIf.codes] }),
        }
      : {}
  return { ...words, ...Object.fromEntries(options) }
}

/** Renders the choice of the question and answers that this question depends on. With nothing chosen, everybody is asked. */
async function Condition({ parents }: { readonly parents: readonly Question[] }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('survey-questions.question')])
  if (parents.length === 0) return null
  return (
    <FoldedFields summary={t('condition')} names={parents.map(({ key }) => conditionField(key))}>
      <p className="text-soft">{t('conditionHint')}</p>
      {parents.map((parent) => (
        <FoldedFields key={parent.key} summary={parent[locale]} names={[conditionField(parent.key)]}>
          <Checkboxes
            name={conditionField(parent.key)}
            label={t('conditionAnswers')}
            options={parent.options.map((option) => ({ value: option.code, label: option[locale] }))}
          />
        </FoldedFields>
      ))}
    </FoldedFields>
  )
}

async function Options({ kind, rows }: { readonly kind: QuestionKind; readonly rows: readonly OptionRow[] }) {
  const t = await getTranslations('survey-questions.question')
  const scale = fixedOptions(kind) !== null
  const label = (code: string, n: number, language: 'Vi' | 'En') =>
    scale
      ? code === 'na'
        ? t(`na${language}`)
        : t(`level${language}`, { n })
      : t(`option${language}`, { n })
  return (
    <fieldset className="stack">
      <legend className="text-xl font-semibold">{t('options')}</legend>
      <p className="text-soft">{t(scale ? 'scaleHint' : 'optionsHint')}</p>
      {rows.map(({ code }, at) => {
        const n = at + 1
        return (
          <div
            key={n}
            className={`grid gap-3 border-b border-line pb-4 ${scale ? 'md:grid-cols-2' : 'md:grid-cols-[6rem_1fr_1fr]'}`}
          >
            <HiddenField name={`optionCode${n}`} value={code} />
            {scale ? null : (
              <Field name={`optionOrder${n}`} label={t('order')} inputMode="numeric" width="short" />
            )}
            <Field name={`optionVi${n}`} label={label(code, n, 'Vi')} />
            <Field name={`optionEn${n}`} label={label(code, n, 'En')} />
          </div>
        )
      })}
      {scale ? null : <p className="text-soft">{t('more')}</p>}
    </fieldset>
  )
}

export async function QuestionSummary({
  question,
  number,
  questions,
  locale,
}: {
  readonly question: Question
  readonly number: string
  readonly questions: readonly Question[]
  /** The language that comes first. */
  readonly locale: 'vi' | 'en'
}) {
  const [t, change] = await Promise.all([
    getTranslations('survey-questions.kind'),
    getTranslations('survey-questions.change'),
  ])
  const condition = conditionAmong(questions, question)
  const other = locale === 'vi' ? 'en' : 'vi'
  const { key, kind, options } = question
  const source = locale === 'en' ? (question.sourceEn ?? question.source) : question.source
  return (
    <>
      <p className="font-semibold">
        {number}. {question[locale]}
      </p>
      <p className="text-soft" lang={other}>
        {question[other]}
      </p>
      <p className="text-sm text-soft">
        <span className="num">{key}</span> · {t(kind)}
        {source === '' ? null : ` · ${source}`}
      </p>
      {options.length === 0 ? null : (
        <p className="max-w-none text-sm">{options.map((option) => option[locale]).join(' / ')}</p>
      )}
      {condition === null ? null : (
        <p className="text-sm" data-condition={condition.parent.key}>
          {change('conditionOn', conditionWords(condition, locale))}
        </p>
      )}
    </>
  )
}
