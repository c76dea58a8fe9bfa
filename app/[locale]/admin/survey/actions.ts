'use server'
import { seeFlow } from '#features/ratings/flows/acts.ts'
import { staffForm } from '#http/staff-action.ts'

export const seeFlowAction = staffForm(seeFlow)
