'use server'
import { z } from 'zod'
import { endAbsence, markAbsent } from '#features/accounts/absences/acts.ts'
import { setKeys, setMailPreferences, setRoomy } from '#features/accounts/preferences/acts.ts'
import { choicesFor } from '#features/accounts/preferences/rules.ts'
import { endOtherSessions, endOwnSession } from '#features/accounts/sign-in/acts.ts'
import { changePassword } from '#features/accounts/sign-in/password-acts.ts'
import { kindsOf } from '#features/tasks/rules.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { sessionSecret } from '#http/session.ts'
import { staffAction } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'
import { ABSENT, absenceFault, PRESENT } from '../absence.ts'

const back = (locale: 'vi' | 'en', done: string) => ({
  to: pathFor(locale, { pathname: '/admin/my-account', query: { done } }),
})

export const endSessionAction = staffAction(
  { schema: z.object({ sessionId: z.uuid('general.invalid') }) },
  async (actor, { sessionId }, { locale, now }) => {
    await endOwnSession(actor, sessionId, now)
    return back(locale, 'ended')
  },
)

export const endOthersAction = staffAction(
  { schema: z.object({}) },
  async (actor, _input, { locale, now }) => {
    await endOtherSessions(actor, (await sessionSecret()) ?? '', now)
    return back(locale, 'others')
  },
)

const passwordSchema = z
  .object({
    currentPassword: z.string('sign_in.empty_password').min(1, 'sign_in.empty_password'),
    password: z.string('sign_in.too_short'),
    passwordAgain: z.string('sign_in.different'),
    submitKey: requiredSubmitKey,
  })
  .refine((form) => form.password === form.passwordAgain, {
    path: ['passwordAgain'],
    message: 'sign_in.different',
  })

export const changePasswordAction = staffAction(
  { schema: passwordSchema, stepUp: 'always' },
  async (actor, { currentPassword: current, password, submitKey }, { locale, now }) => {
    const token = (await sessionSecret()) ?? ''
    const changed = await changePassword(actor, { current, password }, token, now, submitKey)
    if (changed.ok) return back(locale, 'password')
    const refusal = changed.error
    if (refusal.code === 'wait') {
      const values = { minutes: Math.max(1, Math.ceil(refusal.seconds / 60)) }
      return { faults: { currentPassword: { fault: 'sign_in.wait', values } } }
    }
    const field = refusal.code === 'wrong_current' ? 'currentPassword' : 'password'
    return { faults: { [field]: `sign_in.${refusal.code}` } }
  },
)

export const setKeysAction = staffAction(
  { schema: z.object({ keys: z.enum(['on', 'off'], 'general.invalid') }) },
  async (actor, input, { locale, now }) => {
    await setKeys(actor, input.keys === 'on', now)
    return back(locale, 'keys')
  },
)

export const setDensityAction = staffAction(
  { schema: z.object({ density: z.enum(['compact', 'roomy'], 'general.invalid') }) },
  async (actor, input, { locale, now }) => {
    await setRoomy(actor, input.density === 'roomy', now)
    return back(locale, 'density')
  },
)

const hour = z.union([z.literal(''), z.coerce.number().int().min(0).max(23)], 'general.invalid')
export const setMailAction = staffAction(
  { schema: z.object({ quietFrom: hour, quietUntil: hour }) },
  async (actor, { quietFrom, quietUntil }, { locale, now, form }) => {
    if ((quietFrom === '') !== (quietUntil === '')) return { faults: { quietUntil: 'account.quiet_half' } }
    const chosen = kindsOf(actor).flatMap((kind) => {
      const choice = choicesFor(kind).find((one) => one === form.get(`mail-${kind}`))
      return choice === undefined ? [] : [[kind, choice] as const]
    })
    const quiet = {
      quietFrom: quietFrom === '' ? null : quietFrom,
      quietUntil: quietUntil === '' ? null : quietUntil,
    }
    await setMailPreferences(actor, { ...quiet, choices: Object.fromEntries(chosen) }, now)
    return back(locale, 'mail')
  },
)

export const markOwnAbsenceAction = staffAction(
  { schema: ABSENT },
  async (actor, { submitKey, absentFrom: from, absentUntil: until }, { locale, now }) => {
    const marked = await markAbsent(actor, { accountId: actor.id, from, until, submitKey }, now)
    if (!marked.ok) return absenceFault(marked.error)
    return { to: pathFor(locale, { pathname: '/admin/my-account', query: { done: 'absent' } }) }
  },
)

export const endOwnAbsenceAction = staffAction({ schema: PRESENT }, async (actor, input, { locale, now }) => {
  const ended = await endAbsence(actor, input, now)
  if (!ended.ok) return absenceFault(ended.error)
  return { to: pathFor(locale, { pathname: '/admin/my-account', query: { done: 'present' } }) }
})
