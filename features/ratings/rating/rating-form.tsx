import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { CITY } from '#cities/city.ts'
import { ActionForm } from '#components/form/action-form.tsx'
import { Checkboxes, Radios } from '#components/form/choices.tsx'
import { Field, HiddenField, TextArea } from '#components/form/field.tsx'
import { FoldedFields } from '#components/form/folded-fields.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import type { AgencyKind } from '#features/agencies/rules.ts'
import {
  askedTree,
  type KindOfQuestion,
  kindOf,
  type PlacedQuestion,
  type Question,
  type Questionnaire,
} from '#features/questionnaires/questions/rules.ts'
import type { FormAction } from '#lib/form-state.ts'
import { formatDate } from '#messages/dates.ts'
import type { Locale } from '#messages/routing.ts'
import { INVITATION_PARAMETER } from '../invitations/rules.ts'
import { proceduresOf } from '../procedures/rules.ts'
import { ProofOfWork } from './proof-of-work.tsx'
import { type AnswerChannel, CHANNEL_PARAMETER, type ServiceDay } from './rules.ts'

interface RatingFormProps {
  readonly action: FormAction
  readonly agency: string
  readonly kind: AgencyKind
  readonly channel?: AnswerChannel
  /** The token of an invitation. The form then asks neither for the procedure nor for a dossier code. */
  readonly invitation?: string
  readonly questionnaire: Questionnaire
  readonly locale: 'vi' | 'en'
  readonly commentMonths: number
  readonly day: Omit<ServiceDayFieldProps, 'locale'>
  /** The signed time of issue, and the puzzle for the browser; a preview has none. */
  readonly form?: { readonly issued: string; readonly puzzle: string }
}

const PROCEDURE_LIST = 'procedures'

/** Renders the whole questionnaire as one form: day, required questions, a comment, and all else folded. */
export async function RatingForm(props: RatingFormProps) {
  const {
    action,
    agency,
    kind,
    channel = 'web',
    invitation,
    questionnaire,
    locale,
    commentMonths,
    day,
    form,
  } = props
  const t = await getTranslations('survey.form')
  const asked = askedTree(questionnaire.questions)
  const required = asked.filter(({ question }) => question.required)
  const others = asked.filter(({ question }) => !question.required)
  const keysOf = ({ question, dependents }: PlacedQuestion) =>
    [question, ...dependents.map((dependent) => dependent.question)].map(({ key }) => key)
  return (
    <ActionForm action={action}>
      <HiddenField name="agency" value={agency} />
      <HiddenField name="questionnaire" value={String(questionnaire.version)} />
      {channel === 'web' ? null : <HiddenField name={CHANNEL_PARAMETER} value={channel} />}
      {invitation === undefined ? null : <HiddenField name={INVITATION_PARAMETER} value={invitation} />}
      {form === undefined ? null : (
        <>
          <HiddenField name="issued" value={form.issued} />
          <ProofOfWork name="proof" puzzle={form.puzzle} />
        </>
      )}
      <ServiceDayField {...day} locale={locale} />
      {required.map((one) => (
        <QuestionFields key={one.question.key} asked={one} {...{ locale, commentMonths }} />
      ))}
      <TextArea
        name="comment"
        label={t('comment')}
        hint={t('commentHint', { months: commentMonths })}
        rows={3}
        optional
      />
      <FoldedFields
        summary={t('more', { count: others.length })}
        names={[...others.flatMap(keysOf), 'procedure', 'dossierCode', 'suggestion']}
      >
        {others.map((one) => (
          <QuestionFields key={one.question.key} asked={one} {...{ locale, commentMonths }} />
        ))}
        {invitation === undefined ? (
          <>
            <Field
              name="procedure"
              label={t('procedure')}
              hint={t('procedureHint')}
              list={PROCEDURE_LIST}
              optional
            />
            <datalist id={PROCEDURE_LIST}>
              {proceduresOf(kind).map((one) => (
                <option
                  key={one.id}
                  value={one[locale]}
                  label={[CITY.procedures.fields[one.field]?.[locale] ?? one.field, one.code]
                    .filter((part) => part !== null)
                    .join(' · ')}
                />
              ))}
            </datalist>
            <Field
              name="dossierCode"
              label={t('dossierCode')}
              hint={t('dossierCodeHint')}
              width="medium"
              optional
            />
          </>
        ) : null}
        <TextArea name="suggestion" label={t('suggestion')} hint={t('suggestionHint')} rows={3} optional />
      </FoldedFields>
      <p className="actions">
        <SubmitButton>{t('send')}</SubmitButton>
      </p>
      <p className="text-sm text-soft">{t(invitation === undefined ? 'anonymous' : 'anonymousInvited')}</p>
    </ActionForm>
  )
}

/** Renders a question with its dependent questions. The stylesheet alone shows them once the answer is given. */
function QuestionFields({
  asked: { question, number, dependents },
  ...props
}: { readonly asked: PlacedQuestion } & Pick<QuestionFieldProps, 'locale' | 'commentMonths'>) {
  if (dependents.length === 0) return <QuestionField {...{ question, number }} {...props} />
  return (
    <div className="led-fields stack-l">
      <QuestionField
        {...{ question, number }}
        {...props}
        leads={(code) =>
          dependents
            .flatMap((one, at) => (one.question.shownIf?.codes.includes(code) ? [at + 1] : []))
            .join(' ')
        }
      />
      {dependents.map((one, at) => (
        <div key={one.question.key} data-led={at + 1}>
          <QuestionField {...one} {...props} />
        </div>
      ))}
    </div>
  )
}

interface QuestionFieldProps {
  readonly question: Question
  readonly number: string
  readonly locale: 'vi' | 'en'
  readonly commentMonths: number
  /** Returns the numbers of the dependent questions that an answer shows, separated by spaces. */
  readonly leads?: (code: string) => string
}

/** Renders one question. Scales are read from the best answer down, as in the paper form. */
export async function QuestionField({ question, number, locale, commentMonths, leads }: QuestionFieldProps) {
  const t = await getTranslations('survey.form')
  const { key: name, kind } = question
  const label = `${number}. ${question[locale]}`
  const options = question.options.map(({ code, ...option }) => ({
    value: code,
    label: option[locale],
    ...(leads && { leads: leads(code) }),
  }))
  const scale = options.filter(({ value }) => value !== 'na')
  const ordered = kindOf(kind).lastFirst
    ? [...scale.toReversed(), ...options.filter(({ value }) => value === 'na')]
    : options
  const asked: Readonly<Record<KindOfQuestion['asked'], () => ReactNode>> = {
    radios: () => <Radios name={name} label={label} options={ordered} />,
    checkboxes: () => <Checkboxes name={name} label={label} hint={t('several')} options={options} />,
    text_area: () => (
      <TextArea name={name} label={label} hint={t('commentHint', { months: commentMonths })} />
    ),
  }
  return asked[kindOf(kind).asked]()
}

interface ServiceDayFieldProps {
  /** The days that can be rated here, as local dates. */
  readonly dates: { readonly first: string; readonly last: string }
  /** The first day on which the agency no longer existed, as a local date; null while it is open. */
  readonly ended: string | null
  readonly locale: Locale
}

/** Asks for the day of the service before anything else: as a choice or a typed date. Nothing is chosen beforehand. */
async function ServiceDayField({ dates, ended, locale }: ServiceDayFieldProps) {
  const t = await getTranslations('survey.form.day')
  const days: readonly ServiceDay[] = ended === null ? ['today', 'yesterday', 'other'] : ['after', 'other']
  const date = ended === null ? '' : formatDate(locale, ended)
  return (
    <div className="stack">
      <Radios
        name="serviceWhen"
        label={t('label')}
        options={days.map((value) => ({
          value,
          label: t(value === 'other' && ended !== null ? 'before' : value, { date }),
        }))}
      />
      <Field
        name="serviceDate"
        type="date"
        width="short"
        label={t('date')}
        hint={t('dateHint', { first: formatDate(locale, dates.first), last: formatDate(locale, dates.last) })}
      />
    </div>
  )
}
