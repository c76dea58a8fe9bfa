'use server'
import {
  answerSuggestion,
  mergeSeveral,
  mergeSuggestion,
  separateSuggestion,
} from '#features/questionnaires/suggestions/acts.ts'
import { staffForm } from '#http/staff-action.ts'

export const mergeAction = staffForm(mergeSuggestion)
export const mergeSameAction = staffForm(mergeSeveral)
export const separateAction = staffForm(separateSuggestion)
export const answerAction = staffForm(answerSuggestion)
