import type { KeptBecause } from '#features/privacy/erasure/rules.ts'
import type { DataRequestItem } from '#features/privacy/requests/rules.ts'
import { everyOf } from '#lib/every.ts'
import type { Instant } from '#lib/time.ts'
import { type KnownFacts, movesOpenTo } from '../moves/lifecycle-rules.ts'
import { askedByCitizen, type MoveWith, RULES } from '../moves/rules.ts'
import type { CitizenForm } from '../moves/spec-rules.ts'
import { WATCH } from '../moves/watch-rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { stateOf } from '../record/state-rules.ts'
import type { CitizenEvent } from '../timeline/rules.ts'

type ActOf<Kind extends 'case' | 'data'> = MoveWith<{ readonly form: { readonly act: Kind } }>
type CaseAct = ActOf<'case'>
export type DataAct = ActOf<'data'>
export type CitizenAct = CaseAct | DataAct

/**
 * The acts that a citizen can choose on the case page, by the names of its buttons (docs/interface.md, "Form fields"),
 * the most likely one first.
 */
export const CITIZEN_ACTS = everyOf<CaseAct>()([
  'give_imei',
  'allow_lookup',
  'reply',
  'answer_objection',
  'answer_conflict',
  'block',
  'add_facts',
  'add_imei',
  'prove_imei',
  'undo_withdraw',
  'undo_unblock',
  'watch',
  'request_unblock',
  'appeal',
  'withdraw',
])

export const DATA_ACTS = everyOf<DataAct>()(['ask_correction', 'withdraw_consent', 'ask_erasure'])

export interface DataFacts {
  readonly requests: readonly DataRequestItem[]
  /** The reason why the data cannot be erased now. */
  readonly kept: KeptBecause | null
  readonly consent: boolean
}

/** Tells whether a request of a kind waits for its answer; an erasure that was granted is not asked for again. */
export const dataRequestWaits = (requests: DataFacts['requests'], kind: DataRequestItem['kind']): boolean =>
  requests.some(
    (one) => one.kind === kind && (one.state === 'open' || kind === 'erase') && one.state !== 'refused',
  )

export function dataActsOpen({ requests, kept, consent }: DataFacts): DataAct[] {
  const isOpen: Readonly<Record<DataAct, boolean>> = {
    ask_correction: !dataRequestWaits(requests, 'correct'),
    withdraw_consent: consent,
    ask_erasure: kept === null && !dataRequestWaits(requests, 'erase'),
  }
  return DATA_ACTS.filter((act) => isOpen[act])
}

export const isDataAct = (value: string): value is DataAct => DATA_ACTS.some((act) => act === value)
export const isCitizenAct = (value: string): value is CitizenAct =>
  CITIZEN_ACTS.some((act) => act === value) || isDataAct(value)

/** The acts that police may write down for a citizen who comes to them (docs/interface.md, `act`). */
export const DESK_ACTS = everyOf<MoveWith<{ readonly atDesk: true }>>()([
  'reply',
  'answer_objection',
  'answer_conflict',
  'undo_withdraw',
  'undo_unblock',
  'request_unblock',
  'appeal',
  'allow_lookup',
  'ask_correction',
  'withdraw_consent',
  'ask_erasure',
  'withdraw',
])
export type DeskAct = (typeof DESK_ACTS)[number]
export type CaseDeskAct = Exclude<DeskAct, DataAct>

/**
 * The acts that police decide: the person who writes one down at the desk is not one of those who decide. A reply is none:
 * it answers police' own question, and the person who asked reads on from it.
 */
export const DECIDED_ACTS = [
  'answer_objection',
  'answer_conflict',
  'request_unblock',
  'appeal',
] as const satisfies DeskAct[]

export const isDeskAct = (move: string): move is DeskAct => DESK_ACTS.some((act) => act === move)

export const formOf = <A extends CitizenAct>(act: A): (typeof RULES)[A]['form'] => RULES[act].form

/**
 * Returns the acts that are possible now, the most likely one first. `events` are ordered newest first.
 *
 * @param known some number of a case in force is not blocked; the phone of a case that is over was reported anew
 */
export function actsOpen(
  c: CaseSnapshot,
  events: readonly { readonly move: string }[],
  now: Instant,
  known: Pick<KnownFacts, 'imeisWaiting' | 'reportedAnew' | 'mayWatch'> = {},
): CitizenAct[] {
  const open = movesOpenTo(c, { kind: 'citizen' }, now, CITIZEN_ACTS, {
    ...known,
    unblockAsked: askedByCitizen(events),
  }) as CitizenAct[]
  // Beside a question of the police, a second form that takes a photo looks like the answer and does not answer it.
  const form = (act: CitizenAct): CitizenForm => formOf(act)
  return open.some((act) => form(act).quotesQuestion) ? open.filter((act) => !form(act).asksForFacts) : open
}

export const MESSAGE_MAX = 4000

/**
 * Returns a case and its history as a code alone shows them: without the wish for a watch, and a watched phone as one that
 * waits for its second person. The code may have gone to the lost SIM, or to a mailbox that is open on the phone.
 */
export function withoutWatch(
  c: CaseSnapshot,
  events: readonly CitizenEvent[],
): { readonly snapshot: CaseSnapshot; readonly events: readonly CitizenEvent[] } {
  const told = events.filter(({ move }) => !Object.hasOwn(WATCH, move))
  if (c.watchUntil === null) {
    const { block } = stateOf(c.state)
    return { snapshot: c, events: block === 'undecided' || block === 'unapproved' ? told : events }
  }
  const since = Math.max(
    ...events.map(({ move, to, seq }) => (move === 'approve' && to === 'watching' ? seq : 0)),
  )
  const hidden = {
    watchAskedAt: null,
    watchUntil: null,
    approvedAt: null,
    unblockVerifiedById: null,
    unblockReason: null,
  }
  return {
    snapshot: { ...c, ...hidden, state: 'verified' },
    events: told.flatMap((event) =>
      event.seq < since
        ? event
        : event.from === event.to
          ? { ...event, from: 'verified', to: 'verified' }
          : [],
    ),
  }
}

/**
 * Returns the days that a reader of a case is told. By a code alone a watched phone looks like one that waits for its second
 * person: where phones may be watched no day is told of either, and of the clocks only what is overdue.
 */
export function daysTold<
  Clock extends { readonly overdue: boolean },
  Entry extends { readonly by: Instant | null },
  Late extends { readonly kind: string },
>(
  access: 'full' | 'status',
  { state }: Pick<CaseSnapshot, 'state'>,
  mayWatch: boolean,
  days: {
    readonly clocks: readonly Clock[]
    readonly next: readonly Entry[]
    readonly lateness: readonly Late[]
  },
): typeof days {
  if (access === 'full' || !mayWatch || state !== 'verified') return days
  return {
    clocks: days.clocks.filter(({ overdue }) => overdue),
    next: days.next.map((entry) => ({ ...entry, by: null })),
    lateness: days.lateness.filter(({ kind }) => kind !== 'unblock_decision'),
  }
}
