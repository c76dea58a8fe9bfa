'use server'
import { dropSnippet, keepSnippet } from '#features/cases/snippets/acts.ts'
import { staffForm } from '#http/staff-action.ts'

export const keepSnippetAction = staffForm(keepSnippet)
export const dropSnippetAction = staffForm(dropSnippet)
