import { View } from '@react-pdf/renderer'
import { createElement as h, type ReactElement } from 'react'
import { say, styles, table, title } from '#components/paper/parts.ts'
import type { BreakEvent, ReportBreak } from '../../rules/report-breaks.ts'
import type { Words } from './words.ts'

/** The most reorganisations that are told one by one; more are counted, and the workbook has each. */
const MOST_LISTED = 6

/**
 * Returns the reorganisations within the trend and their legal basis, numbered as in the chart; nothing where there
 * were none.
 */
export function breaksTable(events: readonly BreakEvent[], w: Words): ReactElement[] {
  if (events.length === 0) return []
  const { t, date } = w
  return [
    h(View, { minPresenceAhead: 60 }, title(t('breaks.title'))),
    say(t('breaks.lead'), styles.lead),
    table({
      top: true,
      columns: [
        { label: t('breaks.number'), width: 7 },
        { label: t('column.date'), width: 14 },
        { label: t('breaks.what'), width: 44 },
        { label: t('breaks.basis'), width: 35 },
      ],
      rows: events.map(({ on, basis, breaks }, at) => [
        String(at + 1),
        date(on),
        h(View, {}, ...told(breaks, w).map((line) => say(line))),
        basis,
      ]),
    }),
  ]
}

function told(breaks: readonly ReportBreak[], { t, of }: Words): string[] {
  if (breaks.length > MOST_LISTED) {
    const before = new Set(breaks.map(({ from }) => from.id)).size
    const after = new Set(breaks.flatMap(({ to }) => (to === null ? [] : [to.id]))).size
    return [t('breaks.many', { before, after })]
  }
  return breaks.map(({ kind, from, to }) =>
    t(`breaks.${to === null ? 'abolish' : kind}`, {
      from: of(from.vi, from.en),
      to: to === null ? '' : of(to.vi, to.en),
    }),
  )
}
