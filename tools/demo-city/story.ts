import type { Move } from '#features/cases/moves/rules.ts'
import type { GivenCheck } from '#features/cases/proof/rules.ts'
import type { BlockReason, OrderAction } from '#features/exchange/orders/rules.ts'
import type { Instant } from '#lib/time.ts'
import type { Model } from './phones.ts'

/** The author of a move: the citizen, the product itself, or a demo account by the first part of its address. */
export type By = 'citizen' | 'system' | `${'officer' | 'supervisor' | 'city-police'}-${number}`

export interface Step {
  readonly move: Move
  readonly at: Instant
  readonly by: By
  readonly reasonCode?: string
  readonly text?: string
  readonly check?: GivenCheck
}

/** One carrier's answer to an order and its time; null if it has not answered yet. */
export type CarrierAnswer = { readonly at: Instant; readonly failed?: 'technical' } | null

/** One report and everything that follows from it, to be played through the product's own rules. */
export interface Story {
  readonly n: number
  readonly areaId: string
  readonly type: Exclude<BlockReason, 'hold'>
  readonly incidentAt: Instant
  readonly submittedAt: Instant
  /** True if it claims a phone that another report claims, whose proof police found to match. */
  readonly contests: boolean
  readonly phone: Model
  readonly colour: string
  readonly imeis: readonly string[]
  readonly proof: 'box' | 'invoice' | 'warranty' | 'account'
  readonly fullName: string
  readonly nationalId: string
  readonly address: string
  readonly place: string
  readonly story: string
  /** The last digits of the SIM's number. */
  readonly sim: string
  readonly steps: readonly Step[]
  readonly answers: Readonly<Partial<Record<OrderAction, Readonly<Record<string, CarrierAnswer>>>>>
}

export const contactOf = ({ n }: Pick<Story, 'n'>): string => `nguoi-bao-${n}@demo.example`
