import type { Contact } from '#features/cases/particulars/rules.ts'
import type { Msisdn } from '#lib/person/phone-number.ts'
import type { Instant } from '#lib/time.ts'
import {
  type DraftFields,
  type Faults,
  type FieldReading,
  faultsLeftIn,
  type ReadArea,
} from '../fields/reader-rules.ts'
import { type ReportedContact, readReportedContact } from './contact-rules.ts'
import { type IncidentAnswers, readIncident } from './incident-rules.ts'
import { type PersonAnswers, readPerson } from './person-rules.ts'
import { type PhoneAnswers, parsedMobile, readPhone } from './phone-rules.ts'
import type { AnswerStep, ReportStep } from './rules.ts'

export interface ReportContext {
  readonly areas: readonly string[] | ReadArea
  readonly now: Instant
  /** True if messages can be sent to phone numbers. */
  readonly phones: boolean
}

/** The valid answers so far; null for a step that is incomplete or wrong. */
export interface Report {
  readonly incident: IncidentAnswers | null
  readonly contact: ReportedContact | null
  readonly phone: PhoneAnswers | null
  readonly person: PersonAnswers | null
}

export type CompleteReport = { readonly [K in keyof Report]: NonNullable<Report[K]> }

/** Reads one step from all answers, because a step may depend on another's. */
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

/** Returns the faults of an unfinished step. Blank fields have no fault before the step is sent. */
export const leftFaults = (step: AnswerStep, answers: DraftFields, context: ReportContext): Faults =>
  faultsLeftIn(answers, readStep(step, answers, context).faults)

/**
 * Reads a draft. If the contact's number is that of the lost phone, the fault belongs to the step answered last: the phone step,
 * if the contact has answered its code (`confirmed`). Both pages stay open, so that either number can be corrected.
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

/** Puts the confirmed contact first, because the person can read its messages. */
const confirmedFirst = (
  read: ReportedContact | null,
  confirmed: (contact: Contact) => boolean,
): ReportedContact | null =>
  read?.other && confirmed(read.other) ? { contact: read.other, other: read.contact } : read

const lostNumbers = (answers: DraftFields): readonly Msisdn[] =>
  [answers.phoneNumber1, answers.phoneNumber2].flatMap((typed) => parsedMobile(typed) ?? [])

/**
 * Returns the first incomplete step, `review` if there is none. Evidence does not count: it may come later,
 * and sending asks for it.
 */
export function firstIncomplete(report: Report, contactConfirmed: boolean): ReportStep {
  if (report.incident === null) return 'incident'
  if (report.contact === null) return 'contact'
  if (!contactConfirmed) return 'code'
  if (report.phone === null) return 'phone'
  return report.person === null ? 'person' : 'review'
}

/** Returns whether the number that receives codes is given as the lost phone's, and its SIM was not reissued. */
export const isSameNumber = (answers: DraftFields): boolean => {
  const contact = parsedMobile(answers.contactPhone)
  return contact !== null && answers.simReissued !== 'on' && lostNumbers(answers).includes(contact)
}
