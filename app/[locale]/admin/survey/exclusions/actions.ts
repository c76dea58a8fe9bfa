'use server'
import { askKioskRemoval } from '#features/ratings/removals/acts.ts'
import { staffForm } from '#http/staff-action.ts'

export const askRemovalAction = staffForm(askKioskRemoval)
