import { getLocale, getTranslations } from 'next-intl/server'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { isInWaitingPeriod } from '#features/accounts/rules.ts'
import type { BoardPerson } from '#features/cases/board/page-data.ts'
import { DAY, type Instant } from '#lib/time.ts'
import { formatDate, formatInstant } from '#messages/dates.ts'
import { Legend } from './legend.tsx'

export async function LoadPart({
  people,
  now,
}: {
  readonly people: readonly BoardPerson[]
  readonly now: Instant
}) {
  const [t, roles] = await Promise.all([getTranslations('unit'), getTranslations('admin.role')])
  if (people.length === 0) return <EmptyState title={t('load.nobody')} />
  // Cases that wait for other people are not part of a person's load.
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
              person.load.oldest && (
                <span className="whitespace-nowrap">
                  {t('load.age', { days: Math.floor((now.getTime() - person.load.oldest.getTime()) / DAY) })}
                </span>
              ),
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

interface LoadChartProps {
  readonly label: string
  readonly bars: readonly {
    readonly key: string
    readonly name: string
    readonly open: number
    readonly overdue: number
  }[]
}

const ROW = 34

/** Draws each person's load as a bar, the overdue part first. It is drawn for two widths, so that its text is never too small. */
function LoadChart({ label, bars }: LoadChartProps) {
  return (
    <>
      <div className="sm:hidden">
        <Drawing label={label} bars={bars} width={330} names={0} />
      </div>
      <div className="hidden sm:block">
        <Drawing label={label} bars={bars} width={720} names={200} />
      </div>
    </>
  )
}

/**
 * Uses attributes and classes only, because the content security policy allows no inline styles. `names` is the width of the
 * names beside the bars; 0 puts them above.
 */
function Drawing({
  label,
  bars,
  width,
  names,
}: LoadChartProps & { readonly width: number; readonly names: number }) {
  const row = names === 0 ? ROW + 14 : ROW
  const most = Math.max(10, ...bars.map(({ open }) => open))
  const scale = (count: number) => Math.round((count / most) * (width - names - 48) * 10) / 10
  const top = names === 0 ? 20 : 8
  return (
    <svg
      viewBox={`0 0 ${width} ${bars.length * row + 4}`}
      className="block h-auto w-full"
      role="img"
      aria-label={label}
    >
      {bars.map(({ key, name, open, overdue }, at) => (
        <g key={key}>
          <text x="0" y={at * row + (names === 0 ? 14 : 22)} className="fill-ink" fontSize="14">
            {shorten(name, names === 0 ? 40 : 30)}
          </text>
          <rect
            x={names}
            y={at * row + top}
            width={Math.max(scale(open), 1)}
            height="18"
            className={open === 0 ? 'fill-line' : 'fill-teal'}
          />
          <rect x={names} y={at * row + top} width={scale(overdue)} height="18" className="fill-red" />
          <text x={names + scale(open) + 8} y={at * row + top + 14} className="fill-soft" fontSize="14">
            {open}
          </text>
        </g>
      ))}
    </svg>
  )
}

const shorten = (name: string, most: number): string =>
  name.length > most ? `${name.slice(0, most - 1)}…` : name

async function PersonState({ person, now }: { readonly person: BoardPerson; readonly now: Instant }) {
  const [t, lang] = await Promise.all([getTranslations('unit.state'), getLocale()])
  const locale = lang === 'en' ? 'en' : 'vi'
  if (!person.canSignIn) return <Tag tone="wait">{t('invited')}</Tag>
  if (person.absentUntil !== null)
    return <Tag tone="wait">{t('absent', { date: formatDate(locale, person.absentUntil) })}</Tag>
  if (isInWaitingPeriod(person, now))
    return <Tag tone="wait">{t('waiting', { time: formatInstant(locale, person.decidesFrom, 'stamp') })}</Tag>
  const [coming] = person.absences
  if (coming) return <>{t('coming', { date: formatDate(locale, coming.from) })}</>
  return <>{t('present')}</>
}
