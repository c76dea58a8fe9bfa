'use server'
import { z } from 'zod'
import { askForSecondPerson } from '#features/city-report/acts.ts'
import { faultsUnder } from '#http/action.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'

const text = z.string().catch('')
const schema = z.object({
  exclusionId: z.uuid('general.invalid'),
  submitKey: requiredSubmitKey,
  reason: text,
  reasonEn: text,
})

export const askReversalAction = staffAction(
  { schema, permission: 'survey:manage', stepUp: true },
  async (actor, { exclusionId, submitKey, reason, reasonEn }, { locale, now }) => {
    const asked = { subject: { exclusionId }, typed: { reason, reasonEn }, submitKey }
    const done = await askForSecondPerson(actor, asked, now)
    if (done.ok) {
      const page = {
        pathname: '/admin/survey/exclusions/[exclusion]',
        params: { exclusion: exclusionId },
      } as const
      return { to: pathFor(locale, page) }
    }
    if (typeof done.error !== 'string') return { faults: faultsUnder('survey', done.error) }
    return { faults: { form: 'sign_in.not_allowed' } }
  },
)
