import { getLocale, getTranslations } from 'next-intl/server'
import { Details } from '#components/ui/details.tsx'
import { Table } from '#components/ui/table.tsx'
import type { Board } from '#features/cases/board/page-data.ts'
import type { BoardPeriod } from '#features/cases/board/rules.ts'
import { CountChart } from '#features/statistics/charts.tsx'
import { formatDate } from '#messages/dates.ts'
import { Legend } from './legend.tsx'

export async function ClocksPart({ board }: { readonly board: Board }) {
  const [t, lang] = await Promise.all([getTranslations('unit.clocks'), getLocale()])
  const locale = lang === 'en' ? 'en' : 'vi'
  const { days } = board
  const some = days.some(({ onTime, late }) => onTime + late > 0)
  const barsOf = (shown: Board['days'], every: number) =>
    shown.map(({ day, onTime, late }, at) => ({
      key: day,
      label: (shown.length - 1 - at) % every === 0 ? day.slice(5).split('-').reverse().join('/') : null,
      parts: [onTime, late] as const,
    }))
  return (
    <section className="stack" id="clocks">
      <h2>{t('title')}</h2>
      <p>{t('text')}</p>
      {some ? (
        <>
          <figure className="stack rounded-card border border-line bg-card p-3 sm:p-5">
            <div className="sm:hidden">
              <CountChart label={t('chart')} bars={barsOf(days.slice(-7), 2)} width={330} height={230} />
            </div>
            <div className="hidden sm:block">
              <CountChart
                label={t('chart')}
                bars={barsOf(days, days.length > 7 ? 4 : 1)}
                width={960}
                height={240}
              />
            </div>
            <Legend
              parts={[
                { fill: 'fill-teal', label: t('on_time') },
                { fill: 'fill-edge', label: t('late') },
              ]}
            />
          </figure>
          <Details summary={t('days_table')}>
            <Table
              caption={t('caption')}
              captionHidden
              phone="scroll"
              columns={[
                { head: t('day'), cell: ({ day }) => formatDate(locale, day) },
                { head: t('on_time'), align: 'end', cell: ({ onTime }) => onTime },
                { head: t('late'), align: 'end', cell: ({ late }) => late },
              ]}
              rows={days}
              keyOf={({ day }) => day}
            />
          </Details>
        </>
      ) : (
        <p className="text-soft">{t('none')}</p>
      )}
    </section>
  )
}

/** Shows each person's work: the shares that were in time, sent back, quick, and overturned on appeal. */
export async function WorkPart({ board, period }: { readonly board: Board; readonly period: BoardPeriod }) {
  const t = await getTranslations('unit.work')
  const of = (part: number, other: number) =>
    part + other === 0 ? '–' : t('of', { part, all: part + other })
  return (
    <section className="stack" id="work">
      <h2>{t('title')}</h2>
      <p>{t('text')}</p>
      <Table
        caption={t('caption', { days: period })}
        captionHidden
        phone="scroll"
        columns={[
          { head: t('person'), cell: ({ name }) => name },
          {
            head: t('first'),
            align: 'end',
            cell: ({ work: { counts: c } }) => of(c.first_on_time, c.first_late),
          },
          {
            head: t('decided'),
            align: 'end',
            cell: ({ work: { counts: c } }) => of(c.decided_on_time, c.decided_late),
          },
          { head: t('asked'), align: 'end', cell: ({ work }) => work.counts.asked_more },
          { head: t('rejected'), align: 'end', cell: ({ work }) => work.counts.rejected },
          { head: t('sent_back'), align: 'end', cell: ({ work }) => work.counts.sent_back },
          {
            head: t('quick'),
            align: 'end',
            cell: ({ work: { counts: c } }) => of(c.quick, c.on_proof - c.quick),
          },
          {
            head: t('appeals'),
            align: 'end',
            cell: ({ work: { counts: c } }) => of(c.appeal_upheld, c.appeal_refused),
          },
        ]}
        rows={[
          ...board.people,
          { id: null, name: t('others'), work: board.others },
          { id: null, name: <b>{t('total')}</b>, work: board.total },
        ]}
        keyOf={({ id }, index) => id ?? String(index)}
        marks={({ id, work: { counts } }) =>
          id === null
            ? {}
            : { 'data-work': id, 'data-quick': counts.quick, 'data-sent-back': counts.sent_back }
        }
      />
    </section>
  )
}
