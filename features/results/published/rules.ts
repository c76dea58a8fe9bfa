import type { Instant } from '#lib/time.ts'
import { type Month, monthOf } from '../rules.ts'
import type { Counts } from '../tally-rules.ts'

/** The answers to one question that were published at one agency, or at its kiosks, in a month. */
interface Counted {
  readonly questionnaire: number
  readonly question: string
  readonly respondents: number
  readonly counts: Counts
}

/** The public counts of one agency in one month, from which all of its figures are computed. */
export interface AgencyTable {
  readonly agency: string
  readonly month: Month
  readonly questions: readonly Counted[]
  /** The answers left out because their network already had one in the figures that day, rounded down to the ten. */
  readonly sameNetwork: number
  readonly kiosks: readonly (Counted & { readonly week: string })[]
}

const keyOf = ({ questionnaire, question }: Counted) => `${questionnaire} ${question}`

/**
 * Returns why releases alone cannot explain the change of a table, since they only add to the current month: its month
 * is `past`, or it has `less` answers. Null where they can explain it. Ignores weeks of kiosks, which two people may
 * remove.
 *
 * @param lastLooked when all tables were last compared with the log; null for never
 */
export function changeFault(
  before: AgencyTable,
  after: AgencyTable,
  lastLooked: Instant | null,
): 'past' | 'less' | null {
  const now = new Map(after.questions.map((one) => [keyOf(one), one]))
  const less = before.questions.some((one) => {
    const counts = now.get(keyOf(one))?.counts ?? {}
    return Object.entries(one.counts).some(([option, count]) => (counts[option] ?? 0) < count)
  })
  if (less) return 'less'
  const sum = ({ questions, sameNetwork }: AgencyTable) =>
    questions.reduce((all, { respondents }) => all + respondents, sameNetwork)
  const isOver = lastLooked !== null && before.month < monthOf(lastLooked)
  return isOver && sum(before) !== sum(after) ? 'past' : null
}
