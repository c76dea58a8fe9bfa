import { getFormatter, getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Details } from '#components/ui/details.tsx'
import { Link } from '#components/ui/link.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { type SurveyWaiting, WAITING_MOST } from '#features/city-report/page-data.ts'
import { SILENT_DAYS } from '#features/kiosks/rules.ts'
import { HELD_DAYS } from '#features/ratings/comments/reading-data.ts'
import { percent } from '#features/results/rules.ts'
import { CountChart } from '#features/statistics/charts.tsx'
import type { Route } from '#messages/paths.ts'

interface Item {
  readonly key: string
  readonly count: number
  readonly href: Route
  readonly title: string
  readonly detail?: ReactNode
  readonly late?: boolean
}

const NAMED = 3

export async function Waiting({ waiting }: { readonly waiting: SurveyWaiting }) {
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

export async function AnswerDays({ days }: Pick<SurveyWaiting, 'days'>) {
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
