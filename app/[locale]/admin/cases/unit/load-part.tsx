import { getLocale, getTranslations } from 'next-intl/server'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { isWaiting } from '#features/accounts/rules/waiting.ts'
import type { BoardPerson } from '#features/cases/queries/unit.ts'
import { DAY, type Instant } from '#lib/time.ts'
import { formatDate, formatInstant } from '#messages/dates.ts'
import { Legend } from './legend.tsx'
import { LoadChart } from './load-chart.tsx'

/** Shows who has how many cases, how old and how late they are. */
export async function LoadPart({
  people,
  now,
}: {
  readonly people: readonly BoardPerson[]
  readonly now: Instant
}) {
  const [t, roles] = await Promise.all([getTranslations('unit'), getTranslations('admin.role')])
  if (people.length === 0) return <EmptyState title={t('load.nobody')} />
  const bars = people.map(({ id, name, load }) => ({ key: id, name, ...load }))
  return (
    <section className="stack" id="load">
      <h2>{t('load.title')}</h2>
      <p>{t('load.text')}</p>
      <figure className="stack rounded-card border border-line bg-card p-3 sm:p-5">
        <LoadChart label={t('load.chart')} bars={bars} />
        <Legend
          parts={[
            { fill: 'fill-red', label: t('load.chart_overdue') },
            { fill: 'fill-teal', label: t('load.chart_open') },
          ]}
        />
      </figure>
      <Table
        caption={t('load.caption')}
        captionHidden
        columns={[
          { key: 'person', label: t('load.person') },
          { key: 'state', label: t('load.state') },
          { key: 'open', label: t('load.open'), align: 'end' },
          { key: 'overdue', label: t('load.overdue'), align: 'end' },
          { key: 'today', label: t('load.today'), align: 'end' },
          { key: 'oldest', label: t('load.oldest'), align: 'end' },
        ]}
        rows={people.map((person) => ({
          key: person.id,
          marks: {
            'data-person': person.id,
            'data-open': person.load.open,
            'data-overdue': person.load.overdue,
          },
          cells: {
            person: (
              <>
                {person.name}
                <span className="block text-sm font-normal text-soft">{roles(person.role)}</span>
              </>
            ),
            state: <PersonState person={person} now={now} />,
            open: person.load.open,
            overdue: person.load.overdue > 0 ? <b className="text-red">{person.load.overdue}</b> : 0,
            today: person.load.today,
            oldest:
              person.load.oldest &&
              t('load.age', { days: Math.floor((now.getTime() - person.load.oldest.getTime()) / DAY) }),
          },
        }))}
      />
    </section>
  )
}

async function PersonState({ person, now }: { readonly person: BoardPerson; readonly now: Instant }) {
  const [t, lang] = await Promise.all([getTranslations('unit.state'), getLocale()])
  const locale = lang === 'en' ? 'en' : 'vi'
  if (!person.canSignIn) return <Tag tone="wait">{t('invited')}</Tag>
  if (person.absentUntil !== null)
    return <Tag tone="wait">{t('absent', { date: formatDate(locale, person.absentUntil) })}</Tag>
  if (isWaiting(person, now))
    return <Tag tone="wait">{t('waiting', { time: formatInstant(locale, person.decidesFrom, 'stamp') })}</Tag>
  const [coming] = person.absences
  if (coming) return <>{t('coming', { date: formatDate(locale, coming.from) })}</>
  return <>{t('present')}</>
}
