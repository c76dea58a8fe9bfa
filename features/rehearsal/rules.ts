import { carrierDue, decisionDue, firstActionDue, type Holidays } from '#features/cases/clocks/rules.ts'
import { type CaseSnapshot, newSnapshot } from '#features/cases/record/snapshot-rules.ts'
import type { CaseState } from '#features/cases/record/state-rules.ts'
import type { CarrierLine } from '#features/cases/standing/rules.ts'
import type { CitizenEvent } from '#features/cases/timeline/rules.ts'
import { drillImei } from '#features/exchange/drills/rules.ts'
import type { DraftFields, Faults } from '#features/reporting/fields/reader-rules.ts'
import type { FieldName } from '#features/reporting/fields/rules.ts'
import {
  type Report,
  type ReportContext,
  readReport,
  readStep,
} from '#features/reporting/steps/report-rules.ts'
import type { AnswerStep, ReportStep } from '#features/reporting/steps/rules.ts'
import { formatImei, type ImeiKey } from '#lib/imei/imei.ts'
import { compactCode } from '#lib/text-normalization.ts'
import { DAY, type Instant } from '#lib/time.ts'

/** The pages of a rehearsal: those of the report except the evidence, and then its case. */
export const STAGES = ['incident', 'contact', 'code', 'phone', 'person', 'review', 'case'] as const
export type Stage = (typeof STAGES)[number]

export const isStage = (name: unknown): name is Stage => STAGES.some((one) => one === name)

/** A rehearsal, which only its browser stores, sealed; the database has no row of it. */
export interface Rehearsal {
  readonly answers: DraftFields
  /** The furthest page reached. */
  readonly at: Stage
  /** A number of reporting body 00, which no phone has. */
  readonly imei: string
  readonly code: string
  /** ISO 8601: when the report was sent, then when each later step was taken. */
  readonly steps: readonly string[]
}

export const REHEARSAL_KEPT = DAY

/** Prefilled values, so that nobody needs to enter personal data. */
const EXAMPLE: DraftFields = {
  contactEmail: 'dientap@example.vn',
  contactEmailAsked: 'dientap@example.vn',
  fullName: 'Nguyễn Văn Tập',
  idKind: 'cccd',
  nationalId: '079090000001',
}

/** The fields that a rehearsal asks for, and the longest answer that it keeps: one cookie must hold all of them. */
const ASKED = {
  incident: ['incidentType', 'incidentWhen', 'incidentTime', 'incidentAt', 'district'],
  contact: ['contactEmail', 'contactEmailAsked', 'contactPhone'],
  phone: ['imei1'],
  person: ['fullName', 'idKind', 'nationalId'],
} as const satisfies Record<AnswerStep, readonly FieldName[]>
const KEPT = 60

export function beginRehearsal(randomInt: (below: number) => number): Rehearsal {
  const imei = drillImei(randomInt)
  const code = String(randomInt(1_000_000)).padStart(6, '0')
  return { answers: { ...EXAMPLE, imei1: formatImei(imei) }, at: 'incident', imei, code, steps: [] }
}

const after = (stage: Stage): Stage => STAGES[STAGES.indexOf(stage) + 1] ?? stage
const furthest = (one: Stage, other: Stage): Stage =>
  STAGES.indexOf(one) > STAGES.indexOf(other) ? one : other

/** Returns the page of the back button. It skips the code, which is not entered twice. */
export function stageBefore(stage: Stage): Stage {
  const before = STAGES[STAGES.indexOf(stage) - 1] ?? stage
  return before === 'code' ? 'contact' : before
}

export const isPageOpen = ({ at }: Rehearsal, stage: Stage): boolean =>
  STAGES.indexOf(stage) <= STAGES.indexOf(at) && (at !== 'case' || stage === 'case')

/** Validates one page of the report as the real report does. Only the IMEI differs: it must be the rehearsal's. */
export function answerStage(
  rehearsal: Rehearsal,
  stage: AnswerStep,
  typed: DraftFields,
  context: ReportContext,
): { readonly rehearsal: Rehearsal; readonly faults: Faults } {
  const sent = Object.fromEntries(
    ASKED[stage].map((field) => [field, (typed[field] ?? '').slice(0, KEPT)]),
  ) as DraftFields
  const isRight = compactCode(sent.imei1 ?? '') === rehearsal.imei
  const read =
    stage === 'phone'
      ? { answers: {}, faults: isRight ? {} : { imei1: 'rehearsal.imei' } }
      : readStep(stage, { ...rehearsal.answers, ...sent }, context)
  const right = Object.entries(read.answers).filter(([field]) => field in sent)
  const answers = { ...rehearsal.answers, ...sent, ...Object.fromEntries(right) }
  const faults: Faults = read.faults
  const at = Object.keys(faults).length > 0 ? rehearsal.at : furthest(rehearsal.at, after(stage))
  return { rehearsal: { ...rehearsal, answers, at }, faults }
}

export const passStage = (rehearsal: Rehearsal, stage: 'code'): Rehearsal => ({
  ...rehearsal,
  at: furthest(rehearsal.at, after(stage)),
})

export const sendRehearsal = (rehearsal: Rehearsal, now: Instant): Rehearsal => ({
  ...rehearsal,
  at: 'case',
  steps: [now.toISOString()],
})

/** Returns the report of a rehearsal. It is validated with a real IMEI, which the rehearsal's own then replaces. */
export function rehearsedReport({ answers, imei }: Rehearsal, context: ReportContext): Report {
  const valid = '352987065816623'
  const report = readReport({ ...answers, imei1: valid }, context, () => true)
  const key = imei.slice(0, 14) as ImeiKey
  const imeis = [{ imei, key, tac: imei.slice(0, 8), writtenAs: 'imei' as const }]
  return { ...report, phone: report.phone && { ...report.phone, imeis } }
}

/**
 * The buttons on the case page, in order. Each is a move of the real case, except `some_carriers`, a step on the way to
 * the last one. `by` is who acts.
 */
export const CASE_STEPS = [
  { name: 'take', to: 'under_review', by: 'district' },
  { name: 'verify', to: 'verified', by: 'district' },
  { name: 'approve', to: 'blocking', by: 'district' },
  { name: 'some_carriers', to: 'blocking', by: 'other' },
  { name: 'carriers_applied', to: 'blocked', by: 'other' },
] as const satisfies readonly { name: string; to: CaseState; by: CitizenEvent['by'] }[]
type CaseStep = (typeof CASE_STEPS)[number]

/** Returns the next step; null at the end. */
export const nextCaseStep = ({ steps }: Rehearsal): CaseStep | null => CASE_STEPS[steps.length - 1] ?? null

export const takeCaseStep = (rehearsal: Rehearsal, now: Instant): Rehearsal =>
  nextCaseStep(rehearsal) === null
    ? rehearsal
    : { ...rehearsal, steps: [...rehearsal.steps, now.toISOString()] }

const ID = '00000000-0000-4000-8000-000000000000'
export const REHEARSAL_NUMBER = 'TAP-0000-0000'
export const REHEARSAL_SECRET = 'TAPXX-XXXXX-XXXXX-XXXXX'

export function rehearsedCase(
  { steps }: Rehearsal,
  { areaId, unitId, incidentType }: Pick<CaseSnapshot, 'areaId' | 'unitId' | 'incidentType'>,
  holidays: Holidays,
): { readonly snapshot: CaseSnapshot; readonly events: readonly CitizenEvent[] } {
  const [sentAt = new Date(0), ...taken] = steps.map((at) => new Date(at))
  const at = (name: CaseStep['name']) => taken[CASE_STEPS.findIndex((step) => step.name === name)] ?? null
  const done = CASE_STEPS.slice(0, taken.length)
  const state: CaseState = done.at(-1)?.to ?? 'submitted'
  const [takenAt, approvedAt] = [at('take'), at('approve')]
  const told = { unitId, reasonCode: null, message: null }
  const submitted: CitizenEvent = {
    ...{ seq: 1, at: sentAt, move: 'submitted', from: null, to: 'submitted', by: 'citizen', ...told },
  }
  const events = [submitted]
  for (const [index, { name, to, by }] of done.entries()) {
    if (name === 'some_carriers') continue
    const from = events.at(-1)?.to ?? 'submitted'
    events.push({
      ...{ seq: events.length + 1, at: taken[index] ?? sentAt, move: name, from, to, by, ...told },
    })
  }
  return {
    snapshot: {
      ...newSnapshot({ id: ID, number: REHEARSAL_NUMBER, areaId, unitId, incidentType, submittedAt: sentAt }),
      ...{ state, version: events.length, firstActionAt: takenAt },
      stateSince: events.at(-1)?.at ?? sentAt,
      dueAt: approvedAt
        ? carrierDue(approvedAt)
        : takenAt
          ? decisionDue(sentAt, holidays)
          : firstActionDue(sentAt),
      ...{ decidedAt: at('verify'), approvedAt, blockedAt: at('carriers_applied') },
    },
    events,
  }
}

/** Returns each carrier's progress: the first three answer before the others. */
export function rehearsedLines(
  { steps }: Rehearsal,
  carriers: readonly { readonly id: string; readonly name: string }[],
): readonly CarrierLine[] {
  const [sentAt, someAt, allAt] = [3, 4, 5].map((index) => {
    const at = steps[index]
    return at === undefined ? null : new Date(at)
  })
  if (!sentAt) return []
  return carriers.map(({ id, name }, index) => {
    const doneAt = (index < 3 ? someAt : null) ?? allAt ?? null
    return {
      ...{ carrierId: id, name, action: 'block', sentAt, receivedAt: sentAt, doneAt },
      ...{ state: doneAt ? 'applied' : 'acknowledged', dueAt: carrierDue(sentAt) },
    }
  })
}

export const stageOf = (step: ReportStep): Stage => (step === 'evidence' ? 'phone' : step)
