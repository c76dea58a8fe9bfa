'use server'
import { z } from 'zod'
import { parseCaseNumber } from '#features/cases/numbers/rules.ts'
import { staffAction } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'

/** Checks the code before a download, because a link carries none. */
export const storyStepUpAction = staffAction(
  { schema: z.object({ number: z.string('general.invalid') }), permission: 'audit:read', stepUp: 'file' },
  async (_actor, { number: sent }, { locale }) => {
    const number = parseCaseNumber(sent)
    if (!number.ok) return { faults: { form: 'general.invalid' } }
    return {
      to: pathFor(locale, { pathname: '/admin/audit/cases/[number]', params: { number: number.value } }),
    }
  },
)
