import '#server-only'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import type { z } from 'zod'
import { type FormAction, type FormState, shownValues, WRITTEN_FIELDS } from '#lib/form-state.ts'
import { rawForm } from '#lib/raw-form.ts'
import type { Instant } from '#lib/time.ts'
import { fieldNames } from '#messages/field-names.ts'
import { OtherContent, withContent } from '#platform/idempotency/commands.ts'
import { log } from '#platform/log.ts'
import { isOverloaded, noteAction, retryAfter } from '#platform/overload.ts'
import { withRequestId } from '#platform/request.ts'
import { clientAddress } from './address.ts'
import { contentOf } from './form-content.ts'
import { requiredSubmitKey } from './hidden-fields.ts'
import { fromOwnSite } from './origin.ts'
import { noteRefused } from './refused-form.ts'

/** A key of the messages' `faults`, with the values for its text. `named`: the text names the faulty field itself. */
export type Fault =
  | string
  | {
      readonly fault: string
      readonly values: Readonly<Record<string, string | number>>
      readonly named?: boolean
    }

/**
 * The outcome of an act: a redirect; a refusal with one fault per field (`form` for the whole form); a message in the page's
 * language, shown once; or a result that the page shows beside the entered values.
 */
export type ActionOutcome =
  | { readonly to: string }
  | { readonly faults: Readonly<Record<string, Fault>> }
  | { readonly done: string }
  | (Required<Pick<FormState, 'result'>> & Pick<FormState, 'rows'>)

export interface ActionContext {
  readonly locale: 'vi' | 'en'
  readonly now: Instant
  /** The whole form, for acts whose fields are not known in advance. */
  readonly form: FormData
}

type Elsewhere = { readonly to: string }

/**
 * Makes an action without sign-in. `open` finds what the act needs through the browser's cookie, or says where the browser goes
 * instead; without it the act finds its draft or case itself.
 */
export function citizenAction<S extends z.ZodType, Opened = undefined>(
  spec: {
    readonly schema: S
    readonly open?: (input: z.output<S>, context: ActionContext) => Promise<Opened>
  },
  act: (
    input: z.output<S>,
    context: ActionContext,
    opened: Exclude<Opened, Elsewhere>,
  ) => Promise<ActionOutcome>,
): FormAction {
  return (_previous, form) =>
    run(spec.schema, form, async (input, context) => {
      const opened = await spec.open?.(input, context)
      if (typeof opened === 'object' && opened !== null && 'to' in opened) return opened as Elsewhere
      return act(input, context, opened as Exclude<Opened, Elsewhere>)
    })
}

/**
 * Parses a form, runs its act and returns the form's new state, or redirects. Every action ends here; staff actions do so after
 * authentication.
 */
export async function run<S extends z.ZodType>(
  schema: S,
  given: FormData,
  act: (input: z.output<S>, context: ActionContext) => Promise<ActionOutcome>,
): Promise<FormState> {
  noteAction()
  // A script can call an action with any value.
  const form = given instanceof FormData ? given : new FormData()
  const sent = await headers()
  const requestId = sent.get('x-request-id') ?? crypto.randomUUID()
  const locale = (await getLocale()) === 'en' ? 'en' : 'vi'
  const read = withoutNul(form)
  const parsed = schema.safeParse(rawForm(read))
  // Checked here again, after proxy.ts, because here the change is made.
  const outcome: ActionOutcome = !fromOwnSite({ method: 'POST', headers: sent })
    ? { faults: { form: 'general.foreign' } }
    : parsed.success
      ? await withRequestId(
          requestId,
          () =>
            attempt(() =>
              withContent(contentOf(shownValues(read)), () =>
                act(parsed.data, { locale, now: new Date(), form: read }),
              ),
            ),
          clientAddress(sent),
        )
      : { faults: faultsOf(parsed.error) }
  if ('to' in outcome) redirect(outcome.to)
  // The next submission from the same page is a new act.
  const submitKey = crypto.randomUUID()
  if ('done' in outcome) return { values: {}, errors: {}, done: outcome.done, submitKey }
  if ('result' in outcome) return { values: shownValues(form), errors: {}, ...outcome, submitKey }
  const words = await wordsFor(outcome.faults)
  const { form: notice, ...errors } = words
  const names = await fieldNames(Object.keys(errors).filter((field) => !isNamed(outcome.faults[field])))
  const values = shownValues(form)
  const written = await fieldNames(
    WRITTEN_FIELDS.filter((field) => String(values[field] ?? '').trim() !== ''),
  )
  const key = outcome === SENT_BEFORE ? { submitKey } : keyOf(form)
  const state = { values, errors, names, written, ...(notice && { notice }), ...key }
  await noteRefused(state)
  return state
}

/** The form was sent before with other content. The new content is another act and needs its own key. */
const SENT_BEFORE = { faults: { form: 'general.sent_before' } } as const satisfies ActionOutcome

/** Returns the form's idempotency key. A refused act does not use up its key, so the corrected form keeps it. */
function keyOf(form: FormData): Pick<FormState, 'submitKey'> {
  const sent = requiredSubmitKey.safeParse(form.get('submitKey'))
  return sent.success ? { submitKey: sent.data } : {}
}

/**
 * Maps the faults of a noun's rules to keys of the messages' `faults`. Personal data in public text has one message everywhere.
 */
export const faultsUnder = (
  noun: string,
  faults: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(faults).map(([field, fault]) => [
      field,
      fault === 'personal' ? 'general.personal' : `${noun}.${fault}`,
    ]),
  )

const isNamed = (fault: Fault | undefined): boolean => typeof fault === 'object' && fault.named === true

export async function wordsFor(faults: Readonly<Record<string, Fault>>): Promise<Record<string, string>> {
  const t = await getTranslations('faults')
  const say = (fault: Fault) => {
    const [key, values] = typeof fault === 'string' ? [fault, {}] : [fault.fault, fault.values]
    return t.has(key as 'general.invalid')
      ? t(key as 'general.invalid', values as never)
      : t('general.invalid')
  }
  return Object.fromEntries(Object.entries(faults).map(([field, fault]) => [field, say(fault)]))
}

/** Runs an act. Logs an unexpected error with the request's id and returns a readable fault, never an empty page. */
async function attempt(act: () => Promise<ActionOutcome>): Promise<ActionOutcome> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof OtherContent) return SENT_BEFORE
    // The database refused the act, because the account was reset or changed after the request began (ADR 44).
    if (String(error).includes('account_waits')) return { faults: { form: 'approval.waiting' } }
    log().error({ err: error }, 'an action failed')
    const busy = isOverloaded(error) || retryAfter() !== null
    return { faults: { form: busy ? 'general.busy' : 'general.failed' } }
  }
}

/** Removes NUL characters, which PostgreSQL cannot store and no person means to send. */
function withoutNul(form: FormData): FormData {
  if (![...form.values()].some((value) => typeof value === 'string' && value.includes('\0'))) return form
  const read = new FormData()
  for (const [name, value] of form)
    read.append(name, typeof value === 'string' ? value.replaceAll('\0', '') : value)
  return read
}

/** Returns the first fault of each field. The schemas use keys of `faults` as zod messages. */
function faultsOf(error: z.ZodError): Record<string, string> {
  const faults: Record<string, string> = {}
  for (const issue of error.issues) faults[String(issue.path[0] ?? 'form')] ??= issue.message
  return faults
}
