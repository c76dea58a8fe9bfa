import { addMilliseconds, DAY, endOfLocalDay, type Instant } from '#lib/time.ts'
import { appealUntil, reopenUntil, reviewUntil } from '../clocks/rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import type { CitizenEvent } from '../timeline/rules.ts'
import { appealBegins, appealOpen, type RemedyLaws, reopenOpen } from './rules.ts'

/** Every act that ends a case, an objection or a request; its person is told of each with one {@link LastBox}. */
export const FINAL_ACTS = [
  'rejected',
  'overruled',
  'expired',
  'withdrawn',
  'unblock_refused',
  'data_refused',
  'unblocked',
  'overturned',
  'objection_refused',
  'objection_reversed',
  'objection_expired',
] as const
type FinalAct = (typeof FINAL_ACTS)[number]

/**
 * The product's own remedy. It is open until a time, or it is `used` or `late`. Otherwise the person can ask `again`, or send a
 * `new_case` or `new_objection`.
 */
type OwnRemedy<Time = Instant> =
  | { readonly kind: 'appeal' | 'review' | 'renewal' | 'reopen'; readonly until: Time }
  | { readonly kind: 'used' | 'late' | 'again' | 'new_case' | 'new_objection' | 'none' }

/** The text that a person reads after a final act: the decision, its unit, its ground, and every remedy that is still open. */
export interface LastBox<Time = Instant> {
  readonly act: FinalAct
  readonly at: Time
  /** The unit that decided; null for city police. */
  readonly unitId: string | null
  readonly ground: string | null
  /** The phone was watched, not blocked. */
  readonly watched?: true
  /** The fate of the block that passed to another case, and when; `passed`: it passed when this case ended. */
  readonly since?: { readonly block: 'passed' | 'final' | 'lifted'; readonly at: Time }
  readonly own: OwnRemedy<Time>
  /** The last moment for the first complaint, and for going to court; null once it is over. */
  readonly complaintUntil: Time | null
  readonly courtUntil: Time | null
  readonly laws: RemedyLaws
}

export function keptBox({ at, own, since, complaintUntil, courtUntil, ...box }: LastBox): LastBox<string> {
  return {
    ...box,
    at: at.toISOString(),
    ...(since && { since: { ...since, at: since.at.toISOString() } }),
    own: 'until' in own ? { ...own, until: own.until.toISOString() } : own,
    complaintUntil: complaintUntil?.toISOString() ?? null,
    courtUntil: courtUntil?.toISOString() ?? null,
  }
}

interface Unit {
  readonly kind: string
  readonly nameVi: string
  readonly nameEn: string
}

/** Returns the names of the unit that decided; null for city police, in whose name their desks decide. */
export function unitOfDecision(
  units: ReadonlyMap<string, Unit>,
  unitId: string | null,
): Pick<Unit, 'nameVi' | 'nameEn'> | null {
  const unit = units.get(unitId ?? '')
  if (unit === undefined || unit.kind === 'city' || unit.kind === 'desk') return null
  const { nameVi, nameEn } = unit
  return { nameVi, nameEn }
}

/** Returns the last moment of a term of days; the day on which it begins does not count. */
const lastOfDays = (from: Instant, days: number): Instant =>
  addMilliseconds(endOfLocalDay(addMilliseconds(from, days * DAY)), -1)

export function remediesAtLaw(
  from: Instant,
  laws: RemedyLaws,
  now: Instant,
): Pick<LastBox, 'complaintUntil' | 'courtUntil' | 'laws'> {
  const open = (until: Instant) => (now <= until ? until : null)
  return {
    complaintUntil: open(lastOfDays(from, laws.complaintDays)),
    courtUntil: open(lastOfDays(from, laws.suitDays)),
    laws,
  }
}

/** Returns a remedy of the product while its time runs, `late` after that, and `used` if the person has had it. */
export function onceUntil(
  kind: 'appeal' | 'review' | 'renewal',
  { used, until, now }: { readonly used: boolean; readonly until: Instant; readonly now: Instant },
): OwnRemedy {
  if (used) return { kind: 'used' }
  return now > until ? { kind: 'late' } : { kind, until }
}

/** The moves that end something for the person of the case; an unblock ends with the last carrier. */
const FINAL: ReadonlyMap<string, FinalAct> = new Map(
  Object.entries({
    reject: 'rejected',
    refuse_counterclaim: 'rejected',
    overruled: 'overruled',
    expire: 'expired',
    finish_withdrawal: 'withdrawn',
    refuse_unblock: 'unblock_refused',
    refuse_data_request: 'data_refused',
    carriers_lifted: 'unblocked',
  } satisfies Partial<Record<CitizenEvent['move'], FinalAct>>),
)

/** The reason code of a case that left its block to another when it was withdrawn or expired in a conflict. */
export const BLOCK_PASSED = 'block_passed'

type Ended = Pick<CitizenEvent, 'at' | 'by' | 'unitId' | 'reasonCode'> & { readonly move: string }
type Remedied = Pick<
  CaseSnapshot,
  | 'state'
  | 'unitId'
  | 'rejectedAt'
  | 'heardAt'
  | 'unheardSeq'
  | 'appealedAt'
  | 'closedAt'
  | 'overturnedAt'
  | 'reviewAskedAt'
  | 'unblockReason'
  | 'watchUntil'
>

/**
 * Returns the box of an event that ends something; null for any other event.
 *
 * @param c the case after the event
 * @param approved for an unblock that has ended: its approval, whose maker decided it
 */
export function boxOf(
  c: Remedied,
  event: Ended,
  approved: Pick<Ended, 'by' | 'unitId'> | undefined,
  laws: RemedyLaws,
  now: Instant,
): LastBox | null {
  const ends = FINAL.get(event.move)
  if (ends === undefined) return null
  const act = ends === 'unblocked' && c.overturnedAt !== null ? 'overturned' : ends
  const decider = approved ?? event
  return {
    act,
    at: event.at,
    unitId: decider.by === 'city' ? null : decider.by === 'district' ? decider.unitId : c.unitId,
    ground: act === 'unblocked' ? c.unblockReason : event.reasonCode,
    ...(c.watchUntil !== null && (ends === 'unblock_refused' || ends === 'unblocked') && { watched: true }),
    ...(event.reasonCode === BLOCK_PASSED && { since: { block: 'passed', at: event.at } }),
    own: ownRemedy(c, act, event.at, now),
    ...remediesAtLaw(knownSince(c, event.at, now), laws, now),
  }
}

/**
 * Returns since when a decision is known. A letter that was served later begins its terms; if nobody was told, they begin now.
 */
const knownSince = ({ heardAt, unheardSeq }: Remedied, at: Instant, now: Instant): Instant =>
  heardAt !== null && heardAt > at ? heardAt : unheardSeq === null ? at : now

function ownRemedy(c: Remedied, act: FinalAct, at: Instant, now: Instant): OwnRemedy {
  switch (act) {
    case 'rejected':
    case 'overruled':
      if (c.appealedAt !== null) return { kind: 'used' }
      return appealOpen(c, now)
        ? { kind: 'appeal', until: appealUntil(appealBegins(c) ?? now) }
        : { kind: 'late' }
    case 'overturned':
      return onceUntil('review', {
        used: c.reviewAskedAt !== null,
        until: reviewUntil(c.closedAt ?? at),
        now,
      })
    case 'expired':
      return reopenOpen(c, now)
        ? { kind: 'reopen', until: reopenUntil(c.closedAt ?? at) }
        : { kind: 'new_case' }
    case 'unblock_refused':
    case 'data_refused':
      return { kind: 'again' }
    case 'unblocked':
      return { kind: 'none' }
    default:
      return { kind: 'new_case' }
  }
}

/** The acts by which a block can pass to another case. */
const PASSES: readonly FinalAct[] = ['overruled', 'withdrawn', 'expired']

/** Returns what happened to the block that passed on from this case, from its events, newest first. */
function blockSince({ act, at }: LastBox, events: readonly CitizenEvent[]): Pick<LastBox, 'since'> {
  const told = events.find(({ move }) => move === 'other_block_final' || move === 'other_block_lifted')
  if (!PASSES.includes(act) || told === undefined || told.at < at) return {}
  return { since: { block: told.move === 'other_block_final' ? 'final' : 'lifted', at: told.at } }
}

/** Moves that change the state after an end without undoing the end. */
const ENDS_STAND: readonly string[] = ['carriers_applied']
/** Moves about data after which an earlier refusal is no longer the last word. */
const ASKS_AGAIN: readonly string[] = ['ask_correction', 'ask_erasure', 'grant_data_request']

/**
 * Returns the boxes of every end that is still valid: of the case itself, and of a request about data.
 *
 * @param events ordered newest first
 */
export function lastBoxes(
  c: Remedied,
  events: readonly CitizenEvent[],
  laws: RemedyLaws,
  now: Instant,
): LastBox[] {
  const moved = events.find(({ from, to, move }) => from !== to && !ENDS_STAND.includes(move))
  const inForce = c.state === 'blocking' || c.state === 'blocked'
  const stands = moved && (moved.to === c.state || (moved.move === 'refuse_unblock' && inForce))
  const asked = events.find(({ move }) => move === 'refuse_data_request' || ASKS_AGAIN.includes(move))
  const approved =
    moved?.move === 'carriers_lifted' ? events.find(({ move }) => move === 'approve_unblock') : undefined
  const ended = stands ? boxOf(c, moved, approved, laws, now) : null
  return [
    ended && { ...ended, ...blockSince(ended, events) },
    ...(asked ? [boxOf(c, asked, undefined, laws, now)] : []),
  ].filter((box) => box !== null)
}
