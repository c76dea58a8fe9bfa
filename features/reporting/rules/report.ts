import type { ReportedParticulars } from '#features/cases/rules/particulars.ts'
import type { Instant } from '#lib/time.ts'
import { type ContactAnswers, readContact } from './contact-step.ts'
import type { DraftFields, Faults, Reading } from './draft-fields.ts'
import type { ReadArea } from './field-reader.ts'
import { faultsLeftIn } from './field-reader.ts'
import { sealedTexts } from './fields.ts'
import { type IncidentAnswers, readIncident } from './incident-step.ts'
import { type PersonAnswers, readPerson } from './person-step.ts'
import { type PhoneAnswers, readPhone } from './phone-step.ts'
import type { AnswerStep, Step } from './steps.ts'

/** The facts that a step's answers are checked against. */
export interface ReportContext {
  /** The ids of the areas in force, or what reads them. */
  readonly areas: readonly string[] | ReadArea
  readonly now: Instant
  /** True where messages reach phone numbers. */
  readonly phones: boolean
}

/** Everything that is right so far; null for a step with something missing or wrong. */
export interface Report {
  readonly incident: IncidentAnswers | null
  readonly contact: ContactAnswers | null
  readonly phone: PhoneAnswers | null
  readonly person: PersonAnswers | null
}

/** A report with every step. */
export type CompleteReport = { readonly [K in keyof Report]: NonNullable<Report[K]> }

/** Returns what a report says of a person: what its case keeps sealed. */
export const particularsOf = ({ incident, contact, phone, person }: CompleteReport): ReportedParticulars => ({
  ...sealedTexts({ ...incident, ...phone, ...person }),
  idKind: person.idKind,
  nationalId: person.nationalId,
  contact: contact.contact,
  phoneNumbers: phone.phoneNumbers,
})

/** Reads one step of a whole set of answers: a step may depend on another's. */
export function readStep(
  step: AnswerStep,
  answers: DraftFields,
  { areas, now, phones }: ReportContext,
): Reading<IncidentAnswers | ContactAnswers | PhoneAnswers | PersonAnswers> {
  if (step === 'incident') return readIncident(answers, areas, now)
  if (step === 'person') return readPerson(answers, now)
  const phone = readPhone(answers)
  return step === 'phone' ? phone : readContact(answers, phone.value?.phoneNumbers ?? [], phones)
}

/**
 * Returns the faults of a draft's step that was left unfinished. Blank fields have no fault before the step is sent.
 */
export const leftFaults = (step: AnswerStep, answers: DraftFields, context: ReportContext): Faults =>
  faultsLeftIn(answers, readStep(step, answers, context).faults)

export function readReport(answers: DraftFields, { areas, now, phones }: ReportContext): Report {
  const phone = readPhone(answers).value
  return {
    incident: readIncident(answers, areas, now).value,
    contact: readContact(answers, phone?.phoneNumbers ?? [], phones).value,
    phone,
    person: readPerson(answers, now).value,
  }
}

/**
 * Returns the first step with something missing, `review` when all is there. Evidence is not waited for: it may come
 * later, and is asked for when the report is sent.
 */
export function firstIncomplete(report: Report, contactConfirmed: boolean): Step {
  if (report.incident === null) return 'incident'
  if (report.contact === null) return 'contact'
  if (!contactConfirmed) return 'code'
  if (report.phone === null) return 'phone'
  return report.person === null ? 'person' : 'review'
}
