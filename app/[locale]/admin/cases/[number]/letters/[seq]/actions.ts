'use server'
import { serveLetter } from '#features/cases/letters/acts.ts'
import { staffForm } from '#http/staff-action.ts'

export const serveLetterAction = staffForm(serveLetter)
