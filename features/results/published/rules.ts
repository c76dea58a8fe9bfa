import type { Instant } from '#lib/time.ts'
import { type Month, monthOf } from '../rules.ts'
import type { Counts } from '../tally-rules.ts'

/** Holds what of one question became public at one agency, or at its kiosks, in a month. */
interface Counted {
  readonly questionnaire: number
  readonly question: string
  readonly respondents: number
  readonly counts: Counts
}

/** The public counts of one agency in one month: all of its figures are worked out of these. */
export interface AgencyTable {
  readonly agency: string
  readonly month: Month
  readonly questions: readonly Counted[]
  /** Answers of a network that had one in the figures on the same day, down to the ten. */
  readonly sameNetwork: number
  readonly kiosks: readonly (Counted & { readonly week: string })[]
}

const keyOf = ({ questionnaire, question }: Counted) => `${questionnaire} ${question}`

/**
 * Says why a table cannot have become another one by releases alone, which add to the month that runs: its month is `past`, or
 * answers are `less`; null where it can. Weeks of kiosks are left out: two people may take them out.
 *
 * @param lastLooked when all tables were last compared with the log; null where they never were
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
