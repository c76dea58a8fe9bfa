'use server'
import { z } from 'zod'
import { type ConfirmRefusal, refuseRequest, withdrawRequest } from '#features/accounts/commands/request.ts'
import { confirmStaffRequest } from '#features/cases/commands/staffing.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'

const WORDS: Partial<Record<ConfirmRefusal, string>> = {
  forbidden: 'not_allowed',
  own_account: 'own_account_request',
  waiting: 'waits_now',
}

const refused = (error: ConfirmRefusal) => ({ faults: { form: `sign_in.${WORDS[error] ?? error}` } })

const to = (locale: 'vi' | 'en', done: 'confirmed' | 'refused' | 'withdrawn') => ({
  to: pathFor(locale, { pathname: '/admin/accounts/requests', query: { done } }),
})

const schema = z.object({ requestId: z.uuid('general.invalid'), submitKey: requiredSubmitKey })

export const confirmRequestAction = staffAction(
  { schema, permission: 'account:confirm', stepUp: 'always' },
  async (actor, { requestId, submitKey }, { locale, now }) => {
    const done = await confirmStaffRequest(actor, requestId, now, submitKey)
    return done.ok ? to(locale, 'confirmed') : refused(done.error)
  },
)

export const refuseRequestAction = staffAction(
  { schema, permission: 'account:confirm' },
  async (actor, { requestId, submitKey }, { locale, now }) => {
    const done = await refuseRequest(actor, requestId, now, submitKey)
    return done.ok ? to(locale, 'refused') : refused(done.error)
  },
)

export const withdrawRequestAction = staffAction(
  { schema, permission: 'account:manage' },
  async (actor, { requestId, submitKey }, { locale, now }) => {
    const done = await withdrawRequest(actor, requestId, now, submitKey)
    return done.ok ? to(locale, 'withdrawn') : refused(done.error)
  },
)
