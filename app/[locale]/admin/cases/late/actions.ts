'use server'
import { z } from 'zod'
import { answerComplaint } from '#features/lateness/acts.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'

const schema = z.object({
  complaintId: z.uuid('general.invalid'),
  answer: z.string().max(4000, 'general.invalid').catch(''),
  submitKey: requiredSubmitKey,
})

export const answerComplaintAction = staffAction(
  { schema, permission: 'lateness:answer' },
  async (actor, { complaintId: id, answer: text, submitKey }, { locale, now }) => {
    const done = await answerComplaint(actor, { id, text, submitKey }, now)
    if (done.ok)
      return { to: pathFor(locale, { pathname: '/admin/cases/late', query: { done: 'answered' } }) }
    if (done.error === 'forbidden') return { faults: { form: 'sign_in.not_allowed' } }
    return { faults: { [done.error === 'text_missing' ? 'answer' : 'form']: `lateness.${done.error}` } }
  },
)
