'use server'
import { refresh } from 'next/cache'
import { z } from 'zod'
import { needsStepUp } from '#features/accounts/factors/rules.ts'
import { allowAlerts } from '#features/alerts/consents/acts.ts'
import { DESK_ACTS, isDataAct } from '#features/cases/citizen/rules.ts'
import { type DecisionRefusal, decideCase } from '#features/cases/decisions/acts.ts'
import {
  buttonOf,
  CASE_DECISIONS,
  type CaseDecision,
  moveOf,
  reasonGiven,
} from '#features/cases/decisions/rules.ts'

import { type DeskActRefusal, recordDeskAct } from '#features/cases/desk/acts.ts'
import { discloseCase } from '#features/cases/disclosure/acts.ts'
import { disclosureSchema } from '#features/cases/disclosure/rules.ts'
import { findCaseIdToRead, findLastChanger } from '#features/cases/file/page-data.ts'
import { readGivenImei } from '#features/cases/imeis/rules.ts'
import { readChecklist } from '#features/cases/proof/data.ts'
import { differingImei, givenAnswers, missingAnswers } from '#features/cases/proof/rules.ts'
import { askCarrierOfCase } from '#features/cases/questions/acts.ts'
import { takeAndOpen } from '#features/cases/queue/acts.ts'
import { writeQueueFilter } from '#features/cases/queue/rules.ts'
import { findSnippet } from '#features/cases/snippets/data.ts'
import { findNext, findPlaceBefore, readStreamAt } from '#features/cases/stream/data.ts'
import { oneDone, writeStream } from '#features/cases/stream/rules.ts'
import { type AskAtDeskRefusal, askAtDesk } from '#features/privacy/requests/acts.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction, staffForm } from '#http/staff-action.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { ok, type Result } from '#lib/result.ts'
import { shownVersion } from '#lib/shown-version.ts'
import type { Instant } from '#lib/time.ts'
import { pathFor } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'
import { checkSchema } from '../../check-schema.ts'
import { casePath, streamHere } from './place.ts'

const LONGEST_TEXT = 5_000
const text = z.string().max(LONGEST_TEXT, 'case.text_too_long').optional()

const schema = z
  .object({
    number: z.string().max(40, 'general.invalid'),
    version: shownVersion,
    submitKey: requiredSubmitKey,
    decision: z.enum(CASE_DECISIONS, 'case.decision_missing').optional(),
    /** The same decision, sent by the button that then opens the next case. */
    next: z.enum(CASE_DECISIONS, 'case.decision_missing').optional(),
    /** The button that takes a case and opens its evidence, under its own submit key. */
    open: z.literal('take', 'case.decision_missing').optional(),
    openKey: z.uuid('general.invalid').optional(),
    reasonCode: z.string().max(40, 'general.invalid').optional(),
    reason: text,
    /** One of the officer's own saved sentences, if no script has put it into the text. */
    snippet: z
      .union([z.uuid(), z.literal('')])
      .optional()
      .catch(undefined),
    /** The case that `uphold` decides for. */
    upheld: z.string().max(40, 'general.invalid').optional(),
    otherPhone: z
      .union([z.string(), z.array(z.string())])
      .transform((sent) => [sent].flat())
      .pipe(z.array(z.string().max(40, 'general.invalid')).max(50, 'general.invalid'))
      .optional(),
    note: text,
    // An invalid value counts as missing: the command reports it after checking that the evidence is open.
    ...checkSchema,
    /** One tick for all answers that the machine or the kind of evidence gives, if no script sets each. */
    checkAll: z.literal('yes').optional().catch(undefined),
    imei1: z.string().max(40, 'report.imei.length').optional().default(''),
    imei2: z.string().max(40, 'report.imei.length').optional().default(''),
    imeiOff: z.string().max(15, 'case.imei_not_of_case').optional(),
    imeiChoice: z.string().max(40, 'general.invalid').optional().default(''),
    assigneeId: z
      .union([z.uuid(), z.literal('')])
      .optional()
      .catch(undefined),
  })
  .transform(({ decision, next, open, ...input }, context) => {
    const made = decision ?? next ?? open
    if (made !== undefined)
      return { ...input, decision: made, by: decision ? 'decision' : next ? 'next' : 'open' } as const
    context.addIssue({ code: 'custom', path: ['decision'], message: 'case.decision_missing' })
    return z.NEVER
  })

/** The field for each refusal; all others are shown above the form. */
const FIELD_OF: Partial<Record<DecisionRefusal, string>> = {
  reason_code_missing: 'reasonCode',
  text_missing: 'reason',
  note_missing: 'note',
  assignee_invalid: 'assigneeId',
  assignee_had_part: 'assigneeId',
  no_proof: 'evidence',
  proof_unseen: 'evidence',
  check_nameless: 'checkName',
  check_no_device: 'checkDevice',
  no_imei_found: 'checkImei1',
  no_imei_agreed: 'checkImei1',
  imei_not_of_case: 'imeiOff',
  imei_last: 'imeiOff',
  imei_blocked: 'imeiOff',
  imei_missing: 'imei1',
  imei_not_named: 'imeiChoice',
}

const spec = {
  schema,
  permission: 'case:decide',
  stepUp: ({ decision }: z.output<typeof schema>) => (needsStepUp(decision) ? 'decision' : null),
} as const

export const decideAction = staffAction(
  spec,
  async (
    actor,
    { checkAll, imei1, imei2, imeiChoice, imeiOff: dropped, by, openKey, snippet, ...sent },
    { locale, now },
  ) => {
    const own = snippet && !sent.reason?.trim() ? await findSnippet(actor, snippet) : null
    const input = { ...sent, ...(own !== null && { reason: own }) }
    const number = buttonOf(input.decision).on === 'conflict' ? (input.upheld ?? '') : input.number
    const asked = await readChecklist(actor, number, input.decision)
    const check = { ...(checkAll && asked?.suggestion), ...givenAnswers(input) }
    const imei = readGivenImei([imei1, imei2], imeiChoice)
    if (!imei.ok && buttonOf(input.decision).asksForImei) return { faults: imei.error }
    const whole = {
      ...input,
      reasonCode: reasonGiven(moveOf(input.decision), check, input),
      check,
      dropped,
      imei: imei.ok ? imei.value : null,
      assigneeId: input.assigneeId || undefined,
      language: locale,
    }
    const after = by === 'next' ? await nextPlace(actor, input.number, now) : null
    const decided =
      by === 'open' && openKey !== undefined
        ? await takeAndOpen(actor, { ...whole, openKey }, now)
        : await decideCase(actor, whole, now)
    if (decided.ok) return { to: await (after?.(whole) ?? stayAt(whole, decided.value)) }
    if (decided.error === 'check_missing') {
      const missing = asked ? missingAnswers(check, asked.can) : []
      return { faults: Object.fromEntries(missing.map((name) => [name, 'case.check_missing'])) }
    }
    const differing = decided.error === 'other_imei' ? differingImei(check) : undefined
    const field = differing ?? FIELD_OF[decided.error] ?? 'form'
    if (decided.error === 'changed') return changedBy(actor, input.number)
    return { faults: { [field]: wordsOf(decided.error, input.decision) } }
  },
)

type Decided = Pick<z.output<typeof schema>, 'number' | 'upheld'> & {
  readonly decision: CaseDecision
  readonly language: Locale
}

const stayAt = ({ number, decision, upheld, language }: Decided, opened: boolean): Promise<string> =>
  casePath(language, number, {
    done: decision,
    ...(buttonOf(decision).on === 'conflict' && { upheld }),
    ...(!opened && { closed: 'yes' }),
  })

/**
 * Finds a case's position in the reader's list before the decision removes it. Returns a function that gives the next address:
 * the next case of that list, or the queue if none is left.
 */
async function nextPlace(actor: StaffActor, number: string, now: Instant) {
  const stream = await readStreamAt(actor, await streamHere())
  const id = await findCaseIdToRead(actor, number)
  const key = id === null ? null : await findPlaceBefore(actor, stream, id, now)
  return async ({ decision, language }: Decided): Promise<string> => {
    const query = { done: decision, of: number }
    const next = await findNext(actor, stream, { number, key }, now)
    if (next === null)
      return pathFor(language, {
        pathname: '/admin/cases',
        query: { ...writeQueueFilter(stream.filter), ...query },
      })
    return pathFor(language, {
      pathname: '/admin/cases/[number]',
      params: { number: next },
      query: { ...query, in: writeStream(oneDone(stream)) },
    })
  }
}

/** If two people decided at once, tells the later one who was faster. They see the current case, with their own text kept. */
async function changedBy(actor: Parameters<typeof findLastChanger>[0], number: string) {
  refresh()
  const name = await findLastChanger(actor, number)
  return { faults: { form: name ? { fault: 'case.changed_by', values: { name } } : 'case.changed' } }
}

/** Returns the message key of a refusal. Some refusals depend on the decision. */
function wordsOf(refusal: DecisionRefusal, decision: CaseDecision): string {
  const own: Partial<Record<DecisionRefusal, string>> = buttonOf(decision).says ?? {}
  return `case.${own[refusal] ?? refusal}`
}

export const askCarrierAction = staffForm(
  askCarrierOfCase,
  async (_asked, { number }, _actor, { locale }) => ({
    to: await casePath(locale, number, { done: 'ask_carrier' }),
  }),
)

const allowSchema = z.object({
  number: z.string().max(40, 'general.invalid'),
  submitKey: z.uuid('general.invalid'),
})
/** Allows informing the banks that the person chose, after police have looked at the number. */
export const allowAlertsAction = staffAction(
  { schema: allowSchema, permission: 'case:decide' },
  async (actor, input, { locale, now }) => {
    const done = await allowAlerts(actor, input, now)
    if (!done.ok)
      return { faults: { form: done.error === 'unseen' ? 'alerts.unseen' : `case.${done.error}` } }
    return { to: await casePath(locale, input.number, {}) }
  },
)

const deskSchema = z.object({
  number: z.string().max(40, 'general.invalid'),
  version: z.coerce.number('general.invalid').int('general.invalid').min(1, 'general.invalid'),
  submitKey: z.uuid('general.invalid'),
  deskAct: z.enum(DESK_ACTS, 'case.desk_act_missing'),
  message: z.string().trim().min(1, 'case.said_missing').max(LONGEST_TEXT, 'case.text_too_long'),
  correctField: z.string().max(40, 'general.invalid').optional(),
  correctValue: z.string().max(LONGEST_TEXT, 'case.text_too_long').optional(),
  imei1: z.string().max(40, 'report.imei.length').optional().default(''),
  share: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .transform((sent) => [sent ?? []].flat()),
  /** Index of the number among the file's phone numbers, from 0. The number itself is in no form. */
  shareNumber: z.coerce.number('general.invalid').int('general.invalid').min(0, 'general.invalid').optional(),
})

function deskFault(refusal: DeskActRefusal): Record<string, string> {
  if (typeof refusal === 'object') return { ...refusal.faults }
  if (refusal === 'no_proof') return { form: 'case.verify_no_proof' }
  if (refusal === 'imei_missing') return { imei1: 'check.empty' }
  return { [refusal.startsWith('imei') ? 'imei1' : 'form']: `case.${refusal}` }
}

function dataFault(refusal: AskAtDeskRefusal): Record<string, string> {
  if (refusal === 'correction_field') return { correctField: 'general.invalid' }
  if (refusal === 'correction_empty') return { message: 'track.correction_empty' }
  if (refusal.startsWith('correction_')) return { correctValue: `privacy.${refusal}` }
  if (refusal === 'asked' || refusal === 'no_consent') return { form: `track.${refusal}` }
  return KEPT.includes(refusal) ? { form: `track.kept_${refusal}` } : { form: `case.${refusal}` }
}
const KEPT: readonly AskAtDeskRefusal[] = ['legal_hold', 'conflict', 'not_over', 'order_in_force', 'erased']

export const deskAction = staffAction(
  { schema: deskSchema, permission: 'case:decide' },
  async (
    actor,
    { deskAct: act, correctField: field = '', correctValue: value = '', imei1, ...input },
    { locale, now },
  ) => {
    const imei = act === 'add_imei' ? readGivenImei([imei1], '') : ok(null)
    if (!imei.ok) return { faults: imei.error }
    const faults = isDataAct(act)
      ? faultsOf(await askAtDesk(actor, { ...input, act, correction: { field, value } }, now), dataFault)
      : faultsOf(await recordDeskAct(actor, { ...input, act, imei: imei.value }, now), deskFault)
    if (faults === null) return { to: await casePath(locale, input.number, { done: 'desk_act' }) }
    return faults === 'changed' ? changedBy(actor, input.number) : { faults }
  },
)

const faultsOf = <Refusal>(done: Result<true, Refusal>, say: (refusal: Refusal) => Record<string, string>) =>
  done.ok ? null : done.error === 'changed' ? 'changed' : say(done.error)

export const discloseAction = staffAction(
  {
    permission: 'case:disclose',
    schema: disclosureSchema,
  },
  async (actor, input, { locale, now }) => {
    const opened = await discloseCase(actor, input, now)
    if (opened.ok) return { to: await casePath(locale, input.number, { done: 'disclose' }) }
    if (opened.error === 'note_missing') return { faults: { disclosureNote: 'disclosure.note_missing' } }
    return { faults: { form: `case.${opened.error}` } }
  },
)
