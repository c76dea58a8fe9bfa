import type { Result } from '#domain/result.ts'
import { DAY, type Instant, localDate } from '#domain/time.ts'
import { PublicWords, type WordFaults } from './public-words.ts'
import { parseDay } from './service-date.ts'
import { once, type Typed } from './typed.ts'

/** The shares of the forms that a trial may get. */
export const TRIAL_PERCENTS = [5, 10, 20, 30, 50] as const

/** How a draft is published: from when, to whom, and why, as everybody reads it. */
export interface QuestionnairePublication {
  readonly publishedAt: Instant
  readonly trialPercent: number | null
  readonly reasonVi: string
  readonly reasonEn: string
}

const LATEST = 366 * DAY

/**
 * Reads the form with which a draft is published: `reasonVi`, `reasonEn`, `on` (a day; empty or today for now) and
 * `trial` (a share; empty for everybody). Faults by field, named as under `questionnaire` in the messages.
 */
export function readPublication(typed: Typed, now: Instant): Result<QuestionnairePublication, WordFaults> {
  const words = new PublicWords(typed)
  // In the order of the form, as the summary of what is wrong reads.
  const reasonVi = words.text('reasonVi', 'change', true) ?? ''
  const reasonEn = words.text('reasonEn', 'change', true) ?? ''
  const publishedAt = readDay(once(typed, 'on'), now, words.faults)
  const trial = once(typed, 'trial')
  const percent = TRIAL_PERCENTS.find((one) => String(one) === trial) ?? null
  if (trial !== '' && percent === null) words.faults.trial = 'trial.unknown'
  return words.result({ publishedAt, trialPercent: percent, reasonVi, reasonEn })
}

function readDay(typed: string, now: Instant, faults: Record<string, string>): Instant {
  const day = parseDay(typed)
  if (!day.ok) {
    if (day.error !== 'empty') faults.on = 'on.format'
    return now
  }
  if (localDate(day.value) === localDate(now)) return now
  if (day.value < now) faults.on = 'on.past'
  else if (day.value.getTime() > now.getTime() + LATEST) faults.on = 'on.far'
  return day.value
}
