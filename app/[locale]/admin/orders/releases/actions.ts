'use server'
import { askRelease, sendBatch, setReleaseMode } from '#features/exchange/releases/acts.ts'
import { staffForm } from '#http/staff-action.ts'

export const askReleaseAction = staffForm(askRelease)
export const sendBatchAction = staffForm(sendBatch)
export const setReleaseModeAction = staffForm(setReleaseMode)
