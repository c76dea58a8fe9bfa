import type { ReportedParticulars } from '#features/cases/particulars/rules.ts'
import type { DraftFields, FieldReading } from '#features/reporting/drafts/fields-rules.ts'
import { FieldReader } from '#features/reporting/fields/reader-rules.ts'
import { type FieldName, NOTHING_WRITTEN } from '#features/reporting/fields/rules.ts'
import { readContact } from '#features/reporting/steps/contact-rules.ts'
import { readPerson } from '#features/reporting/steps/person-rules.ts'
import type { Random } from '#lib/crockford.ts'
import { addMilliseconds, HOUR, type Instant } from '#lib/time.ts'

/** The fields of the step that asks who holds the phone, as the report names them. */
export const HOLDER_FIELDS = [
  'fullName',
  'idKind',
  'nationalId',
  'contactEmail',
  'contactEmailAsked',
  'contactPhone',
  'story',
] as const satisfies readonly FieldName[]

/** Reads who holds the phone, how to reach them, and how they came by it; `phones` as in `readContact`. */
export function readHolder(
  typed: DraftFields,
  now: Instant,
  phones: boolean,
): FieldReading<ReportedParticulars> {
  const person = readPerson(typed, now)
  const contact = readContact(typed, [], phones)
  const form = new FieldReader(typed)
  const words = form.oneText('story', 'required')
  const story = form.done(() => ({ words }))
  return {
    value: person.value &&
      contact.value &&
      story.value && {
        ...NOTHING_WRITTEN,
        ...person.value,
        ...contact.value,
        phoneNumbers: [],
        story: story.value.words,
      },
    answers: { ...person.answers, ...contact.answers, ...story.answers },
    faults: { ...person.faults, ...contact.faults, ...story.faults },
  }
}

export const OBJECTION_STEPS = ['phone', 'proof', 'person', 'code', 'review'] as const
export type ObjectionStep = (typeof OBJECTION_STEPS)[number]

export interface ObjectionProgress {
  /** A photo of the screen beside the word in force, or the wish to show the phone at a police post. */
  readonly shown: boolean
  readonly holder: ReportedParticulars | null
  readonly contactConfirmed: boolean
}

/**
 * Returns the first step with something missing; `review` when it can be sent. The phone comes with the draft itself.
 */
export function firstMissing({ shown, holder, contactConfirmed }: ObjectionProgress): ObjectionStep {
  if (!shown) return 'proof'
  if (holder === null) return 'person'
  return contactConfirmed ? 'review' : 'code'
}

export const isOpenStep = (step: ObjectionStep, missing: ObjectionStep): boolean =>
  OBJECTION_STEPS.indexOf(step) <= OBJECTION_STEPS.indexOf(missing)

/**
 * The statements that the holder agrees to on the last page. A person who changes the words gives them a new version.
 */
export const HOLDER_CONSENTS = [
  { field: 'consentProcessing', purpose: 'processing', version: 'objection-2026-11-25' },
  { field: 'declareTrue', purpose: 'declaration', version: 'objection-2026-11-25' },
] as const

/**
 * The words that stand on a piece of paper beside the phone's screen: the word shows that the photo was taken for this
 * objection, today. Things that everybody draws the same, in the north and in the south; no two are alike once their
 * marks are lost.
 */
export const WORDS = [
  ...['sông', 'núi', 'biển', 'mây', 'gió', 'mưa', 'trăng', 'sao', 'hoa', 'lá', 'tre', 'lúa'],
  ...['dừa', 'cam', 'xoài', 'mít', 'chanh', 'ớt', 'mèo', 'gà', 'vịt', 'trâu', 'ngựa', 'voi'],
  ...['tôm', 'cua', 'ong', 'bướm', 'chim', 'thuyền', 'cầu', 'nhà', 'bàn', 'ghế', 'đèn', 'sách'],
  ...['bút', 'mũ', 'áo', 'giày', 'nón', 'trống', 'đàn', 'chuông', 'gương', 'chén', 'bánh', 'muối'],
] as const

const LIFE = 48 * HOUR

/** Returns two words and a number of two digits. It need not be secret, only new. */
export function drawWord(random: Random): string {
  const [first = 0, second = 0, number = 0] = random(3)
  const one = first % WORDS.length
  // The second word always differs from the first.
  const other = (one + 1 + (second % (WORDS.length - 1))) % WORDS.length
  return `${WORDS[one]} ${WORDS[other]} ${10 + (number % 90)}`
}

export const wordUntil = (drawnAt: Instant): Instant => addMilliseconds(drawnAt, LIFE)
