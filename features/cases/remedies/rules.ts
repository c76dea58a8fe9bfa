import { addMilliseconds, DAY, type Instant } from '#lib/time.ts'
import { appealUntil, reopenUntil, reviewUntil } from '../clocks/rules.ts'
import type { DecisionKind } from '../letters/rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'

/** The laws by which a decision of the police can be complained against or sued over: settings, with their days. */
export interface RemedyLaws {
  readonly complaint: string
  /** Days for the first complaint, to the head of the unit that decided, and for the second one, to the level above. */
  readonly complaintDays: number
  readonly secondDays: number
  readonly suit: string
  readonly suitDays: number
}

/** One way that is open against a decision; `until` is null where its days are counted from the letter's service. */
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

/** Returns when the time to appeal against a rejection begins; null while its person has not been told of it. */
export const appealBegins = (
  c: Pick<CaseSnapshot, 'heardAt' | 'unheardSeq' | 'rejectedAt'>,
): Instant | null => c.heardAt ?? (c.unheardSeq === null ? c.rejectedAt : null)

/** Tells whether a rejection can be appealed against: once, within its time. */
export function appealOpen(
  c: Pick<CaseSnapshot, 'state' | 'appealedAt' | 'rejectedAt' | 'heardAt' | 'unheardSeq'>,
  now: Instant,
): boolean {
  if (c.state !== 'rejected' || c.appealedAt !== null || c.rejectedAt === null) return false
  const begins = appealBegins(c)
  return begins === null || now <= appealUntil(begins)
}

/** Tells whether an answer still reopens a case that ended without one. */
export const reopenOpen = (c: Pick<CaseSnapshot, 'state' | 'closedAt'>, now: Instant): boolean =>
  c.state === 'expired' && c.closedAt !== null && now <= reopenUntil(c.closedAt)

/** Tells whether a block that was lifted for its holder can be looked at again: once, within its time. */
export const reviewOpen = (
  c: Pick<CaseSnapshot, 'overturnedAt' | 'reviewAskedAt' | 'closedAt'>,
  now: Instant,
): boolean =>
  c.overturnedAt !== null && c.reviewAskedAt === null && c.closedAt !== null && now <= reviewUntil(c.closedAt)

/**
 * Returns what a person can still do against a decision: first by the product's own ways, never one that they have used or
 * that is over, then by law.
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
  // A way whose time is over is not offered.
  return [...own, ...byLaw.filter((one) => !('until' in one) || one.until === null || now <= one.until)]
}
