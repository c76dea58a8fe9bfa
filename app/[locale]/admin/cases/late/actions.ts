'use server'
import { answerComplaint } from '#features/lateness/acts.ts'
import { staffForm } from '#http/staff-action.ts'

export const answerComplaintAction = staffForm(answerComplaint)
