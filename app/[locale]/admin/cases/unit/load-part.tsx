import { getLocale, getTranslations } from 'next-intl/server'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { isWaiting } from '#features/accounts/rules.ts'
import type { BoardPerson } from '#features/cases/board/page-data.ts'
import { DAY, type Instant } from '#lib/time.ts'
import { formatDate, formatInstant } from '#messages/dates.ts'
import { Legend } from './legend.tsx'
import { LoadChart } from './load-chart.tsx'

export async function LoadPart({
  people,
  now,
}: {
  readonly people: readonly BoardPerson[]
  readonly now: Instant
}) {
  const [t, roles] = await Promise.all([getTranslations('unit'), getTranslations('admin.role')])
  if (people.length === 0) return <EmptyState title={t('load.nobody')} />
  // What waits for others is nobody's load.
  const bars = people.map(({ id, name, load }) => ({
    key: id,
    name,
    ...load,
    open: load.open - load.waiting,
  }))
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
          {
            head: t('load.person'),
            cell: (person) => (
              <>
                {person.name}
                <span className="block text-sm font-normal text-soft">{roles(person.role)}</span>
              </>
            ),
          },
          { head: t('load.state'), cell: (person) => <PersonState person={person} now={now} /> },
          { head: t('load.todo'), align: 'end', cell: (person) => person.load.open - person.load.waiting },
          { head: t('load.waiting'), align: 'end', cell: (person) => person.load.waiting },
          { head: t('load.done'), align: 'end', cell: (person) => person.done },
          {
            head: t('load.overdue'),
            align: 'end',
            cell: (person) =>
              person.load.overdue > 0 ? <b className="text-red">{person.load.overdue}</b> : 0,
          },
          { head: t('load.today'), align: 'end', cell: (person) => person.load.today },
          {
            head: t('load.oldest'),
            align: 'end',
            cell: (person) =>
              person.load.oldest &&
              t('load.age', { days: Math.floor((now.getTime() - person.load.oldest.getTime()) / DAY) }),
          },
        ]}
        rows={people}
        keyOf={(person) => person.id}
        marks={(person) => ({
          'data-person': person.id,
          'data-open': person.load.open,
          'data-waiting': person.load.waiting,
          'data-done': person.done,
          'data-overdue': person.load.overdue,
        })}
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
