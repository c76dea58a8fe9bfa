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
  /** Why the data cannot be erased now; null if it can. */
  readonly kept: KeptBecause | null
  readonly consent: boolean
}

/** Tells whether a request of a kind waits for its answer. A granted erasure counts too, because it is not asked for again. */
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
  'add_imei',
  'tell_banks',
  'stop_banks',
  'ask_correction',
  'withdraw_consent',
  'ask_erasure',
  'withdraw',
])
export type DeskAct = (typeof DESK_ACTS)[number]
export type CaseDeskAct = Exclude<DeskAct, DataAct>

/**
 * The acts that police decide. An officer who writes one down at the desk may not decide it. A reply is not among them: it
 * answers the police's own question, and the officer who asked continues from it.
 */
export const DECIDED_ACTS = [
  'answer_objection',
  'answer_conflict',
  'request_unblock',
  'appeal',
  'add_imei',
] as const satisfies DeskAct[]

/**
 * The acts that change what others are told or asked to block. The officer has to open the case first, to compare the identity
 * card with it.
 */
export const OPENED_ACTS: readonly DeskAct[] = ['add_imei', 'tell_banks', 'stop_banks']

export const isDeskAct = (move: string): move is DeskAct => DESK_ACTS.some((act) => act === move)

export const formOf = <A extends CitizenAct>(act: A): (typeof RULES)[A]['form'] => RULES[act].form

/**
 * Returns the acts that are possible now, the most likely one first. `events` are ordered newest first.
 *
 * @param known facts that the snapshot lacks: some number of a case in force is not blocked, the phone of an ended case was
 * reported anew, phones may be watched
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
  // Beside a question of the police, a second form with a photo would look like the answer without being one.
  const form = (act: CitizenAct): CitizenForm => formOf(act)
  return open.some((act) => form(act).quotesQuestion) ? open.filter((act) => !form(act).asksForFacts) : open
}

export const MESSAGE_MAX = 4000

/**
 * Returns a case and its history as a reader with only a code sees them: without the request for a watch, and with a watched
 * phone shown as waiting for its second person. The code may have gone to the lost SIM, or to a mailbox that is open on the
 * phone.
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
 * Returns the due days that a reader may see. With a code alone, a watched phone looks like one that waits for its second person.
 * So where watching is possible, neither of them shows a day, and only overdue clocks are shown.
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
