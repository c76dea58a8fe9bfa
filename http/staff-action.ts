import '#server-only'
import { refresh } from 'next/cache'
import { headers } from 'next/headers'
import { getLocale } from 'next-intl/server'
import { z } from 'zod'
import { stepUp } from '#features/accounts/factors/acts.ts'
import { type StepUpKind, speaksForForm } from '#features/accounts/factors/rules.ts'
import { isRefusedWhileWaiting } from '#features/accounts/rules.ts'
import { codeOf, type StaffAct } from '#features/audit/act.ts'
import { may, type Permission } from '#lib/access/roles.ts'
import type { FormAction, FormState } from '#lib/form-state.ts'
import { catalogue } from '#messages/catalogue.ts'
import { formatInstant } from '#messages/dates.ts'
import type { FaultCode, FaultNoun } from '#messages/fault-words.ts'
import { pathFor } from '#messages/paths.ts'
import { noteAction } from '#platform/overload.ts'
import { type ActionContext, type ActionOutcome, type Fault, faultsUnder, run } from './action.ts'
import { requiredSubmitKey, submitKey } from './hidden-fields.ts'
import {
  codeNeed,
  currentStaff,
  enrollingStaff,
  type SignedInStaff,
  sessionSecret,
  signInFirst,
} from './session.ts'

/**
 * Makes an action for a signed-in person with `permission`; both are read from the database again. If the session has ended,
 * the form says so and keeps its input, or the sign-in page does. `stepUp` also requires a valid code for acts of that kind
 * (`true`: work), from the form's field `otp` if a new one is needed. An account in its waiting period may only do acts that
 * only read (ADR 44).
 */
export function staffAction<S extends z.ZodType>(
  spec: {
    readonly schema: S
    readonly permission?: Permission
    /** Allowed while the registration of a passkey is due: the registration itself. */
    readonly enrols?: true
    readonly stepUp?: true | StepUpKind | ((input: z.output<S>) => StepUpKind | null)
  },
  act: (actor: SignedInStaff, input: z.output<S>, context: ActionContext) => Promise<ActionOutcome>,
): FormAction {
  return async (_previous, form) => {
    noteAction()
    const actor = await (spec.enrols ? enrollingStaff() : currentStaff())
    // Without a script the whole page would be rendered again, with nobody signed in.
    if (!actor && !(await headers()).has('next-action')) return signInFirst('not_saved')
    if (!actor) return { ...(await refuse(form, 'sign_in.session_ended')), ended: true }
    if (spec.permission && !may(actor.role, spec.permission)) return refuse(form, 'sign_in.not_allowed')
    if (isRefusedWhileWaiting(actor, spec.permission, new Date())) return refuse(form, await waitFault(actor))
    return run(spec.schema, form, async (input, context) => {
      const kind = typeof spec.stepUp === 'function' ? spec.stepUp(input) : (spec.stepUp ?? null)
      const fault = kind === null ? null : await codeFault(actor, kind === true ? 'work' : kind, context)
      return fault === null ? act(actor, input, context) : { faults: { otp: fault } }
    })
  }
}

/** Messages for the refusals of any act. A group's own message for a code takes precedence. */
const COMMON = {
  forbidden: 'sign_in.not_allowed',
  not_found: 'general.invalid',
  own_account: 'approval.own_account',
  own_request: 'approval.own_request',
  waiting: 'approval.waiting',
  request_open: 'approval.request_open',
  request_gone: 'approval.request_gone',
  changed: 'approval.changed',
  no_auditor: 'approval.no_auditor',
  not_confirmed: 'approval.not_confirmed',
} as const satisfies Record<string, Fault>

export function actFault(noun: FaultNoun, code: string): string {
  const words = noun
    .split('.')
    .reduce<object | undefined>((group, part) => Reflect.get(group ?? {}, part), catalogue.vi.faults)
  return words && !(code in words) && code in COMMON ? COMMON[code as keyof typeof COMMON] : `${noun}.${code}`
}

/**
 * Makes the form of an act. A code without a message is a type error that names the code.
 *
 * @param after decides the outcome, if it is not just the act's page
 */
export const staffForm = <S extends z.ZodType<object>, Value, N extends FaultNoun>(
  act: StaffAct<S, Value, N, FaultCode<N> | keyof typeof COMMON, unknown>,
  after?: (
    value: Value,
    input: z.output<S> & { readonly submitKey: string },
    actor: SignedInStaff,
    context: ActionContext,
  ) => Promise<ActionOutcome>,
): FormAction => {
  const { permission, stepUp, input, faults, page, perform } = act
  const schema = input.and(z.object({ submitKey: requiredSubmitKey }))
  return staffAction<typeof schema>(
    { schema, permission, ...(stepUp && { stepUp }) },
    async (actor, sent, context) => {
      const done = await perform(actor, sent, context.now)
      if (!done.ok && done.error.faults) return { faults: faultsUnder(faults, done.error.faults) }
      if (!done.ok) {
        const { field, values = {} } = done.error
        return { faults: { [field]: { fault: actFault(faults, codeOf(done.error)), values } } }
      }
      if (after) return after(done.value, sent, actor, context)
      if (!page) throw new Error('the form of an act without a page says what follows')
      return { to: pathFor(context.locale, page(sent, String(done.value ?? ''))) }
    },
  )
}

export async function waitFault({ decidesFrom }: SignedInStaff): Promise<Fault> {
  const time = formatInstant((await getLocale()) === 'en' ? 'en' : 'vi', decidesFrom, 'moment')
  return { fault: 'sign_in.waiting', values: { time } }
}

/** Refuses a form with a fault. Its input is shown again without being validated. */
const refuse = (form: FormData, fault: Fault): Promise<FormState> =>
  run(z.unknown(), form, async () => ({ faults: { form: fault } }))

/**
 * Checks the code of a form whose act requires a fresh one; null if it is fine. A correct code is valid for the acts that
 * follow.
 */
async function codeFault(
  actor: SignedInStaff,
  kind: StepUpKind,
  { form, now }: ActionContext,
): Promise<Fault | null> {
  const need = codeNeed(actor, kind, now)
  const sent = form.get('otp')
  const typed = typeof sent === 'string' ? sent.trim() : ''
  if (need === 'none' || (need === 'soon' && typed === '')) return null
  // A form without a key gets a new one, so it is sent once.
  const key = submitKey.parse(form.get('submitKey'))
  if (typed === '' && speaksForForm(actor, key, now)) return null
  if (typed === '') return 'sign_in.otp_missing'
  const done = await stepUp((await sessionSecret()) ?? '', typed, now, { kind, submitKey: key })
  if (!done.ok) {
    if (done.error.code === 'passkey') return 'sign_in.passkey_needed'
    if (done.error.code === 'wrong')
      return typed.startsWith('{') ? 'sign_in.passkey_wrong' : 'sign_in.otp_wrong'
    return { fault: 'sign_in.wait', values: { minutes: Math.ceil(done.error.seconds / 60) } }
  }
  // The page no longer needs to ask, even if the act itself is refused.
  refresh()
  return null
}
