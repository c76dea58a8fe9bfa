'use server'
import { startDrill, stopDrill } from '#features/exchange/drills/acts.ts'
import { staffForm } from '#http/staff-action.ts'

export const startDrillAction = staffForm(startDrill)
export const stopDrillAction = staffForm(stopDrill)
