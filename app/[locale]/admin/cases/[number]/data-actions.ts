'use server'
import { z } from 'zod'
import type { FormState } from '#domain/form-state.ts'
import { CORRECTABLE } from '#domain/privacy/correction.ts'
import { DATA_DECISIONS } from '#domain/privacy/requests.ts'
import { pathFor } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'
import { staffAction } from '#server/entry/staff-action.ts'
import { answerDataRequest } from '#server/privacy/commands/answer.ts'
import { changeLegalHold } from '#server/privacy/commands/hold.ts'

const decided = {
  number: z.string().max(40, 'general.invalid'),
  version: z.coerce.number('general.invalid').int('general.invalid').min(1, 'general.invalid'),
  submitKey: z.uuid('general.invalid'),
  reason: z.string().trim().min(1, 'case.text_missing').max(5_000, 'case.text_too_long'),
}
const answerSchema = z.object({
  ...decided,
  requestId: z.uuid('general.invalid'),
  decision: z.enum(DATA_DECISIONS, 'general.invalid'),
  correctField: z.enum([...CORRECTABLE, ''], 'general.invalid').optional(),
  correctValue: z.string().max(5_000, 'case.text_too_long').optional(),
})
const holdSchema = z.object({
  ...decided,
  basis: z.string().trim().min(1, 'privacy.basis_missing').max(200, 'privacy.basis_long'),
  decision: z.enum(['place_legal_hold', 'lift_legal_hold'], 'general.invalid'),
})

const back = (locale: Locale, number: string, done: string) => ({
  to: pathFor(locale, { pathname: '/admin/cases/[number]', params: { number }, query: { done } }),
})

/** Refusals of the case itself have their words among the case's. */
const OF_CASE = ['stale', 'forbidden', 'wrong_state', 'not_found']
const fault = (refusal: string) => ({
  faults: { form: OF_CASE.includes(refusal) ? `case.${refusal}` : `privacy.${refusal}` },
})

/** What is wrong with a correction stands beside its new value. */
const answerFault = (refusal: string) =>
  refusal.startsWith('correction_') ? { faults: { correctValue: `privacy.${refusal}` } } : fault(refusal)

const answer = staffAction(
  { schema: answerSchema, permission: 'case:decide_data' },
  async (actor, input, { locale, now }) => {
    const { correctField: field, correctValue: value = '', ...rest } = input
    const correction = field ? { field, value } : undefined
    const done = await answerDataRequest(actor, { ...rest, correction }, now)
    const said = input.decision === 'extend_data_request' ? 'data_extended' : 'data_request'
    return done.ok ? back(locale, input.number, said) : answerFault(done.error)
  },
)
export async function answerDataAction(previous: FormState, form: FormData): Promise<FormState> {
  return answer(previous, form)
}

const hold = staffAction(
  { schema: holdSchema, permission: 'case:hold_data' },
  async (actor, input, { locale, now }) => {
    const done = await changeLegalHold(actor, input, now)
    return done.ok ? back(locale, input.number, 'legal_hold') : fault(done.error)
  },
)
export async function legalHoldAction(previous: FormState, form: FormData): Promise<FormState> {
  return hold(previous, form)
}
