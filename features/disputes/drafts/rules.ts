import type { ReportedParticulars } from '#features/cases/particulars/rules.ts'
import { type DraftFields, FieldReader, type FieldReading } from '#features/reporting/fields/reader-rules.ts'
import { type FieldName, NOTHING_WRITTEN } from '#features/reporting/fields/rules.ts'
import { readContact } from '#features/reporting/steps/contact-rules.ts'
import { readPerson } from '#features/reporting/steps/person-rules.ts'
import type { Random } from '#lib/crockford.ts'
import { addMilliseconds, HOUR, type Instant } from '#lib/time.ts'

/** Fields of the holder's step, named as in the report. */
export const HOLDER_FIELDS = [
  'fullName',
  'idKind',
  'nationalId',
  'contactEmail',
  'contactEmailAsked',
  'contactPhone',
  'story',
] as const satisfies readonly FieldName[]

/** Reads who holds the phone, how to reach them, and how they got it; `phones` as in `readContact`. */
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
    faults: { ...person.faults, ...story.faults, ...contact.faults },
  }
}

export const OBJECTION_STEPS = ['phone', 'proof', 'person', 'code', 'review'] as const
export type ObjectionStep = (typeof OBJECTION_STEPS)[number]

export interface ObjectionProgress {
  /** A photo of the screen beside the current code word, or the wish to show the phone at a police post. */
  readonly shown: boolean
  readonly holder: ReportedParticulars | null
  readonly contactConfirmed: boolean
}

/** Returns the first incomplete step; `review` if there is none. The phone is given when the draft begins. */
export function firstMissing({ shown, holder, contactConfirmed }: ObjectionProgress): ObjectionStep {
  if (!shown) return 'proof'
  if (holder === null) return 'person'
  return contactConfirmed ? 'review' : 'code'
}

export const isOpenStep = (step: ObjectionStep, missing: ObjectionStep): boolean =>
  OBJECTION_STEPS.indexOf(step) <= OBJECTION_STEPS.indexOf(missing)

/** The statements that the holder agrees to on the last page. Changed words need a new version. */
export const HOLDER_CONSENTS = [
  { field: 'consentProcessing', purpose: 'processing', version: 'objection-2026-11-25' },
  { field: 'declareTrue', purpose: 'declaration', version: 'objection-2026-11-25' },
] as const

/**
 * Code words, written on paper beside the phone's screen: they show that the photo was taken now, for this objection. Each is a
 * thing that looks the same to everybody, in the north and in the south; no two are alike without their diacritics.
 */
export const WORDS = [
  ...['sông', 'núi', 'biển', 'mây', 'gió', 'mưa', 'trăng', 'sao', 'hoa', 'lá', 'tre', 'lúa'],
  ...['dừa', 'cam', 'xoài', 'mít', 'chanh', 'ớt', 'mèo', 'gà', 'vịt', 'trâu', 'ngựa', 'voi'],
  ...['tôm', 'cua', 'ong', 'bướm', 'chim', 'thuyền', 'cầu', 'nhà', 'bàn', 'ghế', 'đèn', 'sách'],
  ...['bút', 'mũ', 'áo', 'giày', 'nón', 'trống', 'đàn', 'chuông', 'gương', 'chén', 'bánh', 'muối'],
] as const

const LIFE = 48 * HOUR

/** Draws two words and a two-digit number. They need not be secret, only new. */
export function drawWord(random: Random): string {
  const [first = 0, second = 0, number = 0] = random(3)
  const one = first % WORDS.length
  // The second word always differs from the first.
  const other = (one + 1 + (second % (WORDS.length - 1))) % WORDS.length
  return `${WORDS[one]} ${WORDS[other]} ${10 + (number % 90)}`
}

export const wordUntil = (drawnAt: Instant): Instant => addMilliseconds(drawnAt, LIFE)
