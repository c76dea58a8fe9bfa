'use server'
import { askExemption } from '#features/exchange/exemptions/acts.ts'
import { retryOrder } from '#features/exchange/orders/acts.ts'
import { staffForm } from '#http/staff-action.ts'

export const retryAction = staffForm(retryOrder)
export const askExemptionAction = staffForm(askExemption)
