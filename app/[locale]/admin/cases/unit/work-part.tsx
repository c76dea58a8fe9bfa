import { getLocale, getTranslations } from 'next-intl/server'
import { Details } from '#components/ui/details.tsx'
import { Table } from '#components/ui/table.tsx'
import type { Board } from '#features/cases/queries/unit.ts'
import type { Period } from '#features/cases/rules/supervision.ts'
import type { Work } from '#features/cases/rules/work.ts'
import { CountChart } from '#features/statistics/charts.tsx'
import { formatDate } from '#messages/dates.ts'
import { Legend } from './legend.tsx'

/** Shows the decisions of each day, in time and late. */
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
                { key: 'day', label: t('day') },
                { key: 'on_time', label: t('on_time'), align: 'end' },
                { key: 'late', label: t('late'), align: 'end' },
              ]}
              rows={days.map(({ day, onTime, late }) => ({
                key: day,
                cells: { day: formatDate(locale, day), on_time: onTime, late },
              }))}
            />
          </Details>
        </>
      ) : (
        <p className="text-soft">{t('none')}</p>
      )}
    </section>
  )
}

const COLUMNS = ['first', 'decided', 'asked', 'rejected', 'sent_back', 'quick', 'appeals'] as const

/** Shows what each person did, of how many: the share that is in time, sent back, quick, wrong on appeal. */
export async function WorkPart({ board, period }: { readonly board: Board; readonly period: Period }) {
  const t = await getTranslations('unit.work')
  const cells = ({ counts: c }: Work) => {
    const of = (part: number, other: number) =>
      part + other === 0 ? '–' : t('of', { part, all: part + other })
    return {
      first: of(c.first_on_time, c.first_late),
      decided: of(c.decided_on_time, c.decided_late),
      asked: c.asked_more,
      rejected: c.rejected,
      sent_back: c.sent_back,
      quick: of(c.quick, c.on_proof - c.quick),
      appeals: of(c.appeal_upheld, c.appeal_refused),
    }
  }
  return (
    <section className="stack" id="work">
      <h2>{t('title')}</h2>
      <p>{t('text')}</p>
      <Table
        caption={t('caption', { days: period })}
        captionHidden
        phone="scroll"
        columns={[
          { key: 'person', label: t('person') },
          ...COLUMNS.map((key) => ({ key, label: t(key), align: 'end' as const })),
        ]}
        rows={[
          ...board.people.map(({ id, name, work }) => ({
            key: id,
            marks: {
              'data-work': id,
              'data-quick': work.counts.quick,
              'data-sent-back': work.counts.sent_back,
            },
            cells: { person: name, ...cells(work) },
          })),
          { key: 'others', cells: { person: t('others'), ...cells(board.others) } },
          { key: 'total', cells: { person: <b>{t('total')}</b>, ...cells(board.total) } },
        ]}
      />
    </section>
  )
}

/** Shows for what reasons the unit asked for more and rejected. */
export async function ReasonsPart({ work }: { readonly work: Work }) {
  const [t, codes] = await Promise.all([getTranslations('unit.reasons'), getTranslations('case-staff.code')])
  const rowsOf = (kind: 'asked_is' | 'rejected_is', counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .toSorted(([, a], [, b]) => b - a)
      .map(([code, count]) => ({
        key: `${kind} ${code}`,
        marks: { 'data-reason': code, 'data-count': count },
        cells: { reason: t(kind, { reason: codes(code as 'other') }), count },
      }))
  const rows = [...rowsOf('rejected_is', work.rejected), ...rowsOf('asked_is', work.askedMore)]
  return (
    <section className="stack" id="reasons">
      <h2>{t('title')}</h2>
      {rows.length === 0 ? (
        <p className="text-soft">{t('none')}</p>
      ) : (
        <Table
          caption={t('caption')}
          captionHidden
          phone="scroll"
          columns={[
            { key: 'reason', label: t('reason') },
            { key: 'count', label: t('count'), align: 'end' },
          ]}
          rows={rows}
        />
      )}
    </section>
  )
}
