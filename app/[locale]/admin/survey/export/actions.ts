'use server'
import { z } from 'zod'
import { staffAction } from '#http/staff-action.ts'
import type { FormState } from '#lib/form-state.ts'
import { pathFor } from '#messages/paths.ts'

const goOn = staffAction(
  { schema: z.object({}), permission: 'survey:manage', stepUp: 'file' },
  async (_actor, _input, { locale }) => ({ to: pathFor(locale, '/admin/survey/export') }),
)

/** Checks the code before a download, which is a link and carries no code. */
export async function stepUpAction(previous: FormState, form: FormData): Promise<FormState> {
  return goOn(previous, form)
}
