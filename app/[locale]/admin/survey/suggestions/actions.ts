'use server'
import { z } from 'zod'
import {
  answerSuggestion,
  mergeSeveral,
  mergeSuggestion,
  type SuggestionRefusal,
  separateSuggestion,
} from '#features/questionnaires/suggestions/acts.ts'
import { ANSWERED_STATES, SUGGESTION_STATES } from '#features/questionnaires/suggestions/rules.ts'
import { type ActionContext, faultsUnder, type Outcome } from '#http/action.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction } from '#http/staff-action.ts'
import type { Result } from '#lib/result.ts'
import { dayOf } from '#lib/sheet.ts'
import { pathFor } from '#messages/paths.ts'

const invalid = 'general.invalid'
const on = z.object({
  id: z.uuid(invalid),
  revision: z.coerce.number(invalid).int(invalid).min(0, invalid).max(1_000_000, invalid),
  submitKey: requiredSubmitKey,
})

/** Redirects to a suggestion, which says what was done; or says the refusal beside its field. */
function outcome(
  done: Result<string, SuggestionRefusal>,
  locale: ActionContext['locale'],
  said: 'merged' | 'separated' | 'answered',
  to?: string,
): Outcome {
  if (done.ok) {
    const params = { suggestion: to ?? done.value }
    const page = {
      pathname: '/admin/survey/suggestions/[suggestion]',
      params,
      query: { done: said },
    } as const
    return { to: pathFor(locale, page) }
  }
  const { error } = done
  if (error.kind === 'forbidden') return { faults: { form: 'sign_in.not_allowed' } }
  if (error.kind !== 'faults') return { faults: { form: `suggestion.${error.kind}` } }
  return { faults: faultsUnder('suggestion', error.faults) }
}

export const mergeAction = staffAction(
  { schema: on.extend({ into: z.uuid(invalid) }), permission: 'survey:manage' },
  async (actor, { into, ...one }, { locale, now }) =>
    outcome(await mergeSuggestion(actor, one, into, now), locale, 'merged', into),
)

export const mergeSameAction = staffAction(
  {
    schema: on.extend({
      /** The suggestions to merge: all with the same text, or the chosen ones. */
      which: z.enum(['same', 'chosen']).catch('same'),
      other: z
        .preprocess((sent) => [sent ?? []].flat(), z.array(z.uuid(invalid)))
        .pipe(z.array(z.string()).max(20, invalid)),
      /** Sent from the list, in this state of it: there it leads back to. */
      list: z.enum(SUGGESTION_STATES).optional().catch(undefined),
    }),
    permission: 'survey:manage',
  },
  async (actor, { which, other, list, ...one }, { locale, now }) => {
    if (which === 'chosen' && other.length === 0) return { faults: { form: 'suggestion.none_chosen' } }
    const merged = await mergeSeveral(actor, one, which === 'same' ? 'same' : other, now)
    if (!merged.ok || list === undefined) return outcome(merged, locale, 'merged')
    const query = { ...(list !== 'new' && { state: list }), done: merged.value }
    return { to: pathFor(locale, { pathname: '/admin/survey/suggestions', query }) }
  },
)

export const separateAction = staffAction(
  { schema: on, permission: 'survey:manage' },
  async (actor, one, { locale, now }) =>
    outcome(await separateSuggestion(actor, one, now), locale, 'separated'),
)

const text = z.string(invalid).catch('')

export const answerAction = staffAction(
  {
    schema: on.extend({
      state: z.enum(ANSWERED_STATES, 'suggestion.state'),
      outcomeOn: z
        .string()
        .max(20)
        .catch('')
        .transform((text) => dayOf(text) ?? text.trim()),
      outcomeVersion: z.union([
        z.literal('').transform(() => null),
        z.coerce.number('suggestion.outcome.unknown').int('suggestion.outcome.unknown'),
      ]),
      summaryVi: text,
      summaryEn: text,
      answerVi: text,
      answerEn: text,
    }),
    permission: 'survey:manage',
  },
  async (actor, { id, revision, submitKey, state, outcomeVersion, outcomeOn, ...typed }, { locale, now }) =>
    outcome(
      await answerSuggestion(
        actor,
        { id, revision, submitKey },
        { state, outcome: { version: outcomeVersion, on: outcomeOn }, typed },
        now,
      ),
      locale,
      'answered',
    ),
)
