'use server'
import { z } from 'zod'
import { parseCaseNumber } from '#features/cases/rules/number.ts'
import { staffAction } from '#http/staff-action.ts'
import type { FormState } from '#lib/form-state.ts'
import { pathFor } from '#messages/paths.ts'

const goOn = staffAction(
  { schema: z.object({ number: z.string('general.invalid') }), permission: 'audit:read', stepUp: 'file' },
  async (_actor, { number: sent }, { locale }) => {
    const number = parseCaseNumber(sent)
    if (!number.ok) return { faults: { form: 'general.invalid' } }
    return {
      to: pathFor(locale, { pathname: '/admin/audit/cases/[number]', params: { number: number.value } }),
    }
  },
)

/** Checks the code before a download, which is a link and carries no code. */
export async function storyStepUpAction(previous: FormState, form: FormData): Promise<FormState> {
  return goOn(previous, form)
}
