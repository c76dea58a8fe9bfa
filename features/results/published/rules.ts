import { canonicalJson } from '#lib/canonical-json.ts'
import { addMilliseconds, type Instant, MINUTE } from '#lib/time.ts'
import type { PublicPart } from '../parts/rules.ts'
import { type Month, monthOf } from '../rules.ts'
import type { ByChannel, ByCode } from '../splits/rules.ts'
import { type Counts, total } from '../tally-rules.ts'

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

const isLess = (before: Counts, after: Counts = {}): boolean =>
  Object.entries(before).some(([option, count]) => (after[option] ?? 0) < count)

/** For this long after its end a month may still get answers that were on their way to the database. */
const GRACE = 10 * MINUTE

/**
 * Returns why releases alone cannot explain the change of a table, since they only add to the current month: its month
 * is `past`, or it has `less` answers. Null where they can explain it. Ignores weeks of kiosks, which two people may
 * remove.
 *
 * @param before null where the table is new
 * @param lastLooked when all tables were last compared with the log; null for never
 */
export function changeFault(
  before: AgencyTable | null,
  after: AgencyTable,
  lastLooked: Instant | null,
): 'past' | 'less' | null {
  const now = new Map(after.questions.map((one) => [keyOf(one), one]))
  const less =
    (before?.sameNetwork ?? 0) > after.sameNetwork ||
    before?.questions.some((one) => {
      const then = now.get(keyOf(one))
      return (then?.respondents ?? 0) < one.respondents || isLess(one.counts, then?.counts)
    })
  if (less) return 'less'
  // Nothing is less, so that equal sums mean equal numbers.
  const sum = (table: AgencyTable | null) =>
    (table?.questions ?? []).reduce(
      (all, { respondents, counts }) => all + respondents + total(counts),
      table?.sameNetwork ?? 0,
    )
  const isOver = lastLooked !== null && after.month < monthOf(addMilliseconds(lastLooked, -GRACE))
  return isOver && sum(before) !== sum(after) ? 'past' : null
}

/** The headline of one agency by dossier code, channel and part, and the answers of invited people. */
export interface SplitTable {
  readonly codes: ByCode
  readonly channels: ByChannel
  readonly parts?: readonly Omit<PublicPart, 'agencyId'>[]
  readonly invited?: readonly object[]
}

/** Checks whether releases cannot explain the change of a table of splits: they only add, and invited people answer once. */
export function splitFault(before: SplitTable, after: SplitTable): boolean {
  const countsOf = ({ codes, channels, parts = [] }: SplitTable) =>
    new Map<string, Counts>([
      ...Object.entries(codes),
      ...Object.entries(channels),
      ...parts.map(({ facet, value, counts }) => [`${facet} ${value}`, counts] as const),
    ])
  const now = countsOf(after)
  const invited = new Set(after.invited?.map(canonicalJson))
  return (
    [...countsOf(before)].some(([part, counts]) => isLess(counts, now.get(part))) ||
    (before.invited ?? []).some((cell) => !invited.has(canonicalJson(cell)))
  )
}
