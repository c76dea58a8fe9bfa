'use server'
import { addReceiver } from '#features/alerts/receivers/acts.ts'
import { staffForm } from '#http/staff-action.ts'

export const addReceiverAction = staffForm(addReceiver)
