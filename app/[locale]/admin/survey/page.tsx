import { getFormatter, getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Door } from '#components/ui/card.tsx'
import { Details } from '#components/ui/details.tsx'
import { DoneNotice } from '#components/ui/done-notice.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { countSurveyWaiting, type SurveyWaiting, WAITING_MOST } from '#features/city-report/page-data.ts'
import { SILENT_DAYS } from '#features/kiosks/rules.ts'
import { HELD_DAYS } from '#features/ratings/comments/reading-data.ts'
import { listFlows } from '#features/ratings/flows/data.ts'
import { percent } from '#features/results/rules.ts'
import { CountChart } from '#features/statistics/charts.tsx'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may, type Permission } from '#lib/access/roles.ts'
import { formatDate } from '#messages/dates.ts'
import { titled } from '#messages/page-title.ts'
import type { Route } from '#messages/paths.ts'
import type { Pathname } from '#messages/routing.ts'
import { seeFlowAction } from './actions.ts'

export const access = 'survey:read' satisfies Access

export const generateMetadata = titled('survey-admin', 'title')

/** The topics of the page; a new one needs a line here and two texts in `survey-admin.json`. */
const TOPICS = [
  { key: 'agencies', href: '/admin/survey/agencies', needs: 'survey:read' },
  { key: 'questionnaires', href: '/admin/survey/questionnaires', needs: 'survey:read' },
  { key: 'comments', href: '/admin/survey/comments', needs: 'voice:read' },
  { key: 'kiosks', href: '/admin/survey/kiosks', needs: 'survey:manage' },
  { key: 'invitations', href: '/admin/survey/invitations', needs: 'survey:manage' },
  { key: 'volumes', href: '/admin/survey/volumes', needs: 'survey:manage' },
  { key: 'exclusions', href: '/admin/survey/exclusions', needs: 'survey:read' },
  { key: 'export', href: '/admin/survey/export', needs: 'survey:manage' },
  { key: 'suggestions', href: '/admin/survey/suggestions', needs: 'survey:manage' },
  { key: 'report', href: '/admin/survey/report', needs: 'survey:read' },
] as const satisfies readonly { key: string; href: Pathname; needs: Permission }[]

export default async function SurveyPage({ searchParams }: PageProps<'/[locale]/admin/survey'>) {
  const staff = await requireStaff(access)
  const [t, waiting, flows, { done }] = await Promise.all([
    getTranslations('survey-admin'),
    countSurveyWaiting(staff, new Date()),
    listFlows(staff),
    searchParams,
  ])
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('lead')} />
      {done === 'flow' ? <DoneNotice title={t('flows.done')} /> : null}
      <Flows flows={flows} />
      {waiting === null ? null : (
        <>
          <Waiting waiting={waiting} />
          <AnswerDays days={waiting.days} />
        </>
      )}
      <div className="grid gap-4 md:grid-cols-2">
        {TOPICS.filter(({ needs }) => may(staff.role, needs)).map(({ key, href }) => (
          <Door key={key} level="h2" href={href} title={t(`topic.${key}`)}>
            {t(`about.${key}`)}
          </Door>
        ))}
      </div>
    </div>
  )
}

/** Renders the days with unusual answers, each with its remedy; nothing if there are none. */
async function Flows({ flows }: { readonly flows: Awaited<ReturnType<typeof listFlows>> }) {
  const [t, locale] = await Promise.all([getTranslations('survey-admin.flows'), getLocale()])
  if (flows.length === 0) return null
  return (
    <section className="stack" aria-labelledby="flows" data-flows={flows.length}>
      <h2 id="flows">{t('title')}</h2>
      <p className="max-w-measure text-soft">{t('lead')}</p>
      <ul className="rounded-card border border-line bg-card divide-y divide-line">
        {flows.map(({ agencyId, day, name, answers, networks, equalAnswers, signs }) => (
          <li
            key={`${agencyId} ${day}`}
            className="stack px-4 py-3"
            data-flow={agencyId}
            data-answers={answers}
          >
            <p>
              <Link
                href={{ pathname: '/results/[agency]', params: { agency: agencyId } }}
                className="font-semibold"
              >
                {t('one', {
                  name: locale === 'vi' ? name.nameVi : name.nameEn,
                  day: formatDate(locale, day),
                  ...{ answers, networks },
                })}
              </Link>
            </p>
            <ul>
              {signs.map((sign) => (
                <li key={sign} data-sign={sign}>
                  {t(`sign.${sign}`, { equal: equalAnswers })}
                </li>
              ))}
            </ul>
            <ActionForm action={seeFlowAction} scope={`flow-${agencyId}-${day}`}>
              <HiddenField name="agencyId" value={agencyId} />
              <HiddenField name="day" value={day} />
              <SubmitButton look="quiet">{t('seen')}</SubmitButton>
            </ActionForm>
          </li>
        ))}
      </ul>
    </section>
  )
}

interface Item {
  readonly key: string
  readonly count: number
  readonly href: Route
  readonly title: string
  readonly detail?: ReactNode
  readonly late?: boolean
}

const NAMED = 3

async function Waiting({ waiting }: { readonly waiting: SurveyWaiting }) {
  const t = await getTranslations('survey-admin.waiting')
  const items = (await itemsOf(waiting)).filter(({ count }) => count > 0)
  const shown = (count: number) => (count > WAITING_MOST ? `${WAITING_MOST}+` : count)
  return (
    <section className="stack" aria-labelledby="waiting" data-waiting={items.length}>
      <h2 id="waiting">{t('title')}</h2>
      {items.length === 0 ? (
        <p className="text-soft">{t('none')}</p>
      ) : (
        <ul className="rounded-card border border-line bg-card divide-y divide-line" data-rows>
          {items.map(({ key, count, href, title, detail, late }) => (
            <li
              key={key}
              className="relative flex items-baseline gap-4 px-4 py-3 hover:bg-teal-wash"
              data-waits={key}
              data-count={count}
            >
              <span className={`num min-w-6 text-xl font-semibold ${late ? 'text-red' : ''}`}>
                {shown(count)}
              </span>
              <span className="min-w-0">
                <Link href={href} className="font-semibold after:absolute after:inset-0" data-row>
                  {title}
                </Link>
                {detail === undefined ? null : (
                  <span className="block text-sm text-soft wrap-anywhere">{detail}</span>
                )}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

async function itemsOf(waiting: SurveyWaiting): Promise<Item[]> {
  const [t, locale] = await Promise.all([getTranslations('survey-admin.waiting'), getLocale()])
  const { suggestions, held, promises, requests, silent, drafts, tried, outside } = waiting
  const several = (names: readonly string[]) =>
    names.length <= NAMED
      ? names.join('; ')
      : t('andMore', { names: names.slice(0, NAMED).join('; '), count: names.length - NAMED })
  return [
    {
      key: 'held',
      count: held.held,
      href: '/admin/survey/comments/held',
      title: t('held'),
      ...(held.old > 0 && { late: true, detail: t('heldOld', { count: held.old, days: HELD_DAYS }) }),
    },
    {
      key: 'suggestions',
      count: suggestions,
      href: '/admin/survey/suggestions',
      title: t('suggestions'),
    },
    {
      key: 'promises',
      count: promises.overdue + promises.soon,
      href: '/admin/survey/comments',
      title: t('promises'),
      ...(promises.overdue > 0 && {
        late: true,
        detail: t('promisesOverdue', { count: promises.overdue }),
      }),
    },
    ...tried.map(
      (version): Item => ({
        key: `tried-${version}`,
        count: 1,
        href: {
          pathname: '/admin/survey/questionnaires/[version]',
          params: { version: String(version) },
        },
        title: t('tried', { version }),
        detail: t('triedDetail'),
      }),
    ),
    { key: 'requests', count: requests, href: '/admin/approvals', title: t('second') },
    {
      key: 'outside',
      count: outside.length,
      href: outside[0]
        ? { pathname: '/results/[agency]', params: { agency: outside[0].agencyId } }
        : '/results',
      title: t('outside'),
      detail: several(
        outside.map(({ vi, en, month, satisfied, side }) =>
          t('outsideOne', {
            name: locale === 'vi' ? vi : en,
            month: month.split('-').toReversed().join('/'),
            share: percent(locale, satisfied ?? 0),
            side,
          }),
        ),
      ),
    },
    {
      key: 'silent',
      count: silent.length,
      href: '/admin/survey/kiosks',
      title: t('silent', { days: SILENT_DAYS }),
      detail: several(silent.map(({ counter }) => counter)),
    },
    ...drafts.map(({ version, problems, drifted, newerBase }): Item => {
      const details = [
        ...(problems > 0 ? [t('draftProblems', { count: problems })] : []),
        ...(drifted > 0 ? [t('draftDrifted', { count: drifted })] : []),
        ...(newerBase === null ? [] : [t('draftNewer', { version: newerBase })]),
      ]
      return {
        key: `draft-${version}`,
        count: 1,
        href: {
          pathname: '/admin/survey/questionnaires/[version]',
          params: { version: String(version) },
        },
        title: t('draft', { version }),
        ...(details.length > 0 && { detail: details.join(' ') }),
      }
    }),
  ]
}

async function AnswerDays({ days }: Pick<SurveyWaiting, 'days'>) {
  const [t, format] = await Promise.all([getTranslations('survey-admin.days'), getFormatter()])
  const short = (day: string) => `${Number(day.slice(8))}/${Number(day.slice(5, 7))}`
  const bars = days.map(({ day, answers }, at) => ({
    key: day,
    label: (days.length - 1 - at) % 5 === 0 ? short(day) : null,
    parts: [answers, 0] as const,
  }))
  const sum = days.reduce((all, { answers }) => all + answers, 0)
  if (sum === 0) {
    return (
      <section className="stack" aria-labelledby="days" data-answer-days={sum}>
        <h2 id="days">{t('title', { count: days.length })}</h2>
        <p className="text-soft">{t('none')}</p>
      </section>
    )
  }
  return (
    <section className="stack" aria-labelledby="days" data-answer-days={sum}>
      <h2 id="days">{t('title', { count: days.length })}</h2>
      <p className="text-soft">{t('lead', { count: format.number(sum) })}</p>
      <figure className="rounded-card border border-line bg-card p-3 sm:p-5">
        <div className="sm:hidden">
          <CountChart label={t('chart')} bars={bars.slice(-14)} width={330} height={180} />
        </div>
        <div className="hidden sm:block">
          <CountChart label={t('chart')} bars={bars} width={960} height={200} />
        </div>
      </figure>
      <Details summary={t('table')}>
        <Table
          caption={t('title', { count: days.length })}
          captionHidden
          phone="scroll"
          columns={[
            { head: t('day'), cell: ({ day }) => day.split('-').toReversed().join('/') },
            {
              head: t('answers'),
              align: 'end',
              cell: ({ answers, few }) => (few ? <Tag tone="plain">{t('few')}</Tag> : format.number(answers)),
            },
          ]}
          rows={days.toReversed()}
          keyOf={({ day }) => day}
        />
      </Details>
    </section>
  )
}
