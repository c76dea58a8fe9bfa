import '#server-only'
import type { z } from 'zod'
import type { StepUpKind } from '#features/accounts/factors/rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may, type Permission } from '#lib/access/roles.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { FaultNoun } from '#messages/fault-words.ts'
import type { Route } from '#messages/paths.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { type AuditedAct, audit } from './entries/acts.ts'
import type { AuditAct } from './entries/names-rules.ts'

// An act is an object (ADR 117): something that the staff may do, with everything that its form and tests need. `act` makes it in
// the `acts.ts` of its concept, and `staffForm` (http/staff-action.ts) turns it into a form.

const REFUSED = Symbol('refused')
/** A refused act: a code with a message, and the field to show it at. */
export interface Refusal<Code extends string = string> {
  readonly [REFUSED]: Code
  readonly field: string
  /** Values for the message, such as the number of a line. */
  readonly values?: Readonly<Record<string, string | number>>
  readonly faults?: Faults
}
type Faults = Readonly<Record<string, string>>
type SeveralRefused = Refusal<never> & { readonly faults: Faults }
/** The refusal for a program: a code, or faults by field if the act has them. */
type ErrorOf<Done> = [Extract<Done, SeveralRefused>] extends [never] ? string : string | Faults
export const refuse = <Code extends string>(
  code: Code,
  field = 'form',
  values: Refusal['values'] = {},
): Refusal<Code> => ({ [REFUSED]: code, field, values })
/** Refuses with faults of several fields, as keys in the act's group of messages. A program gets all of them. */
export const refuseFields = (faults: Faults): SeveralRefused => ({
  [REFUSED]: 'faults' as never,
  field: 'form',
  faults,
})
export const isRefusal = (done: unknown): done is Refusal =>
  typeof done === 'object' && done !== null && REFUSED in done
export const codeOf = <Code extends string>(refusal: Refusal<Code>): Code => refusal[REFUSED]

type Facts = NonNullable<AuditedAct['facts']>
const ANSWERED = Symbol('answered')
interface Answer<Value> {
  readonly [ANSWERED]: Value
  /** Facts for the audit log; null if the act has written its own entry. */
  readonly facts: Facts | null
}
export const answer = <Value extends string | number | boolean>(
  value: Value,
  facts: Facts = {},
): Answer<Value> => ({ [ANSWERED]: value, facts })
export const logged = <Value extends string | number | boolean | null = null>(
  value: Value = null as Value,
): Answer<Value> => ({ [ANSWERED]: value, facts: null })

type ValueOf<Done> = [Extract<Done, Answer<unknown>>] extends [never]
  ? null
  : Extract<Done, Answer<unknown>>[typeof ANSWERED]
type CodesOf<Done> =
  Done extends Refusal<infer Code>
    ? Code
    : // biome-ignore lint/suspicious/noConfusingVoidType: what an async function without a return has
      Done extends Answer<unknown> | Facts | undefined | void
      ? never
      : 'what this act returns cannot be kept in the log'

interface Spec<S extends z.ZodType<object>, N extends FaultNoun, Done, Row> {
  readonly name: AuditAct
  readonly permission: Permission
  /** Requires a fresh code; the function may return null for inputs that need none. */
  readonly stepUp?: StepUpKind | ((input: z.output<S>) => StepUpKind | null)
  /** Parses the form's fields. Messages are keys of `faults`: `order.reason_missing`. */
  readonly input: S
  /** The group of messages for refusals: the code `unsealed` of `order` has the message `order.unsealed`. */
  readonly faults: N
  /** The page after the form; absent if the form decides (`staffForm`). */
  readonly page?: (input: z.output<S>, value: string) => Route
  /**
   * Makes a value to show once, such as a key, from the stored one. The same form sent again shows the same, or, for null,
   * nothing any more.
   */
  readonly reveal?: (kept: string) => string | Promise<string | null>
  /** The label of the form's key, by default the act and its person. It must never change: open forms have it. */
  readonly once?: (actorId: string, input: z.output<S>) => string
  /** Runs the whole transaction in the scope that its rows need. */
  readonly within?: <T>(work: () => Promise<T>, actor: StaffActor) => Promise<T>
  readonly subject?: {
    /** Locks and returns the act's subject, or refuses if its state does not permit the act. */
    readonly lock: (tx: Tx, input: z.output<S>, actor: StaffActor, now: Instant) => Promise<Row>
    /** The part of the audit entry that every outcome has. */
    readonly entry: (row: Exclude<Row, Refusal>) => Pick<AuditedAct, 'subject' | 'caseId' | 'facts'>
  }
  /** Does the act. Returns facts for the audit log, nothing, `refuse(…)`, `answer(…)` or `logged(…)`. */
  readonly run: (of: {
    readonly tx: Tx
    readonly actor: StaffActor
    readonly input: z.output<S> & { readonly submitKey: string }
    readonly now: Instant
    readonly subject: Exclude<Row, Refusal>
  }) => Promise<Done>
}

/** An act of the staff. When called, it parses its input as its form does, and returns the code of the first fault. */
export interface StaffAct<
  S extends z.ZodType<object> = z.ZodType<object>,
  Value = unknown,
  N extends FaultNoun = FaultNoun,
  Code extends string = string,
  Fault = string,
> {
  (
    actor: StaffActor,
    input: z.input<S> & { readonly submitKey: string },
    now: Instant,
  ): Promise<Result<Value, Fault>>
  readonly perform: (
    actor: StaffActor,
    input: z.output<S> & { readonly submitKey: string },
    now: Instant,
  ) => Promise<Result<Value, Refusal<Code | 'forbidden' | 'not_found'>>>
  readonly permission: Permission
  readonly stepUp: StepUpKind | ((input: z.output<S>) => StepUpKind | null) | undefined
  readonly input: S
  readonly faults: N
  readonly page: ((input: z.output<S>, value: string) => Route) | undefined
}

/**
 * Makes an act of the staff. It checks the permission and runs once per form, in one transaction with its audit entry. A refusal
 * rolls everything back.
 */
export function act<S extends z.ZodType<object>, N extends FaultNoun, Done, Row = null>(
  spec: Spec<S, N, Done, Row>,
): StaffAct<S, ValueOf<Done>, N, CodesOf<Done> | CodesOf<Extract<Row, Refusal>>, ErrorOf<Done>> {
  type Value = ValueOf<Done>
  type Code = CodesOf<Done> | CodesOf<Extract<Row, Refusal>> | 'forbidden' | 'not_found'
  const { name, permission, stepUp, input: schema, faults, page, subject, within = (work) => work() } = spec
  const once = spec.once ?? ((actorId) => `${name}:${actorId}`)

  async function perform(
    actor: StaffActor,
    input: z.output<S> & { readonly submitKey: string },
    now: Instant,
  ): Promise<Result<Value, Refusal<Code>>> {
    if (!may(actor.role, permission)) return err(refuse('forbidden'))
    const done = await within(
      () =>
        actOnce<string | number | boolean, Refusal<Code>>(
          input.submitKey,
          once(actor.id, input),
          now,
          async (tx) => {
            const row = subject ? await subject.lock(tx, input, actor, now) : null
            if (isRefusal(row)) return err(row as Refusal<Code>)
            const locked = row as Exclude<Row, Refusal>
            const result: unknown = await spec.run({ tx, actor, input, now, subject: locked })
            if (isRefusal(result)) return err(result as Refusal<Code>)
            const { [ANSWERED]: value, facts } = isAnswer(result)
              ? result
              : { [ANSWERED]: null, facts: (result ?? {}) as Facts }
            if (facts !== null) {
              if (!subject) throw new Error(`${name} has no subject: it writes its own entry`)
              const entry = subject.entry(locked)
              await audit(tx, { actor, act: name, ...entry, facts: { ...entry.facts, ...facts }, at: now })
            }
            return ok(value ?? '')
          },
        ),
      actor,
    )
    if (!done.ok) return done
    const value = spec.reveal ? await spec.reveal(String(done.value)) : done.value
    if (value === null) return err(refuse('not_found'))
    return ok((value === '' ? null : value) as Value)
  }

  async function call(
    actor: StaffActor,
    input: z.input<S> & { readonly submitKey: string },
    now: Instant,
  ): Promise<Result<Value, ErrorOf<Done>>> {
    const refused = (fault: string | Faults) => err(fault as ErrorOf<Done>)
    if (!may(actor.role, permission)) return refused('forbidden')
    const read = schema.safeParse(input)
    if (!read.success) return refused(read.error.issues[0]?.message.split('.').at(-1) ?? 'invalid')
    const done = await perform(actor, { ...read.data, submitKey: input.submitKey }, now)
    return done.ok ? done : refused(done.error.faults ?? codeOf(done.error))
  }

  return Object.assign(call, { perform, permission, stepUp, input: schema, faults, page })
}

const isAnswer = (done: unknown): done is Answer<string | number | boolean | null> =>
  typeof done === 'object' && done !== null && ANSWERED in done
