'use server'
import { z } from 'zod'
import { askLegalHold } from '#features/privacy/legal-holds/acts.ts'
import { LEGAL_HOLD_DECISIONS } from '#features/privacy/legal-holds/rules.ts'
import { type AnswerDone, answerDataRequest } from '#features/privacy/requests/answer-acts.ts'
import { CORRECTABLE } from '#features/privacy/requests/correction-rules.ts'
import { DATA_DECISIONS, type DataDecision } from '#features/privacy/requests/rules.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction } from '#http/staff-action.ts'
import { shownVersion } from '#lib/shown-version.ts'
import type { Locale } from '#messages/routing.ts'
import { casePath } from './place.ts'

const decided = {
  number: z.string().max(40, 'general.invalid'),
  version: shownVersion,
  submitKey: requiredSubmitKey,
  reason: z.string().trim().max(5_000, 'case.text_too_long').default(''),
}
const answerSchema = z.object({
  ...decided,
  requestId: z.uuid('general.invalid'),
  decision: z.enum(DATA_DECISIONS, 'general.invalid'),
  correctField: z.enum([...CORRECTABLE, ''], 'general.invalid').optional(),
  correctValue: z.string().max(5_000, 'case.text_too_long').optional(),
})
const legalHoldSchema = z.object({
  ...decided,
  basis: z.string().trim().min(1, 'privacy.basis_missing').max(200, 'privacy.basis_long'),
  decision: z.enum(LEGAL_HOLD_DECISIONS, 'general.invalid'),
})

const back = async (locale: Locale, number: string, done: string) => ({
  to: await casePath(locale, number, { done }),
})

/** Refusals about the case have their words among the case's messages. */
const OF_CASE = ['changed', 'forbidden', 'wrong_state', 'not_found', 'own_writing']
const fault = (refusal: string) =>
  refusal === 'text_missing'
    ? { faults: { reason: 'case.text_missing' } }
    : {
        faults: { form: OF_CASE.includes(refusal) ? `case.${refusal}` : `privacy.${refusal}` },
      }

const answerFault = (refusal: string) =>
  refusal.startsWith('correction_') ? { faults: { correctValue: `privacy.${refusal}` } } : fault(refusal)

function saidOf(decision: DataDecision, done: AnswerDone): string {
  if (done === 'proposed') return 'data_proposed'
  return decision === 'extend_data_request' ? 'data_extended' : 'data_request'
}

export const answerDataAction = staffAction(
  { schema: answerSchema, permission: 'case:decide_data' },
  async (actor, input, { locale, now }) => {
    const { correctField: field, correctValue: value = '', ...rest } = input
    const correction = field ? { field, value } : undefined
    const done = await answerDataRequest(actor, { ...rest, correction }, now)
    if (!done.ok) return answerFault(done.error)
    return back(locale, input.number, saidOf(input.decision, done.value))
  },
)
export const legalHoldAction = staffAction(
  { schema: legalHoldSchema, permission: 'case:hold_data' },
  async (actor, input, { locale, now }) => {
    const done = await askLegalHold(actor, input, now)
    return done.ok ? back(locale, input.number, 'legal_hold_proposed') : fault(done.error)
  },
)
