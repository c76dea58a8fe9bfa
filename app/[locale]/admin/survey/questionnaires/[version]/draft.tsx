import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Details } from '#components/ui/details.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { QuestionSummary } from '#features/questionnaires/questions/question-editor.tsx'
import {
  askedTree,
  HEADLINE,
  type PlacedQuestion,
  QUESTION_KINDS,
  type Question,
} from '#features/questionnaires/questions/rules.ts'
import type { VersionPage } from '#features/questionnaires/versions/data.ts'
import { OneLanguage } from '#features/questionnaires/versions/version-story.tsx'
import { arrangeAction, basisAction, discardAction } from '../actions.ts'

interface DraftProps {
  readonly draft: VersionPage
}

export async function Draft({ draft }: DraftProps) {
  const t = await getTranslations('survey-questions')
  const params = { version: String(draft.version) }
  return (
    <>
      {draft.newerBase === null ? null : (
        <Notice tone="info">
          <p>{t('draft.newer', { version: draft.newerBase })}</p>
        </Notice>
      )}
      <Problems draft={draft} />
      {draft.oneLanguage.length === 0 ? null : <OneLanguage edits={draft.oneLanguage} />}
      <p className="actions">
        <ButtonLink
          href={{ pathname: '/admin/survey/questionnaires/[version]/preview', params }}
          look="quiet"
          size="small"
        >
          {t('draft.preview')}
        </ButtonLink>
        <ButtonLink
          href={{ pathname: '/admin/survey/questionnaires/[version]/publish', params }}
          size="small"
        >
          {t('draft.publish')}
        </ButtonLink>
      </p>
      <Questions draft={draft} group="required" />
      <Questions draft={draft} group="optional" />
      <Details summary={t('draft.add')} look="row">
        <p>{t('draft.addText')}</p>
        <ul className="stack">
          {QUESTION_KINDS.map((kind) => (
            <li key={kind}>
              <Link
                href={{
                  pathname: '/admin/survey/questionnaires/[version]/add',
                  params,
                  query: { kind },
                }}
              >
                {t(`kind.${kind}`)}
              </Link>
            </li>
          ))}
        </ul>
      </Details>
      <Card>
        <ActionForm
          action={basisAction}
          scope="basis"
          className="stack"
          initial={{ legalBasis: draft.legalBasis }}
        >
          <DraftFields draft={draft} />
          <TextArea name="legalBasis" label={t('draft.basis')} hint={t('draft.basisHint')} rows={2} />
          <SubmitButton look="quiet" size="small">
            {t('draft.basisSave')}
          </SubmitButton>
        </ActionForm>
      </Card>
      <ActionForm action={discardAction} scope="discard" className="space-y-1.5">
        <DraftFields draft={draft} />
        <SubmitButton look="danger" size="small">
          {t('draft.discard')}
        </SubmitButton>
        <p className="text-sm text-soft">{t('draft.discardText')}</p>
      </ActionForm>
    </>
  )
}

const DraftFields = ({ draft: { version, revision } }: DraftProps) => (
  <>
    <HiddenField name="version" value={String(version)} />
    <HiddenField name="revision" value={String(revision)} />
  </>
)

async function Problems({ draft: { problems } }: DraftProps) {
  const t = await getTranslations('survey-questions')
  if (problems.length === 0) return null
  return (
    <Notice tone="wait" title={t('draft.problems', { count: problems.length })}>
      <ul>
        {problems.map(({ code, key }) => (
          <li key={`${code} ${key}`}>
            {key === undefined ? null : (
              <>
                <a href={`#question-${key}`}>{key}</a>:{' '}
              </>
            )}
            {t(`problem.${code}`)}
          </li>
        ))}
      </ul>
    </Notice>
  )
}

async function Questions({ draft, group }: DraftProps & { readonly group: 'required' | 'optional' }) {
  const t = await getTranslations('survey-questions.draft')
  const own = askedTree(draft.questions).filter(
    ({ question }) => question.required === (group === 'required'),
  )
  return (
    <section className="stack" aria-labelledby={group}>
      <h2 id={group}>
        {t(group)} <span className="num text-soft">({own.length})</span>
      </h2>
      {own.length === 0 ? <p className="text-soft">{t('none')}</p> : null}
      <QuestionList draft={draft} list={own} />
    </section>
  )
}

/** Renders questions that can change places with each other, each with its dependent questions below it. */
async function QuestionList({
  draft,
  list,
}: DraftProps & {
  readonly list: readonly (Omit<PlacedQuestion, 'dependents'> & Partial<PlacedQuestion>)[]
}) {
  const locale = await getLocale()
  return (
    <ol className="stack">
      {list.map(({ question, number, dependents = [] }, at) => (
        <li key={question.key} id={`question-${question.key}`} className="max-w-none">
          <Card className="space-y-2">
            <QuestionSummary {...{ question, number, locale }} questions={draft.questions} />
            <Arrange draft={draft} question={question} first={at === 0} last={at === list.length - 1} />
          </Card>
          {dependents.length === 0 ? null : (
            <div className="mt-4 ml-6">
              <QuestionList draft={draft} list={dependents} />
            </div>
          )}
        </li>
      ))}
    </ol>
  )
}

interface ArrangeProps extends DraftProps {
  readonly question: Question
  readonly first: boolean
  readonly last: boolean
}

async function Arrange({ draft, question: { key }, first, last }: ArrangeProps) {
  const t = await getTranslations('survey-questions.draft')
  const params = { version: String(draft.version), question: key }
  const acts = [
    ...(first ? [] : (['up'] as const)),
    ...(last ? [] : (['down'] as const)),
    ...(key === HEADLINE ? [] : (['remove'] as const)),
  ]
  return (
    <ActionForm action={arrangeAction} scope={`arrange-${key}`} className="flex flex-wrap gap-2">
      <DraftFields draft={draft} />
      <HiddenField name="key" value={key} />
      <ButtonLink
        href={{ pathname: '/admin/survey/questionnaires/[version]/questions/[question]', params }}
        look="quiet"
        size="small"
      >
        {t('edit')}
        <span className="sr-only"> {key}</span>
      </ButtonLink>
      {acts.map((act) => (
        <SubmitButton
          key={act}
          name="act"
          value={act}
          look={act === 'remove' ? 'danger' : 'quiet'}
          size="small"
        >
          {t(act)}
          <span className="sr-only"> {key}</span>
        </SubmitButton>
      ))}
    </ActionForm>
  )
}
