'use server'
import { z } from 'zod'
import { confirmRequest, dropRequest } from '#features/city-report/commands/second-person.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction } from '#http/staff-action.ts'
import { pathFor, type Route } from '#messages/paths.ts'

const uuid = z.uuid('general.invalid')
const schema = z.object({
  submitKey: requiredSubmitKey,
  requestId: uuid,
  /** The subject of the request: one of the two. */
  exclusionId: uuid.optional(),
  reportId: uuid.optional(),
})

const pageOf = ({ reportId }: z.output<typeof schema>, done: 'reversed' | 'dropped'): Route =>
  reportId === undefined
    ? { pathname: '/admin/survey/exclusions', query: { done } }
    : { pathname: '/admin/survey/report/[report]', params: { report: reportId } }

export const confirmRequestAction = staffAction(
  { schema, permission: 'survey:manage', stepUp: true },
  async (actor, sent, { locale, now }) => {
    const done = await confirmRequest(actor, sent, now)
    if (done.ok) return { to: pathFor(locale, pageOf(sent, 'reversed')) }
    return {
      faults: { form: done.error === 'forbidden' ? 'sign_in.not_allowed' : `survey.request.${done.error}` },
    }
  },
)

export const dropRequestAction = staffAction(
  { schema, permission: 'survey:manage' },
  async (actor, sent, { locale, now }) => {
    const done = await dropRequest(actor, sent, now)
    if (done.ok) return { to: pathFor(locale, pageOf(sent, 'dropped')) }
    return {
      faults: { form: done.error === 'forbidden' ? 'sign_in.not_allowed' : `survey.request.${done.error}` },
    }
  },
)
