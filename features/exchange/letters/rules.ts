import { type Instant, localDate } from '#lib/time.ts'
import { type BookLine, digestLine } from '../book/rules.ts'

/** Lines in one letter: as many as a person can answer in one sitting. */
export const LINES_A_LETTER = 200

export const HANDOVERS = ['in_person', 'registered_post', 'courier', 'document_system'] as const

export interface LetterFacts {
  /** The relay's name at that time. */
  readonly authority: string
  readonly addressee: string
  readonly legalBases: readonly string[]
}

export interface LetterNumber {
  readonly year: number
  readonly ordinal: number
}

/** Returns a letter's number as it is printed and filed: number, kind of document and office, year. */
export const letterNumber = ({ year, ordinal }: LetterNumber): string => `${ordinal}/CV-ANTAM-${year}`

/** Returns a letter's lines as CSV: the same lines that other carriers read, under column names. */
export const annexOf = (lines: readonly BookLine[]): string =>
  `seq,order,imei,action,reason,issued_at\n${lines.map(digestLine).join('')}`

/** Counts a letter's orders and lines: an order names one IMEI or more, and each is a line. */
export function tallyOf(lines: readonly Pick<BookLine, 'order' | 'action' | 'imei'>[]) {
  const ordersTo = (action: BookLine['action']) =>
    new Set(lines.flatMap((line) => (line.action === action ? [line.order] : []))).size
  const [blocks, unblocks] = [ordersTo('block'), ordersTo('unblock')]
  return {
    kind: unblocks === 0 ? ('block' as const) : blocks === 0 ? ('unblock' as const) : ('both' as const),
    orders: blocks + unblocks,
    blocks,
    unblocks,
    // An IMEI that is blocked and unblocked in one letter counts once.
    imeis: new Set(lines.map(({ imei }) => imei)).size,
  }
}

const LETTER_STATES = ['drawing', 'made', 'handed', 'received', 'answered'] as const
export type LetterState = (typeof LETTER_STATES)[number]

interface LetterStanding {
  readonly drawn: boolean
  readonly handedOn: string | null
  readonly receivedOn: string | null
  readonly unanswered: number
}

/** Returns the state of a letter. An answer decides, no matter what was recorded of its delivery. */
export function letterState({ drawn, handedOn, receivedOn, unanswered }: LetterStanding): LetterState {
  if (unanswered === 0) return 'answered'
  if (receivedOn !== null) return 'received'
  if (handedOn !== null) return 'handed'
  return drawn ? 'made' : 'drawing'
}

/**
 * Returns the entries that a letter still takes. A fully answered letter takes only corrections of lines not done: their answer
 * may have been entered wrongly, or the carrier acted later.
 */
export function letterEntries(
  letter: LetterStanding & { readonly undone: number },
): readonly ('hand' | 'receive' | 'answer' | 'correct')[] {
  if (letter.unanswered === 0) return letter.undone > 0 ? ['correct'] : []
  if (letter.handedOn === null) return letter.drawn ? ['hand'] : []
  return letter.receivedOn === null ? ['receive', 'answer'] : ['answer']
}

/** The progress of an order on paper; null for a step that is not recorded. */
export interface WayOnPaper {
  readonly handedOn: string | null
  readonly receivedOn: string | null
}

/** Returns an order's progress from that of its letters; null stands for lines in no letter yet. */
export function wayOnPaper(letters: readonly (WayOnPaper | null)[]): WayOnPaper {
  const last = (of: keyof WayOnPaper): string | null => {
    const days = letters.map((letter) => letter?.[of] ?? null)
    return days.includes(null) ? null : (days.sort().at(-1) ?? null)
  }
  return { handedOn: last('handedOn'), receivedOn: last('receivedOn') }
}

/** Returns the state of an unacknowledged order on paper: it is with the relay until all its letters are handed over. */
export const stateOnPaper = ({ handedOn }: WayOnPaper): 'queued' | 'sent' =>
  handedOn === null ? 'queued' : 'sent'

/** Returns why a day cannot be the day of an act on a letter, or null. Days are `YYYY-MM-DD` in the city. */
export function dayFault(day: string, notBefore: string, now: Instant): 'too_early' | 'in_future' | null {
  if (day < notBefore) return 'too_early'
  return day > localDate(now) ? 'in_future' : null
}

/** Returns the cursor in an address: the last letter of a page, after which the next page begins. */
export const writeLetterCursor = ({ year, ordinal }: LetterNumber): string => `${year}.${ordinal}`

/** Reads a cursor from an address; null for anything that {@link writeLetterCursor} did not make. */
export function readLetterCursor(text: string | undefined): LetterNumber | null {
  const [, year, ordinal] = /^(\d{4})\.([1-9]\d{0,8})$/.exec(text ?? '') ?? []
  return year && ordinal ? { year: Number(year), ordinal: Number(ordinal) } : null
}
