import type { ReactNode } from 'react'
import type { FormAction } from '#lib/form-state.ts'
import type { Delivery, WayStanding } from './rules.ts'

export interface DeliveryFormProps {
  readonly carrierId: string
  readonly delivery: Delivery
  readonly standing: WayStanding
  readonly action: FormAction
  /** The field for a fresh code, where one is due. */
  readonly stepUp: ReactNode
  /** Names who asked for another way already. */
  readonly askedBy: string | null
}
