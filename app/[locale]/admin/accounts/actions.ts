'use server'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { STAFF_ROLES } from '#domain/access/roles.ts'
import type { FormState } from '#domain/form-state.ts'
import { parseName } from '#domain/person/name.ts'
import { pathFor } from '#messages/paths.ts'
import { invite, setAccountActive } from '#server/accounts/commands/account.ts'
import { resetSignIn } from '#server/accounts/commands/reset.ts'
import { staffAction } from '#server/entry/staff-action.ts'
import { invitationUrl } from './invitation.ts'

const inviteSchema = z.object({
  name: z.string('sign_in.name_missing').transform((text, context) => {
    const name = parseName(text)
    if (name.ok) return name.value
    context.addIssue({ code: 'custom', message: 'sign_in.name_missing' })
    return z.NEVER
  }),
  email: z.string('sign_in.empty_email').min(1, 'sign_in.empty_email'),
  role: z.enum(STAFF_ROLES, 'general.invalid'),
  areaId: z
    .string()
    .max(40, 'general.invalid')
    .transform((id) => id || null),
  agencyId: z
    .string()
    .max(60, 'general.invalid')
    .transform((id) => id || null),
})

const FIELD_OF = {
  email_invalid: 'email',
  email_taken: 'email',
  area_missing: 'areaId',
  area_not_needed: 'areaId',
  agency_missing: 'agencyId',
  agency_not_needed: 'agencyId',
} as const

const invitePerson = staffAction(
  { schema: inviteSchema, permission: 'account:manage', stepUp: true },
  async (actor, input, { locale, now }) => {
    const made = await invite(actor, { ...input, carrierId: null }, now)
    if (!made.ok) {
      if (made.error === 'forbidden') return { faults: { form: 'sign_in.not_allowed' } }
      return { faults: { [FIELD_OF[made.error]]: `sign_in.${made.error}` } }
    }
    const t = await getTranslations('admin.accounts')
    const url = await invitationUrl(locale, made.value)
    return { done: `${t('link', { email: input.email })}: ${url} ${t('link_text')}` }
  },
)

const setActive = staffAction(
  {
    schema: z.object({
      accountId: z.uuid('general.invalid'),
      active: z.enum(['yes', 'no'], 'general.invalid'),
    }),
    permission: 'account:manage',
    stepUp: true,
  },
  async (actor, { accountId, active }, { locale, now }) => {
    const done = await setAccountActive(actor, accountId, active === 'yes', now)
    if (done.ok) return { to: pathFor(locale, '/admin/accounts') }
    return { faults: { form: done.error === 'forbidden' ? 'sign_in.not_allowed' : `sign_in.${done.error}` } }
  },
)

const reset = staffAction(
  {
    schema: z.object({ accountId: z.uuid('general.invalid') }),
    permission: 'account:manage',
    stepUp: true,
  },
  async (actor, { accountId }, { locale, now }) => {
    const made = await resetSignIn(actor, accountId, now)
    if (!made.ok) {
      return {
        faults: { form: made.error === 'forbidden' ? 'sign_in.not_allowed' : `sign_in.${made.error}` },
      }
    }
    const t = await getTranslations('admin.accounts')
    const url = await invitationUrl(locale, made.value.token)
    return { done: `${t('link', { email: made.value.email })}: ${url} ${t('link_text')}` }
  },
)

export async function resetAction(previous: FormState, form: FormData): Promise<FormState> {
  return reset(previous, form)
}

export async function inviteAction(previous: FormState, form: FormData): Promise<FormState> {
  return invitePerson(previous, form)
}

export async function setActiveAction(previous: FormState, form: FormData): Promise<FormState> {
  return setActive(previous, form)
}
