'use server'
import { writeInBook } from '#features/check/book/acts.ts'
import { staffForm } from '#http/staff-action.ts'

export const writeInBookAction = staffForm(writeInBook)
