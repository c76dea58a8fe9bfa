'use server'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { type ChangeRefusal, endAllSessions, invite, resetSignIn, setEmail } from '#features/accounts/acts.ts'
import type { Asked } from '#features/accounts/approvals-acts.ts'
import { POST_FIELDS } from '#features/accounts/rules.ts'
import { setStaffActive, setStaffPost } from '#features/cases/staffing/acts.ts'
import { staffAction, staffForm } from '#http/staff-action.ts'
import type { Result } from '#lib/result.ts'
import { pathFor } from '#messages/paths.ts'

const accountId = z.uuid('general.invalid')

export const inviteAction = staffForm(invite, async () => ({
  done: (await getTranslations('admin.accounts'))('requested'),
}))
export const setEmailAction = staffForm(setEmail)
export const resetAction = staffForm(resetSignIn)
export const endAllSessionsAction = staffForm(endAllSessions)

export const setActiveAction = staffAction(
  {
    schema: z.object({ accountId, active: z.enum(['yes', 'no'], 'general.invalid') }),
    permission: 'account:manage',
    stepUp: 'always',
  },
  async (actor, { accountId, active }, { locale, now }) =>
    outcome(await setStaffActive(actor, accountId, active === 'yes', now), locale, accountId, 'disabled'),
)

export const setPostAction = staffAction(
  { schema: z.object({ accountId, ...POST_FIELDS }), permission: 'account:manage', stepUp: 'always' },
  async (actor, { accountId, ...wanted }, { locale, now }) =>
    outcome(await setStaffPost(actor, accountId, wanted, now), locale, accountId, 'saved'),
)

function outcome(
  done: Result<Asked, ChangeRefusal>,
  locale: 'vi' | 'en',
  account: string,
  said: 'saved' | 'disabled',
) {
  if (done.ok) {
    const query = { done: done.value === 'requested' ? done.value : said }
    return { to: pathFor(locale, { pathname: '/admin/accounts/[account]', params: { account }, query }) }
  }
  if (done.error === 'forbidden') return { faults: { form: 'sign_in.not_allowed' } }
  const [, place] = /^(unit|agency|carrier)_/.exec(done.error) ?? []
  return { faults: { [place ? `${place}Id` : 'form']: `sign_in.${done.error}` } }
}
