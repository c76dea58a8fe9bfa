import { addMilliseconds, DAY, type Instant } from '#lib/time.ts'
import { appealUntil, reopenUntil, reviewUntil } from '../clocks/rules.ts'
import type { DecisionKind } from '../letters/rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'

/** The laws for complaints and suits against a decision of police, from the settings, with their terms. */
export interface RemedyLaws {
  readonly complaint: string
  /** Days for the first complaint, to the head of the unit that decided, and for the second one, to the level above. */
  readonly complaintDays: number
  readonly secondDays: number
  readonly suit: string
  readonly suitDays: number
}

/** One remedy against a decision; `until` is null if its days count from the letter's service. */
export type Remedy =
  | { readonly kind: 'appeal' | 'review'; readonly until: Instant | null }
  | { readonly kind: 'reopen'; readonly until: Instant }
  | { readonly kind: 'ask_unblock' | 'ask_data' | 'report_again' }
  | {
      readonly kind: 'complain'
      readonly until: Instant | null
      readonly basis: string
      readonly days: number
      readonly secondDays: number
      readonly level: 'unit' | 'city'
    }
  | { readonly kind: 'sue'; readonly until: Instant | null; readonly basis: string; readonly days: number }

export interface Decided {
  readonly kind: DecisionKind
  readonly heardAt: Instant | null
  readonly level: 'unit' | 'city'
}

/** Returns when the time to appeal against a rejection begins; null if its person has not been told of it yet. */
export const appealBegins = (
  c: Pick<CaseSnapshot, 'heardAt' | 'unheardSeq' | 'rejectedAt'>,
): Instant | null => c.heardAt ?? (c.unheardSeq === null ? c.rejectedAt : null)

/** Checks whether a rejection can be appealed against: once, within its time. */
export function appealOpen(
  c: Pick<CaseSnapshot, 'state' | 'appealedAt' | 'rejectedAt' | 'heardAt' | 'unheardSeq'>,
  now: Instant,
): boolean {
  if (c.state !== 'rejected' || c.appealedAt !== null || c.rejectedAt === null) return false
  const begins = appealBegins(c)
  return begins === null || now <= appealUntil(begins)
}

/** Checks whether an answer still reopens a case that ended without one. */
export const reopenOpen = (c: Pick<CaseSnapshot, 'state' | 'closedAt'>, now: Instant): boolean =>
  c.state === 'expired' && c.closedAt !== null && now <= reopenUntil(c.closedAt)

/** Checks whether a block that was lifted for its holder can be reviewed: once, within its time. */
export const reviewOpen = (
  c: Pick<CaseSnapshot, 'overturnedAt' | 'reviewAskedAt' | 'closedAt'>,
  now: Instant,
): boolean =>
  c.overturnedAt !== null && c.reviewAskedAt === null && c.closedAt !== null && now <= reviewUntil(c.closedAt)

/**
 * Returns the remedies that a person still has against a decision: first the product's own, without those that are used or over,
 * then those by law.
 */
export function remediesOf(
  c: CaseSnapshot,
  { kind, heardAt, level }: Decided,
  laws: RemedyLaws,
  now: Instant,
): Remedy[] {
  const until = (days: number) => heardAt && addMilliseconds(heardAt, days * DAY)
  const own: Remedy[] = []
  if (kind === 'rejected' && appealOpen(c, now)) {
    const begins = appealBegins(c)
    own.push({ kind: 'appeal', until: begins && appealUntil(begins) })
  }
  if (kind === 'lift' && reviewOpen(c, now))
    own.push({ kind: 'review', until: c.closedAt && reviewUntil(c.closedAt) })
  if (kind === 'unblock_refused') own.push({ kind: 'ask_unblock' })
  if (kind === 'data_refused') own.push({ kind: 'ask_data' })
  if (kind === 'expired' && c.closedAt !== null && reopenOpen(c, now))
    own.push({ kind: 'reopen', until: reopenUntil(c.closedAt) })
  if (
    (kind === 'expired' && c.state === 'expired' && own.length === 0) ||
    kind === 'withdrawn' ||
    (kind === 'rejected' && own.length === 0)
  )
    own.push({ kind: 'report_again' })
  const byLaw: Remedy[] = [
    {
      kind: 'complain',
      until: until(laws.complaintDays),
      basis: laws.complaint,
      days: laws.complaintDays,
      secondDays: laws.secondDays,
      level,
    },
    { kind: 'sue', until: until(laws.suitDays), basis: laws.suit, days: laws.suitDays },
  ]
  return [...own, ...byLaw.filter((one) => !('until' in one) || one.until === null || now <= one.until)]
}
