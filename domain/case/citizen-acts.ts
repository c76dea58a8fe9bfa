import type { Instant } from '../time.ts'
import { movesOpenTo } from './lifecycle.ts'
import { askedByCitizen, type Move } from './moves.ts'
import type { CaseSnapshot } from './snapshot.ts'

/** What a citizen can do on the case page, by the names of its buttons (docs/interface.md, "Form fields"). */
export const CITIZEN_ACTS = [
  'reply',
  'answer_objection',
  'undo_withdraw',
  'undo_unblock',
  'request_unblock',
  'appeal',
  'withdraw',
] as const satisfies readonly Move[]

/** What they can ask of their data, whatever goes on with the case. */
export const DATA_ACTS = [
  'ask_correction',
  'ask_erasure',
  'withdraw_consent',
] as const satisfies readonly Move[]
export type DataAct = (typeof DATA_ACTS)[number]
export type CitizenAct = (typeof CITIZEN_ACTS)[number] | DataAct

/** Acts that may bring files. */
export const ACTS_WITH_FILES: readonly CitizenAct[] = [
  'reply',
  'answer_objection',
  'appeal',
  'request_unblock',
]

export const isDataAct = (value: string): value is DataAct => DATA_ACTS.some((act) => act === value)
export const isCitizenAct = (value: string): value is CitizenAct =>
  CITIZEN_ACTS.some((act) => act === value) || isDataAct(value)

/** The acts that are possible now, the one that is most likely wanted first; its events stand newest first. */
export const actsOpen = (
  c: CaseSnapshot,
  events: readonly { readonly move: string }[],
  now: Instant,
): CitizenAct[] =>
  movesOpenTo(c, { kind: 'citizen' }, now, CITIZEN_ACTS, {
    unblockAsked: askedByCitizen(events),
  }) as CitizenAct[]

/** The longest message, in characters. */
export const MESSAGE_MAX = 4000
