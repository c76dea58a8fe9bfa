'use server'
import { askRepair } from '#features/exchange/reconciliations/acts.ts'
import { staffForm } from '#http/staff-action.ts'

export const askRepairAction = staffForm(askRepair)
