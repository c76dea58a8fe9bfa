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
 * Makes an action for a person who is signed in and may do `permission`: both are read from the database again. A
 * session that has ended meanwhile is told beside the form, which keeps what was written, or on the sign-in page. With
 * `stepUp` it also wants a code that speaks for acts of its kind (`true`: work), from the field `otp` of the same form
 * where it has to be given anew. An account in its waiting period is refused every act that does not only read (ADR 44).
 */
export function staffAction<S extends z.ZodType>(
  spec: {
    readonly schema: S
    readonly permission?: Permission
    /** It is done before a passkey that is due is registered: its registration itself. */
    readonly enrols?: true
    readonly stepUp?: true | StepUpKind | ((input: z.output<S>) => StepUpKind | null)
  },
  act: (actor: SignedInStaff, input: z.output<S>, context: ActionContext) => Promise<ActionOutcome>,
): FormAction {
  return async (_previous, form) => {
    noteAction()
    const actor = await (spec.enrols ? enrollingStaff() : currentStaff())
    // Without a script the page is made anew, and nobody is there to see it.
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

/** The words for what any act may refuse; a group that has words of its own for a code tells it by those. */
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
 * Makes the form of an act. A code without words does not compile: the argument names it.
 *
 * @param after says what follows the act, where that is not its page alone
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

/** Refuses a form with a fault: what was sent is not even read, only shown again. */
const refuse = (form: FormData, fault: Fault): Promise<FormState> =>
  run(z.unknown(), form, async () => ({ faults: { form: fault } }))

/**
 * Returns what is wrong with the code of a form whose act asks for a fresh one, or null. A right one counts from now
 * on.
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
  // Without a key of its own, a form is sent once.
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
  // The page need not ask any more, even where the act itself is refused.
  refresh()
  return null
}
