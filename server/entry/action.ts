import '#server-only'
import { headers } from 'next/headers'
import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import type { z } from 'zod'
import type { FormAction, FormState } from '#domain/form-state.ts'
import type { Instant } from '#domain/time.ts'
import { fieldNames } from '#messages/field-names.ts'
import { log } from '#server/platform/log.ts'
import { withRequestId } from '#server/platform/request.ts'

/** A key of messages' `faults`, with the values its words need. */
export type Fault =
  | string
  | { readonly fault: string; readonly values: Readonly<Record<string, string | number>> }

/**
 * What an act comes to: on to another page, refused with a fault a field (`form` for what belongs to none), or
 * done with something to say, in the page's language, that is shown once, or done with a result that the page shows
 * beside what was typed.
 */
export type Outcome =
  | { readonly to: string }
  | { readonly faults: Readonly<Record<string, Fault>> }
  | { readonly done: string }
  | (Required<Pick<FormState, 'result'>> & Pick<FormState, 'rows'>)

export interface ActionContext {
  readonly locale: 'vi' | 'en'
  readonly now: Instant
  /** The whole form, for acts whose fields are not known beforehand. */
  readonly form: FormData
}

/** An action that anybody may call: the act itself finds out, through its cookie, whose draft or case it is. */
export function citizenAction<S extends z.ZodType>(
  spec: { readonly schema: S },
  act: (input: z.output<S>, context: ActionContext) => Promise<Outcome>,
): FormAction {
  return (_previous, form) => run(spec.schema, form, act)
}

/**
 * Parses a form, runs its act and answers the form again, or redirects. The one body of every action; staff's
 * actions come here once it is settled who is asking.
 */
export async function run<S extends z.ZodType>(
  schema: S,
  form: FormData,
  act: (input: z.output<S>, context: ActionContext) => Promise<Outcome>,
): Promise<FormState> {
  const requestId = (await headers()).get('x-request-id') ?? crypto.randomUUID()
  const locale = (await getLocale()) === 'en' ? 'en' : 'vi'
  const parsed = schema.safeParse(typed(form, withoutNul))
  const outcome = parsed.success
    ? await withRequestId(requestId, () => attempt(() => act(parsed.data, { locale, now: new Date(), form })))
    : { faults: faultsOf(parsed.error) }
  if ('to' in outcome) redirect(outcome.to)
  if ('done' in outcome) return { values: {}, errors: {}, done: outcome.done }
  if ('result' in outcome) return { values: shownAgain(form), errors: {}, ...outcome }
  const words = await wordsFor(outcome.faults)
  const { form: notice, ...errors } = words
  const names = await fieldNames(Object.keys(errors))
  return { values: shownAgain(form), errors, names, ...(notice && { notice }) }
}

/** The sentences for faults, in the page's language. */
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

/** An unexpected failure is logged with its request's id and told in plain words, never as an empty page. */
async function attempt(act: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await act()
  } catch (error) {
    log().error({ err: error }, 'an action failed')
    return { faults: { form: 'general.failed' } }
  }
}

/** PostgreSQL has no NUL in a text: what an act is given has none. */
const withoutNul = (text: string): string => text.replaceAll('\0', '')

/** The form as strings: a field sent several times becomes a list; files and React's own fields are left out. */
function typed(form: FormData, read = (text: string) => text): Record<string, string | string[]> {
  const values: Record<string, string | string[]> = Object.create(null)
  for (const name of new Set(form.keys())) {
    if (name.startsWith('$')) continue
    const all = form
      .getAll(name)
      .filter((value) => typeof value === 'string')
      .map(read)
    if (all.length > 0) values[name] = all.length === 1 ? (all[0] as string) : all
  }
  return values
}

/** Secrets are typed again rather than sent back in a page. */
const NEVER_SHOWN_AGAIN = /password|^(otp|contactCode|caseSecret)$/i
function shownAgain(form: FormData): FormState['values'] {
  return Object.fromEntries(Object.entries(typed(form)).filter(([name]) => !NEVER_SHOWN_AGAIN.test(name)))
}

/** The first fault of each field: schemas put a key of `faults` where zod has its message. */
function faultsOf(error: z.ZodError): Record<string, string> {
  const faults: Record<string, string> = {}
  for (const issue of error.issues) faults[String(issue.path[0] ?? 'form')] ??= issue.message
  return faults
}
