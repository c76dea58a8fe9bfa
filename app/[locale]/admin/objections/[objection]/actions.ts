'use server'
import { refresh } from 'next/cache'
import { z } from 'zod'
import { disclosureSchema } from '#features/cases/disclosure/rules.ts'
import { givenAnswers, missingAnswers } from '#features/cases/proof/rules.ts'
import {
  decideOnObjection,
  discloseObjection,
  type ObjectionDecisionRefusal,
} from '#features/disputes/objections/desk-acts.ts'
import { OBJECTION_DECISIONS } from '#features/disputes/objections/moves-rules.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction } from '#http/staff-action.ts'
import { shownVersion } from '#lib/shown-version.ts'
import { pathFor } from '#messages/paths.ts'
import { checkSchema } from '../../check-schema.ts'

const schema = z.object({
  number: z.string().max(40, 'general.invalid'),
  version: shownVersion,
  submitKey: requiredSubmitKey,
  decision: z.enum(OBJECTION_DECISIONS, 'case.decision_missing'),
  reasonCode: z.string().max(40, 'general.invalid').optional(),
  reason: z.string().max(5_000, 'case.text_too_long').optional(),
  ...checkSchema,
})

const pageOf = (number: string, done: string) =>
  ({ pathname: '/admin/objections/[objection]', params: { objection: number }, query: { done } }) as const

/** The field for each refusal; all others are shown above the form. */
const FIELD_OF: Partial<Record<ObjectionDecisionRefusal, string>> = {
  reason_code_missing: 'reasonCode',
  text_missing: 'reason',
  proof_unseen: 'evidence',
  check_nameless: 'checkName',
  check_no_device: 'checkDevice',
}

/** An objection is about one number. */
const ONE_IMEI = { imeiChecks: ['checkImei1'] } as const

/** Refusals about the case that blocks the phone have its messages. */
const OF_CASE: readonly ObjectionDecisionRefusal[] = [
  'held',
  'hearing_runs',
  'no_objection',
  'own_filing',
  'own_verification',
  'proof_unseen',
  'check_nameless',
  'check_no_device',
  'check_of_no_imei',
  'withdrawal_running',
]

export const decideAction = staffAction(
  {
    schema,
    permission: 'case:decide',
    // It leads to an unblock.
    stepUp: ({ decision }: z.output<typeof schema>) => (decision === 'uphold' ? 'decision' : null),
  },
  async (actor, input, { locale, now }) => {
    const check = givenAnswers(input)
    const decided = await decideOnObjection(actor, { ...input, check }, now)
    if (decided.ok) return { to: pathFor(locale, pageOf(input.number, input.decision)) }
    const { error } = decided
    if (error === 'check_missing')
      return {
        faults: Object.fromEntries(
          missingAnswers(check, ONE_IMEI).map((name) => [name, 'case.check_missing']),
        ),
      }
    if (error === 'changed') refresh()
    const words = OF_CASE.includes(error) || error === 'changed' ? 'case' : 'objection'
    return { faults: { [FIELD_OF[error] ?? 'form']: `${words}.${error}` } }
  },
)

export const discloseAction = staffAction(
  {
    permission: 'case:disclose',
    schema: disclosureSchema,
  },
  async (actor, input, { locale, now }) => {
    const opened = await discloseObjection(actor, input, now)
    if (opened.ok) return { to: pathFor(locale, pageOf(input.number, 'disclose')) }
    if (opened.error === 'note_missing') return { faults: { disclosureNote: 'disclosure.note_missing' } }
    return { faults: { form: `objection.${opened.error}` } }
  },
)
