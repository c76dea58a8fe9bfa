'use server'
import { getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { QUESTION_KINDS } from '#features/questionnaires/questions/rules.ts'
import {
  arrangeQuestion,
  type DraftRefusal,
  decideTrial,
  discardDraft,
  publishDraft,
  retireVersion,
  saveBasis,
  saveQuestion,
  startDraft,
} from '#features/questionnaires/versions/acts.ts'
import { readVersionPage } from '#features/questionnaires/versions/data.ts'
import { readRating } from '#features/ratings/rating/rules.ts'
import { type ActionContext, faultsUnder, type Outcome } from '#http/action.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction } from '#http/staff-action.ts'
import type { RawForm } from '#lib/raw-form.ts'
import type { Result } from '#lib/result.ts'
import { pathFor } from '#messages/paths.ts'

const invalid = 'general.invalid'
const number = z.coerce.number(invalid).int(invalid).min(0, invalid).max(1_000_000, invalid)
const key = z.string(invalid).regex(/^[a-z][a-z0-9_]{0,15}$/, invalid)
const draft = z.object({ version: number, revision: number, submitKey: requiredSubmitKey })

/** Returns the form as it came: a question says itself which fields it has. */
const typedOf = (form: FormData): RawForm => {
  const names = [...new Set(form.keys())].filter((name) => !name.startsWith('$'))
  return Object.fromEntries(
    names.map((name) => [name, form.getAll(name).filter((value) => typeof value === 'string')]),
  )
}

/**
 * Redirects to the page of the version or to the list, which says what was done; or says the refusal beside its field.
 */
function outcome(
  done: Result<number, DraftRefusal>,
  locale: ActionContext['locale'],
  said: 'started' | 'question' | 'arranged' | 'basis' | 'discarded' | 'published' | 'retired' | 'decided',
): Outcome {
  if (done.ok) {
    const params = { version: String(done.value) }
    const query = { done: said }
    return {
      to: pathFor(
        locale,
        said === 'discarded'
          ? { pathname: '/admin/survey/questionnaires', query }
          : { pathname: '/admin/survey/questionnaires/[version]', params, query },
      ),
    }
  }
  const { error } = done
  if (error.kind === 'forbidden') return { faults: { form: 'sign_in.not_allowed' } }
  if (error.kind !== 'faults') return { faults: { form: `questionnaire.${error.kind}` } }
  return { faults: faultsUnder('questionnaire', error.faults) }
}

export const startDraftAction = staffAction(
  { schema: z.object({ base: number, submitKey: requiredSubmitKey }), permission: 'survey:manage' },
  async (actor, input, { locale, now }) => outcome(await startDraft(actor, input, now), locale, 'started'),
)

export const saveQuestionAction = staffAction(
  {
    schema: draft.extend({ key: key.optional(), kind: z.enum(QUESTION_KINDS, invalid).optional() }),
    permission: 'survey:manage',
  },
  async (actor, { key, kind, ...on }, { locale, now, form }) => {
    const question = key === undefined ? kind && { kind } : { key }
    if (question === undefined) return { faults: { form: invalid } }
    return outcome(await saveQuestion(actor, on, question, typedOf(form), now), locale, 'question')
  },
)

export const arrangeAction = staffAction(
  {
    schema: draft.extend({ key, act: z.enum(['up', 'down', 'remove'], invalid) }),
    permission: 'survey:manage',
  },
  async (actor, { key, act, ...on }, { locale, now }) =>
    outcome(await arrangeQuestion(actor, on, key, act, now), locale, 'arranged'),
)

export const basisAction = staffAction(
  { schema: draft.extend({ legalBasis: z.string(invalid) }), permission: 'survey:manage' },
  async (actor, { legalBasis, ...on }, { locale, now }) =>
    outcome(await saveBasis(actor, on, legalBasis, now), locale, 'basis'),
)

export const discardAction = staffAction(
  { schema: draft, permission: 'survey:manage' },
  async (actor, on, { locale, now }) => outcome(await discardDraft(actor, on, now), locale, 'discarded'),
)

export const publishAction = staffAction(
  { schema: draft, permission: 'survey:manage' },
  async (actor, on, { locale, now, form }) =>
    outcome(await publishDraft(actor, on, typedOf(form), now), locale, 'published'),
)

export const retireAction = staffAction(
  { schema: z.object({ version: number, submitKey: requiredSubmitKey }), permission: 'survey:manage' },
  async (actor, input, { locale, now }) => outcome(await retireVersion(actor, input, now), locale, 'retired'),
)

export const decideAction = staffAction(
  { schema: z.object({ version: number, submitKey: requiredSubmitKey }), permission: 'survey:manage' },
  async (actor, input, { locale, now, form }) =>
    outcome(await decideTrial(actor, input, typedOf(form), now), locale, 'decided'),
)

/** Checks a form as in earnest, and keeps nothing of it. */
export const previewAction = staffAction(
  { schema: z.object({ questionnaire: number }), permission: 'survey:read' },
  async (actor, { questionnaire }, { now, form }) => {
    const version = await readVersionPage(actor, questionnaire, now)
    if (version === null) return { faults: { form: 'questionnaire.unknown' } }
    const rating = readRating(typedOf(form), version.questions, now)
    if (rating.ok) return { done: (await getTranslations('survey-questions.preview'))('fine') }
    const faults = Object.entries(rating.error).map(([field, fault]) => [field, `survey.${fault}`])
    return { faults: Object.fromEntries(faults) }
  },
)
