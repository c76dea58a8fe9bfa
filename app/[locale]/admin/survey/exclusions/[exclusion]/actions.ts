'use server'
import { askReversal } from '#features/city-report/acts.ts'
import { staffForm } from '#http/staff-action.ts'

export const askReversalAction = staffForm(askReversal)
