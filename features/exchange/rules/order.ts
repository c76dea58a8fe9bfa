/**
 * The actions that a carrier is told to take with an IMEI, and the codes that say why (docs/interface.md, "Interfaces
 * for programs").
 */
export type OrderAction = 'block' | 'unblock'

/** The names of the carriers that were exempted, from a case's block and from its end. */
export type Exempted = Readonly<Record<OrderAction, readonly string[]>>

export const BLOCK_REASONS = ['robbed', 'snatched', 'stolen', 'lost', 'hold'] as const
export const UNBLOCK_REASONS = [
  'recovered',
  'withdrawn',
  'wrong',
  'expired',
  'other_claim',
  'appeal',
] as const
export type BlockReason = (typeof BLOCK_REASONS)[number]
export type UnblockReason = (typeof UNBLOCK_REASONS)[number]
export type OrderReason = BlockReason | UnblockReason

export const ORDER_STATES = [
  'queued',
  'sent',
  'acknowledged',
  'applied',
  'failed',
  'exempt',
  'superseded',
  'cancelled',
] as const
export type OrderState = (typeof ORDER_STATES)[number]

export const ENTRY_OUTCOMES = ['applied', 'already', 'rejected', 'not_found'] as const
export type EntryOutcome = (typeof ENTRY_OUTCOMES)[number]

export const REJECTION_CODES = ['invalid_imei', 'shared_imei', 'not_supported', 'technical'] as const
export type RejectionCode = (typeof REJECTION_CODES)[number]

const FAILURE_CODES = [...REJECTION_CODES, 'not_found'] as const

/** Returns why an order failed; `rejected` where the carrier gave no code, or one of its own without words here. */
export const failureOf = (code: string | null | undefined): (typeof FAILURE_CODES)[number] | 'rejected' =>
  FAILURE_CODES.find((known) => known === code) ?? 'rejected'

/** The state of one carrier's order as the citizen sees it: an unblock order that was applied reads `lifted`. */
export type CarrierState = Exclude<OrderState, 'superseded' | 'cancelled'> | 'lifted'
