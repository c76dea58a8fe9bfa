'use server'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import {
  type ChangeRefusal,
  type EmailRefusal,
  type InviteRefusal,
  invite,
  type ResetRefusal,
  resetSignIn,
  setEmail,
} from '#features/accounts/acts.ts'
import type { Asked } from '#features/accounts/approvals-acts.ts'
import { endAllSessions } from '#features/accounts/sign-in/acts.ts'
import { setStaffActive, setStaffPost } from '#features/cases/commands/staffing.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction } from '#http/staff-action.ts'
import { STAFF_ROLES } from '#lib/access/roles.ts'
import { parseName } from '#lib/person/name.ts'
import { pathFor } from '#messages/paths.ts'

const id = (longest: number) =>
  z
    .string()
    .max(longest, 'general.invalid')
    .optional()
    .transform((text) => text || null)
const post = {
  role: z.enum(STAFF_ROLES, 'general.invalid'),
  unitId: id(40),
  agencyId: id(60),
  carrierId: id(40),
}
const accountId = z.uuid('general.invalid')

const inviteSchema = z.object({
  name: z.string('sign_in.name_missing').transform((text, context) => {
    const name = parseName(text)
    if (name.ok) return name.value
    context.addIssue({ code: 'custom', message: 'sign_in.name_missing' })
    return z.NEVER
  }),
  email: z.string('sign_in.empty_email').min(1, 'sign_in.empty_email'),
  submitKey: requiredSubmitKey,
  ...post,
})

const FIELD_OF = {
  email_invalid: 'email',
  email_taken: 'email',
  email_alerts: 'email',
  unit_missing: 'unitId',
  unit_not_needed: 'unitId',
  agency_missing: 'agencyId',
  agency_not_needed: 'agencyId',
  carrier_missing: 'carrierId',
  carrier_not_needed: 'carrierId',
  not_found: 'form',
  own_account: 'form',
  request_open: 'form',
  no_auditor: 'form',
  reset_own: 'form',
  reset_gone: 'form',
  last_auditor: 'form',
} as const

const refused = (error: InviteRefusal | ChangeRefusal | EmailRefusal | ResetRefusal) =>
  error === 'forbidden'
    ? { faults: { form: 'sign_in.not_allowed' } }
    : { faults: { [FIELD_OF[error]]: `sign_in.${error}` } }

type Done = 'requested' | 'saved' | 'disabled'

const toAccount = (locale: 'vi' | 'en', account: string, done?: Done) => ({
  to: pathFor(locale, { pathname: '/admin/accounts/[account]', params: { account }, query: { done } }),
})

const doneOf = (asked: Asked, done: Done = 'saved'): Done => (asked === 'requested' ? asked : done)

export const inviteAction = staffAction(
  { schema: inviteSchema, permission: 'account:manage', stepUp: 'always' },
  async (actor, { submitKey, ...input }, { now }) => {
    const made = await invite(actor, input, now, submitKey)
    if (!made.ok) return refused(made.error)
    return { done: (await getTranslations('admin.accounts'))('requested') }
  },
)

export const setActiveAction = staffAction(
  {
    schema: z.object({ accountId, active: z.enum(['yes', 'no'], 'general.invalid') }),
    permission: 'account:manage',
    stepUp: 'always',
  },
  async (actor, { accountId, active }, { locale, now }) => {
    const done = await setStaffActive(actor, accountId, active === 'yes', now)
    return done.ok ? toAccount(locale, accountId, doneOf(done.value, 'disabled')) : refused(done.error)
  },
)

export const setPostAction = staffAction(
  { schema: z.object({ accountId, ...post }), permission: 'account:manage', stepUp: 'always' },
  async (actor, { accountId, ...wanted }, { locale, now }) => {
    const done = await setStaffPost(actor, accountId, wanted, now)
    return done.ok ? toAccount(locale, accountId, doneOf(done.value)) : refused(done.error)
  },
)

export const endAllSessionsAction = staffAction(
  { schema: z.object({ accountId }), permission: 'account:manage' },
  async (actor, { accountId }, { locale, now }) => {
    const done = await endAllSessions(actor, accountId, now)
    return done.ok ? toAccount(locale, accountId) : refused(done.error)
  },
)

export const resetAction = staffAction(
  {
    schema: z.object({ accountId, submitKey: requiredSubmitKey }),
    permission: 'account:manage',
    stepUp: 'always',
  },
  async (actor, { accountId, submitKey }, { locale, now }) => {
    const done = await resetSignIn(actor, accountId, now, submitKey)
    return done.ok ? toAccount(locale, accountId, doneOf(done.value)) : refused(done.error)
  },
)

export const setEmailAction = staffAction(
  {
    schema: z.object({
      accountId,
      submitKey: requiredSubmitKey,
      newEmail: z.string('sign_in.empty_email').max(254, 'sign_in.email_invalid'),
    }),
    permission: 'account:manage',
    stepUp: 'always',
  },
  async (actor, { accountId, newEmail, submitKey }, { locale, now }) => {
    const done = await setEmail(actor, accountId, newEmail, now, submitKey)
    if (done.ok) return toAccount(locale, accountId, doneOf(done.value))
    if (done.error.startsWith('email_')) return { faults: { newEmail: `sign_in.${done.error}` } }
    return refused(done.error)
  },
)
