import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Radios, Select } from '#components/form/choices.tsx'
import { Field, HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { DoneNotice } from '#components/ui/done-notice.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { Written } from '#components/ui/written.tsx'
import { readSuggestionPage, type Suggestion } from '#features/questionnaires/suggestions/data.ts'
import { answersOpen, mergeFault } from '#features/questionnaires/suggestions/rules.ts'
import { SuggestionTag } from '#features/questionnaires/suggestions/suggestion.tsx'
import { listVersions } from '#features/questionnaires/versions/data.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { isUuid } from '#lib/uuid.ts'
import { formatMonth } from '#messages/dates.ts'
import { titled } from '#messages/page-title.ts'
import { answerAction, mergeAction, mergeSameAction, separateAction } from '../actions.ts'

export const access = 'survey:manage' satisfies Access

export const generateMetadata = titled('survey-suggestions', 'one')

const DONE = ['merged', 'separated', 'answered'] as const

export default async function SuggestionPage({
  params,
  searchParams,
}: PageProps<'/[locale]/admin/survey/suggestions/[suggestion]'>) {
  const staff = await requireStaff(access)
  const [{ suggestion: id }, { done }, locale, t] = await Promise.all([
    params,
    searchParams,
    getLocale(),
    getTranslations('survey-suggestions'),
  ])
  const page = isUuid(id) ? await readSuggestionPage(staff, id) : null
  if (page === null) notFoundPage(locale)
  const { suggestion, into, merged, alike, same } = page
  const said = DONE.find((one) => one === done)
  return (
    <div className="stack-l max-w-measure" data-suggestion={suggestion.id} data-state={suggestion.state}>
      <PageHeader kicker={t('title')} title={t('one')}>
        <p className="flex flex-wrap items-center gap-2">
          <SuggestionTag state={suggestion.state} />
          {suggestion.excluded ? <Tag tone="plain">{t('excluded')}</Tag> : null}
        </p>
        {suggestion.excluded ? <p className="text-soft">{t('excludedHint')}</p> : null}
      </PageHeader>
      {said ? <DoneNotice title={t(`done.${said}`)} /> : null}
      <Text suggestion={suggestion} />
      {into === null ? null : (
        <section className="stack">
          <h2>{t('into')}</h2>
          <Other suggestion={into} />
          <Separate suggestion={suggestion} />
        </section>
      )}
      {merged.length === 0 ? null : (
        <section className="stack">
          <h2>{t('merged')}</h2>
          {merged.map((one) => (
            <Card key={one.id}>
              <Other suggestion={one} />
              <Separate suggestion={one} />
            </Card>
          ))}
        </section>
      )}
      {same === 0 ? null : (
        <ActionForm action={mergeSameAction} scope="same" className="actions">
          <On suggestion={suggestion} />
          <SubmitButton look="quiet">{t('mergeSame', { count: same })}</SubmitButton>
        </ActionForm>
      )}
      {alike.length === 0 ? null : (
        <section className="stack">
          <h2>{t('alike')}</h2>
          <p>{t('alikeText')}</p>
          {alike.map((one) => (
            <Card key={one.id}>
              <Other suggestion={one} />
              <Merge open={suggestion} other={one} />
            </Card>
          ))}
        </section>
      )}
      {answersOpen(suggestion.state).length === 0 ? null : (
        <AnswerForm staff={staff} suggestion={suggestion} />
      )}
      <p>
        <Link href="/admin/survey/suggestions">{t('back')}</Link>
      </p>
    </div>
  )
}

interface SuggestionProps {
  readonly suggestion: Suggestion
}

const On = ({ suggestion: { id, revision } }: SuggestionProps) => (
  <>
    <HiddenField name="id" value={id} />
    <HiddenField name="revision" value={String(revision)} />
  </>
)

/** Separates a merged suggestion again, with those that had been merged into it. */
async function Separate({ suggestion }: SuggestionProps) {
  const t = await getTranslations('survey-suggestions')
  return (
    <ActionForm action={separateAction} scope={`separate-${suggestion.id}`} className="">
      <On suggestion={suggestion} />
      <SubmitButton look="quiet" size="small">
        {t('separate')}
        <span className="sr-only"> {suggestion.text.slice(0, 40)}</span>
      </SubmitButton>
    </ActionForm>
  )
}

/** Merges the other suggestion into the open one; if the other is answered, the open one into it. */
async function Merge({ open, other }: { readonly open: Suggestion; readonly other: Suggestion }) {
  const t = await getTranslations('survey-suggestions')
  const here = mergeFault(other, open) === null
  const [one, into] = here ? [other, open] : [open, other]
  return (
    <ActionForm action={mergeAction} scope={`merge-${other.id}`} className="">
      <On suggestion={one} />
      <HiddenField name="into" value={into.id} />
      <SubmitButton look="quiet" size="small">
        {t(here ? 'mergeHere' : 'mergeThere')}
      </SubmitButton>
    </ActionForm>
  )
}

async function Text({ suggestion }: SuggestionProps) {
  const [locale, t, versions] = await Promise.all([
    getLocale(),
    getTranslations('survey-suggestions'),
    getTranslations('survey-questions'),
  ])
  return (
    <div className="stack">
      <blockquote className="border-l-4 border-line pl-4 wrap-anywhere whitespace-pre-line">
        <Written>{suggestion.text}</Written>
      </blockquote>
      <p className="text-sm text-soft">
        {t('month')} {formatMonth(locale, suggestion.receivedMonth)} · {t('asked')}{' '}
        {versions('version', { version: suggestion.questionnaireVersion }).toLowerCase()}
      </p>
    </div>
  )
}

async function Other({ suggestion }: SuggestionProps) {
  const t = await getTranslations('survey-suggestions')
  return (
    <div className="space-y-1.5" data-other={suggestion.id} data-state={suggestion.state}>
      <div className="flex flex-wrap items-center gap-2">
        <SuggestionTag state={suggestion.state} />
        {suggestion.excluded ? <Tag tone="plain">{t('excluded')}</Tag> : null}
      </div>
      <p className="wrap-anywhere whitespace-pre-line">
        <Link
          href={{ pathname: '/admin/survey/suggestions/[suggestion]', params: { suggestion: suggestion.id } }}
        >
          <Written>
            {suggestion.text.length > 240
              ? `${[...suggestion.text].slice(0, 240).join('')}…`
              : suggestion.text}
          </Written>
        </Link>
      </p>
    </div>
  )
}

async function AnswerForm({
  staff,
  suggestion,
}: {
  readonly staff: StaffActor
  readonly suggestion: Suggestion
}) {
  const [t, v, all] = await Promise.all([
    getTranslations('survey-suggestions'),
    getTranslations('survey-questions'),
    listVersions(staff, new Date()),
  ])
  const { id, revision, state, outcomeVersion, outcomeOn, summaryVi, summaryEn, answerVi, answerEn } =
    suggestion
  const open = answersOpen(state)
  const initial = {
    state: open.find((one) => one === state) ?? '',
    outcomeVersion: String(outcomeVersion ?? ''),
    outcomeOn: outcomeOn?.toISOString().slice(0, 10) ?? '',
    summaryVi: summaryVi ?? '',
    summaryEn: summaryEn ?? '',
    answerVi: answerVi ?? '',
    answerEn: answerEn ?? '',
  }
  return (
    <section className="stack">
      <h2>{t('answer')}</h2>
      <p>{t('answerText')}</p>
      <ActionForm action={answerAction} scope="answer" initial={initial}>
        <HiddenField name="id" value={id} />
        <HiddenField name="revision" value={String(revision)} />
        <Radios
          name="state"
          label={t('state_label')}
          options={open.map((one) => ({ value: one, label: t(`does.${one}`) }))}
        />
        <TextArea name="summaryVi" label={t('summaryVi')} rows={2} />
        <TextArea name="summaryEn" label={t('summaryEn')} rows={2} optional />
        <TextArea name="answerVi" label={t('answerVi')} rows={3} />
        <TextArea name="answerEn" label={t('answerEn')} rows={3} optional />
        <Select
          name="outcomeVersion"
          label={t('outcome')}
          hint={t('outcomeHint')}
          placeholder={t('outcomeNone')}
          optional
          options={all
            .filter((one) => one.state !== 'cancelled' && one.version > suggestion.questionnaireVersion)
            .map((one) => ({
              value: String(one.version),
              label: `${v('version', { version: one.version })} · ${v(`state.${one.state}`, { percent: one.trialPercent ?? 0 })}`,
            }))}
        />
        <Field
          name="outcomeOn"
          type="date"
          label={t('outcomeOn')}
          hint={t('outcomeOnHint')}
          width="medium"
          optional
        />
        <p className="actions">
          <SubmitButton>{t('send')}</SubmitButton>
        </p>
      </ActionForm>
    </section>
  )
}
