import { createTranslator } from 'use-intl/core'
import { type Instant, localDate, TIME_ZONE } from '#lib/time.ts'
import { catalogue } from '#messages/catalogue.ts'
import { formatInstant } from '#messages/dates.ts'
import type { BookLine } from '../book/rules.ts'
import type { LetterFacts, LetterNumber } from '../letters/rules.ts'

export interface LetterPaper extends LetterNumber {
  readonly facts: LetterFacts
  readonly annexSha256: string
  readonly madeAt: Instant
  readonly lines: readonly BookLine[]
}

/** Returns the translator of a namespace in Vietnamese, the language of letters between offices. */
const of = <N extends 'letter-paper' | 'exchange'>(namespace: N) =>
  createTranslator({ locale: 'vi', messages: catalogue.vi, namespace, timeZone: TIME_ZONE })

export const letterWords = () => ({
  t: of('letter-paper'),
  ofOrder: of('exchange'),
  /** Formats a date as on official letters: January and February keep their 0, so that no digit can be added. */
  day(at: Instant): { day: string; month: string; year: string } {
    const [year = '', month = '', day = ''] = localDate(at).split('-')
    return { day, month: Number(month) > 2 ? String(Number(month)) : month, year }
  },
  when: (iso: string): string => {
    const at = new Date(iso)
    return `${formatInstant('vi', at, 'date')} ${formatInstant('vi', at, 'time')}`
  },
})
export type LetterWords = ReturnType<typeof letterWords>
