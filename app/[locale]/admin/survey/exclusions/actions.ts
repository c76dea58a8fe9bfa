'use server'
import { z } from 'zod'
import { askKioskRemoval } from '#features/ratings/removals/acts.ts'
import { faultsUnder } from '#http/action.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'

const text = z.string().catch('')
const schema = z.object({
  submitKey: requiredSubmitKey,
  ...{ agencyId: text, from: text, to: text, reason: text, reasonEn: text },
})

export const askRemovalAction = staffAction(
  { schema, permission: 'survey:manage', stepUp: true },
  async (actor, { submitKey, ...typed }, { locale, now }) => {
    const done = await askKioskRemoval(actor, { typed, submitKey }, now)
    if (done.ok)
      return { to: pathFor(locale, { pathname: '/admin/survey/exclusions', query: { done: 'removal' } }) }
    if (typeof done.error !== 'string') return { faults: faultsUnder('survey', done.error) }
    return { faults: { form: 'sign_in.not_allowed' } }
  },
)
