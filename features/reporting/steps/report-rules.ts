import type { Contact } from '#features/cases/particulars/rules.ts'
import type { Msisdn } from '#lib/person/phone-number.ts'
import type { Instant } from '#lib/time.ts'
import type { DraftFields, Faults, FieldReading } from '../drafts/fields-rules.ts'
import { faultsLeftIn, type ReadArea } from '../fields/reader-rules.ts'
import { type ReportedContact, readReportedContact } from './contact-rules.ts'
import { type IncidentAnswers, readIncident } from './incident-rules.ts'
import { type PersonAnswers, readPerson } from './person-rules.ts'
import { type PhoneAnswers, parsedMobile, readPhone } from './phone-rules.ts'
import type { AnswerStep, ReportStep } from './rules.ts'

/** The facts that a step's answers are checked against. */
export interface ReportContext {
  readonly areas: readonly string[] | ReadArea
  readonly now: Instant
  /** True where messages reach phone numbers. */
  readonly phones: boolean
}

/** Everything that is right so far; null for a step with something missing or wrong. */
export interface Report {
  readonly incident: IncidentAnswers | null
  readonly contact: ReportedContact | null
  readonly phone: PhoneAnswers | null
  readonly person: PersonAnswers | null
}

export type CompleteReport = { readonly [K in keyof Report]: NonNullable<Report[K]> }

/** Reads one step of a whole set of answers: a step may depend on another's. */
export function readStep(
  step: AnswerStep,
  answers: DraftFields,
  { areas, now, phones }: ReportContext,
): FieldReading<IncidentAnswers | ReportedContact | PhoneAnswers | PersonAnswers> {
  if (step === 'incident') return readIncident(answers, areas, now)
  if (step === 'person') return readPerson(answers, now)
  if (step === 'phone') return readPhone(answers, parsedMobile(answers.contactPhone))
  return readReportedContact(answers, lostNumbers(answers), phones)
}

/**
 * Returns the faults of a draft's step that was left unfinished. Blank fields have no fault before the step is sent.
 */
export const leftFaults = (step: AnswerStep, answers: DraftFields, context: ReportContext): Faults =>
  faultsLeftIn(answers, readStep(step, answers, context).faults)

/**
 * Reads a draft. Where the number of the lost phone is that of the contact, the step that is wrong is the one that was
 * answered last: the phone's where the contact has answered its code (`confirmed`), which keeps every page open on which
 * either can be corrected.
 */
export function readReport(
  answers: DraftFields,
  { areas, now, phones }: ReportContext,
  confirmed: (contact: Contact) => boolean = () => false,
): Report {
  const anyway = confirmedFirst(readReportedContact(answers, [], phones).value, confirmed)
  const contact =
    anyway !== null && (anyway.contact === null || confirmed(anyway.contact))
      ? anyway
      : readReportedContact(answers, lostNumbers(answers), phones).value
  return {
    incident: readIncident(answers, areas, now).value,
    contact,
    phone: readPhone(answers, parsedMobile(answers.contactPhone)).value,
    person: readPerson(answers, now).value,
  }
}

/** Puts the contact first that has answered its code: of two, the person could read that one. */
const confirmedFirst = (
  read: ReportedContact | null,
  confirmed: (contact: Contact) => boolean,
): ReportedContact | null =>
  read?.other && confirmed(read.other) ? { contact: read.other, other: read.contact } : read

const lostNumbers = (answers: DraftFields): readonly Msisdn[] =>
  [answers.phoneNumber1, answers.phoneNumber2].flatMap((typed) => parsedMobile(typed) ?? [])

/**
 * Returns the first step with something missing, `review` when all is there. Evidence is not waited for: it may come
 * later, and is asked for when the report is sent.
 */
export function firstIncomplete(report: Report, contactConfirmed: boolean): ReportStep {
  if (report.incident === null) return 'incident'
  if (report.contact === null) return 'contact'
  if (!contactConfirmed) return 'code'
  if (report.phone === null) return 'phone'
  return report.person === null ? 'person' : 'review'
}

/** Tells whether the number that gets codes is said to be that of the lost phone, without its SIM having been reissued. */
export const isSameNumber = (answers: DraftFields): boolean => {
  const contact = parsedMobile(answers.contactPhone)
  return contact !== null && answers.simReissued !== 'on' && lostNumbers(answers).includes(contact)
}
