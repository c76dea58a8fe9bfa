import type { Metadata } from 'next'
import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Checkbox, Checkboxes, Radios } from '#components/form/choices.tsx'
import { Field, HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { listUncredited } from '#features/questionnaires/suggestions/data.ts'
import type { VersionPage } from '#features/questionnaires/versions/data.ts'
import {
  plannedSize,
  TRIAL_PERCENTS,
  TRIAL_POINTS,
} from '#features/questionnaires/versions/publication-rules.ts'
import { OneLanguage, QuestionChanges } from '#features/questionnaires/versions/version-story.tsx'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { addMilliseconds, DAY, localDate } from '#lib/time.ts'
import { publishAction } from '../../actions.ts'
import { loadDraft } from '../load.ts'

export const access = 'survey:manage' satisfies Access

export async function generateMetadata({
  params,
}: PageProps<'/[locale]/admin/survey/questionnaires/[version]/publish'>): Promise<Metadata> {
  const [t, { version }] = await Promise.all([getTranslations('survey-questions'), params])
  return { title: t('publish.title', { version }) }
}

export default async function PublishPage({
  params,
}: PageProps<'/[locale]/admin/survey/questionnaires/[version]/publish'>) {
  const staff = await requireStaff(access)
  const [{ version }, t] = await Promise.all([params, getTranslations('survey-questions')])
  const draft = await loadDraft(staff, version)
  const open = await listUncredited(staff, draft.version)
  return (
    <div className="stack-l">
      <PageHeader title={t('publish.title', { version: draft.version })} lead={t('publish.lead')} />
      <section className="stack">
        <h2>{t('page.changes', { version: draft.baseVersion ?? 0 })}</h2>
        <QuestionChanges changes={draft.changes} languages={['vi', 'en']} />
      </section>
      {draft.problems.length > 0 ? <Blocked draft={draft} /> : <PublishForm draft={draft} open={open} />}
      <p>
        <Link href={{ pathname: '/admin/survey/questionnaires/[version]', params: { version } }}>
          {t('publish.toDraft')}
        </Link>
      </p>
    </div>
  )
}

async function Blocked({ draft: { problems } }: { readonly draft: VersionPage }) {
  const t = await getTranslations('survey-questions')
  return (
    <Notice tone="wait" title={t('publish.blocked')}>
      <ul>
        {problems.map(({ code, key }) => (
          <li key={`${code} ${key}`}>
            {key === undefined ? null : `${key}: `}
            {t(`problem.${code}`)}
          </li>
        ))}
      </ul>
    </Notice>
  )
}

/** Default length of a trial: three months. */
const TRIAL_DAYS = 90

interface PublishFormProps {
  readonly draft: VersionPage
  readonly open: Awaited<ReturnType<typeof listUncredited>>
}

async function PublishForm({ draft, open }: PublishFormProps) {
  const t = await getTranslations('survey-questions.publish')
  const { openTrial } = draft
  const shares = TRIAL_PERCENTS.map((percent) => ({ value: String(percent), label: t('share', { percent }) }))
  const until = localDate(addMilliseconds(new Date(), TRIAL_DAYS * DAY))
  return (
    <>
      {openTrial === null ? null : (
        <Notice
          tone="wait"
          title={t(openTrial.running ? 'endsTrial' : 'undecided', { version: openTrial.version })}
        >
          <p>{t(openTrial.running ? 'endsTrialText' : 'undecidedText')}</p>
          <p>
            <Link
              href={{
                pathname: '/admin/survey/questionnaires/[version]/trial',
                params: { version: String(openTrial.version) },
              }}
            >
              {t('toTrial', { version: openTrial.version })}
            </Link>
          </p>
        </Notice>
      )}
      <ActionForm action={publishAction} initial={{ trial: '', trialUntil: until }}>
        <HiddenField name="version" value={String(draft.version)} />
        <HiddenField name="revision" value={String(draft.revision)} />
        {draft.oneLanguage.length === 0 ? null : (
          <>
            <OneLanguage edits={draft.oneLanguage} />
            <Checkbox name="otherLanguage" label={t('otherLanguage')} hint={t('otherLanguageHint')} />
          </>
        )}
        <TextArea name="reasonVi" label={t('reasonVi')} hint={t('reasonHint')} rows={3} />
        <TextArea name="reasonEn" label={t('reasonEn')} rows={3} />
        <Field name="on" type="date" label={t('on')} hint={t('onHint')} width="medium" optional />
        <Radios
          name="trial"
          label={t('trial')}
          hint={t(openTrial === null ? 'trialHint' : 'trialRunning')}
          options={[{ value: '', label: t('everybody') }, ...(openTrial === null ? shares : [])]}
        />
        {openTrial === null ? (
          <Radios
            name="points"
            label={t('points')}
            hint={t('pointsHint')}
            options={TRIAL_POINTS.map((points) => ({
              value: String(points),
              label: t('pointsValue', {
                ...{ points, five: plannedSize(points, 5), half: plannedSize(points, 50) },
              }),
            }))}
          />
        ) : null}
        {openTrial === null ? (
          <Field
            name="trialUntil"
            type="date"
            label={t('trialUntil')}
            hint={t('trialUntilHint')}
            width="medium"
            optional
          />
        ) : null}
        <Credits open={open} />
        <p className="actions">
          <SubmitButton>{t('send')}</SubmitButton>
        </p>
      </ActionForm>
    </>
  )
}

async function Credits({ open }: Pick<PublishFormProps, 'open'>) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('survey-suggestions')])
  if (open.length === 0) return null
  return (
    <div data-uncredited={open.length}>
      <Checkboxes
        name="credit"
        label={t('uncredited.credit')}
        hint={t('uncredited.creditHint')}
        optional
        options={open.map(({ id, state, summaryVi, summaryEn }) => ({
          value: id,
          label: (locale === 'en' && summaryEn) || summaryVi || '',
          hint: t(`state.${state}`),
        }))}
      />
    </div>
  )
}
