import type { Metadata } from 'next'
import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { DoneNotice } from '#components/ui/done-notice.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { SummaryList } from '#components/ui/summary-list.tsx'
import { Time } from '#components/ui/time.tsx'
import { Written } from '#components/ui/written.tsx'
import { QuestionSummary } from '#features/questionnaires/questions/question-editor.tsx'
import { askedTree } from '#features/questionnaires/questions/rules.ts'
import { listUncredited } from '#features/questionnaires/suggestions/data.ts'
import type { VersionPage } from '#features/questionnaires/versions/data.ts'
import { QuestionChanges, VersionTag } from '#features/questionnaires/versions/version-story.tsx'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { addMilliseconds } from '#lib/time.ts'
import { retireAction, startDraftAction } from '../actions.ts'
import { Draft } from './draft.tsx'
import { loadVersion } from './load.ts'

export const access = 'survey:read' satisfies Access

const DONE = ['started', 'question', 'arranged', 'basis', 'published', 'retired', 'decided'] as const

export async function generateMetadata({
  params,
}: Pick<PageProps<'/[locale]/admin/survey/questionnaires/[version]'>, 'params'>): Promise<Metadata> {
  const [t, { version }] = await Promise.all([getTranslations('survey-questions'), params])
  return { title: t('version', { version }) }
}

export default async function QuestionnairePage({
  params,
  searchParams,
}: PageProps<'/[locale]/admin/survey/questionnaires/[version]'>) {
  const staff = await requireStaff(access)
  const [t, { version }, { done }] = await Promise.all([
    getTranslations('survey-questions'),
    params,
    searchParams,
  ])
  const said = DONE.find((key) => key === done)
  const one = await loadVersion(staff, version)
  const mayManage = may(staff.role, 'survey:manage')
  const lead =
    one.state === 'draft' && one.baseVersion ? t('draft.from', { version: one.baseVersion }) : undefined
  return (
    <div className="stack-l" data-version={one.version} data-state={one.state}>
      <PageHeader
        kicker={t('list.title')}
        title={t('version', { version: one.version })}
        {...(lead !== undefined && { lead })}
      >
        <p>
          <VersionTag state={one.state} trialPercent={one.trialPercent} />
        </p>
      </PageHeader>
      {said ? <DoneNotice title={t(`done.${said}`)} /> : null}
      {said === 'published' && mayManage ? <Uncredited staff={staff} version={one.version} /> : null}
      {one.state === 'draft' && mayManage ? (
        <Draft draft={one} />
      ) : (
        <Published version={one} mayManage={mayManage} />
      )}
      <p>
        <Link href="/admin/survey/questionnaires">{t('page.back')}</Link>
      </p>
    </div>
  )
}

/** Lists accepted or tried suggestions without a version, and asks whether this version results from them. */
async function Uncredited({ staff, version }: { readonly staff: StaffActor; readonly version: number }) {
  const [locale, t, open] = await Promise.all([
    getLocale(),
    getTranslations('survey-suggestions.uncredited'),
    listUncredited(staff, version),
  ])
  if (open.length === 0) return null
  return (
    <div data-uncredited={open.length}>
      <Notice tone="info" title={t('title')}>
        <p>{t('text')}</p>
        <ul className="list-disc space-y-1 pl-5">
          {open.map(({ id, summaryVi, summaryEn }) => (
            <li key={id}>
              <Link href={{ pathname: '/admin/survey/suggestions/[suggestion]', params: { suggestion: id } }}>
                <Written>{(locale === 'en' && summaryEn) || summaryVi || ''}</Written>
              </Link>
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  )
}

async function Published({
  version,
  mayManage,
}: {
  readonly version: VersionPage
  readonly mayManage: boolean
}) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('survey-questions')])
  const reason = locale === 'vi' ? version.reasonVi : version.reasonEn
  const facts = {
    published: version.publishedAt && <Time at={version.publishedAt} form="date" />,
    retired: version.retiredAt && <Time at={version.retiredAt} form="date" />,
    trial: version.trialPercent && t('page.trialValue', { percent: version.trialPercent }),
    trialUntil: version.trialEndsAt && <Time at={addMilliseconds(version.trialEndsAt, -1)} form="date" />,
    adopted: version.adoptedAt && <Time at={version.adoptedAt} form="date" />,
    decision: locale === 'vi' ? version.decisionVi : version.decisionEn,
    basis: version.legalBasis,
    reason,
  }
  const rows = (
    ['published', 'retired', 'trial', 'trialUntil', 'adopted', 'decision', 'basis', 'reason'] as const
  ).flatMap((key) => (facts[key] ? [{ key, term: t(`page.${key}`), value: facts[key] }] : []))
  return (
    <>
      <SummaryList rows={rows} />
      {version.trialPercent === null ||
      version.state === 'scheduled' ||
      version.state === 'cancelled' ? null : (
        <p className="actions">
          <ButtonLink
            href={{
              pathname: '/admin/survey/questionnaires/[version]/trial',
              params: { version: String(version.version) },
            }}
            {...(!version.mayDecide && { look: 'quiet' })}
          >
            {t(version.mayDecide ? 'page.toDecision' : 'page.toTrial')}
          </ButtonLink>
        </p>
      )}
      {version.baseVersion === null ? null : (
        <section className="stack">
          <h2>{t('page.changes', { version: version.baseVersion })}</h2>
          <QuestionChanges changes={version.changes} languages={[locale]} />
        </section>
      )}
      <section className="stack">
        <h2>{t('page.questions')}</h2>
        <ol className="stack">
          {askedTree(version.questions)
            .flatMap(({ dependents, ...one }) => [one, ...dependents])
            .map((one) => (
              <li key={one.question.key} className="max-w-none border-b border-line pb-3 last:border-0">
                <QuestionSummary {...one} questions={version.questions} locale={locale} />
              </li>
            ))}
        </ol>
      </section>
      {mayManage ? <Acts version={version} /> : null}
    </>
  )
}

async function Acts({
  version: { version, state, mayBeBase, mayRetire },
}: {
  readonly version: VersionPage
}) {
  const t = await getTranslations('survey-questions')
  if (!mayBeBase && !mayRetire) return null
  return (
    <Card>
      {mayBeBase ? (
        <ActionForm action={startDraftAction} scope="draft" className="space-y-1.5">
          <HiddenField name="base" value={String(version)} />
          <SubmitButton look="quiet" size="small">
            {t('draft.title')}
          </SubmitButton>
        </ActionForm>
      ) : null}
      {mayBeBase ? (
        <ActionForm action={startDraftAction} scope="decree118" className="space-y-1.5">
          <HiddenField name="base" value={String(version)} />
          <HiddenField name="set" value="decree118" />
          <SubmitButton look="quiet" size="small">
            {t('draft.decree118')}
          </SubmitButton>
          <p className="text-sm text-soft">{t('draft.decree118Text')}</p>
        </ActionForm>
      ) : null}
      {mayRetire ? (
        <ActionForm action={retireAction} scope="retire" className="space-y-1.5">
          <HiddenField name="version" value={String(version)} />
          <SubmitButton look="danger" size="small">
            {t('page.retire')}
          </SubmitButton>
          <p className="text-sm text-soft">
            {t(state === 'scheduled' ? 'page.cancelText' : 'page.retireText')}
          </p>
        </ActionForm>
      ) : null}
    </Card>
  )
}
