import { z } from 'zod'
import { lastValue, type RawForm } from '#lib/raw-form.ts'
import type { Result } from '#lib/result.ts'
import { addMilliseconds, DAY, type Instant, localDate } from '#lib/time.ts'
import { parseDay } from '#lib/written-day.ts'
import { PublicWords, type WordFaults } from '../questions/form-rules.ts'

/** The shares of the forms that a trial may get, in per cent. */
export const TRIAL_PERCENTS = [5, 10, 20, 30, 50] as const

/** How a draft is published: when, for whom, and the public reason. */
export interface QuestionnairePublication {
  readonly publishedAt: Instant
  readonly trialPercent: number | null
  /** The first moment after the trial's last day; null for a version for everybody. */
  readonly trialEndsAt: Instant | null
  /** The difference in points that the trial's size is planned for; null for a version for everybody. */
  readonly trialPoints: number | null
  readonly reasonVi: string
  readonly reasonEn: string
}

/** The differences, in points, that a trial may be planned for. */
export const TRIAL_POINTS = [10, 15, 20, 30] as const
/** The 0.975 and the 0.8 quantile of the normal distribution: a real difference is found four times out of five. */
const QUANTILES = 1.959964 + 0.841621
/** The assumed share satisfied, and the assumed dispersion of the answers. */
const USUAL = 0.75
const DISPERSION = 2

/** Returns how many people find a difference in points: n = φ·z²·p(1−p)(1+r)/d², r: people without the trial per one with. */
export function plannedSize(points: number, percent: number): number {
  const [d, r] = [points / 100, percent / (100 - percent)]
  return Math.ceil((DISPERSION * QUANTILES ** 2 * USUAL * (1 - USUAL) * (1 + r)) / d ** 2)
}

const LATEST = 366 * DAY

/** Parses the form that publishes a draft: on a day (empty for now), for a share (empty for everybody), with a trial's plan. */
export function readPublication(typed: RawForm, now: Instant): Result<QuestionnairePublication, WordFaults> {
  const words = new PublicWords(typed)
  // In the order of the form, which the list of faults follows.
  const reasonVi = words.text('reasonVi', 'change', true) ?? ''
  const reasonEn = words.text('reasonEn', 'change', true) ?? ''
  const publishedAt = readDay(lastValue(typed, 'on'), now, words.faults)
  const trial = lastValue(typed, 'trial')
  const percent = TRIAL_PERCENTS.find((one) => String(one) === trial) ?? null
  if (trial !== '' && percent === null) words.faults.trial = 'trial.unknown'
  const trialEndsAt =
    percent === null ? null : readLastDay(lastValue(typed, 'trialUntil'), publishedAt, words.faults)
  const planned = TRIAL_POINTS.find((one) => String(one) === lastValue(typed, 'points')) ?? null
  if (percent !== null && planned === null) words.faults.points = 'points.empty'
  const trialPoints = percent === null ? null : planned
  return words.result({ publishedAt, trialPercent: percent, trialEndsAt, trialPoints, reasonVi, reasonEn })
}

/** Parses a trial's last day, from its first day to a year later, and returns the moment after it. */
function readLastDay(typed: string, start: Instant, faults: Record<string, string>): Instant {
  const day = parseDay(typed)
  if (!day.ok) {
    faults.trialUntil = `trialUntil.${day.error === 'empty' ? 'empty' : 'format'}`
    return start
  }
  const end = addMilliseconds(day.value, DAY)
  if (end <= start) faults.trialUntil = 'trialUntil.before'
  else if (end.getTime() > start.getTime() + LATEST) faults.trialUntil = 'trialUntil.far'
  return end
}

/** Parses the form that decides a trial: `decision` (`adopt` or `drop`), `decisionVi` and `decisionEn`. */
export function readDecision(
  typed: RawForm,
): Result<{ readonly adopt: boolean; readonly decisionVi: string; readonly decisionEn: string }, WordFaults> {
  const words = new PublicWords(typed)
  const decision = lastValue(typed, 'decision')
  if (decision !== 'adopt' && decision !== 'drop') words.faults.decision = 'decision.empty'
  const decisionVi = words.text('decisionVi', 'change', true) ?? ''
  const decisionEn = words.text('decisionEn', 'change', true) ?? ''
  return words.result({ adopt: decision === 'adopt', decisionVi, decisionEn })
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

const words = { vi: z.string(), en: z.string() }
/** The plan on which two people agree before a trial begins. Its results stay unknown until `size` people have answered. */
export const trialStart = z.object({
  ...{ version: z.int(), revision: z.int(), percent: z.int(), size: z.int(), points: z.int() },
  ...{ from: z.iso.datetime(), until: z.iso.datetime() },
  reason: z.object(words),
  credit: z.array(z.string()),
})
export const trialDecision = z.object({ version: z.int(), adopt: z.boolean(), reason: z.object(words) })
export const trialSubject = (version: number): string => `trial:${version}`
