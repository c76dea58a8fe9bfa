import { KIOSK_OFFLINE } from '#features/kiosks/rules.ts'
import { addMilliseconds, DAY, fromLocal, type Instant } from '#lib/time.ts'
import { hasFigures, type Question, type Questionnaire } from '../questions/rules.ts'
import { questionChanges } from './draft-rules.ts'

/** When a version is in use, and for whom. */
export interface VersionDates {
  readonly version: number
  /** Null for a draft; in the future until its day. */
  readonly publishedAt: Instant | null
  readonly retiredAt: Instant | null
  /** The share of the forms that get it as a trial, in per cent; null for a version for everybody. */
  readonly trialPercent: number | null
  /** When its trial ends by itself; null where it is no trial. */
  readonly trialEndsAt: Instant | null
  /** How many people must answer the trial before its result is known; null or absent without a plan. */
  readonly trialSize?: number | null
  /** When that many had answered; null or absent until then. */
  readonly reachedAt?: Instant | null
  /** When the trial was adopted for everybody; null until then. */
  readonly adoptedAt: Instant | null
}

/**
 * `current` is for everybody, `trial` for a share of the forms beside it; `tried` is a trial that is over but not
 * decided. `replaced` was followed by a later version, and may come back when that is retired. `cancelled` was retired
 * before its day, so nobody ever saw it.
 */
const VERSION_STATES = [
  'draft',
  'scheduled',
  'current',
  'trial',
  'tried',
  'replaced',
  'retired',
  'cancelled',
] as const
export type VersionState = (typeof VERSION_STATES)[number]

/** A form that was open when its version was replaced is accepted for another day. */
const GRACE = DAY

const time = (at: Instant | null): number => at?.getTime() ?? Number.POSITIVE_INFINITY
const since = ({ publishedAt }: VersionDates): number => time(publishedAt)
const retired = ({ retiredAt }: VersionDates, now: Instant): boolean => time(retiredAt) <= now.getTime()
const begun = (one: VersionDates, now: Instant): boolean => since(one) <= now.getTime() && !retired(one, now)

/** Returns since when a version is for everybody, in milliseconds: a trial once adopted, infinity for never. */
const everybodySince = ({ publishedAt, trialPercent, adoptedAt }: VersionDates): number =>
  time(trialPercent === null ? publishedAt : adoptedAt)

/** Checks whether a version was or will be for everybody, unless it was cancelled before its day. */
const reachesEverybody = (one: VersionDates): boolean =>
  everybodySince(one) < Number.POSITIVE_INFINITY && time(one.retiredAt) > everybodySince(one)

const byDate = (a: VersionDates, b: VersionDates): number =>
  everybodySince(b) - everybodySince(a) || b.version - a.version

/** Returns the version in use for everybody: the last published or adopted one that is not retired. */
export function currentVersion<V extends VersionDates>(all: readonly V[], now: Instant): V | null {
  const asked = all.filter((one) => everybodySince(one) <= now.getTime() && !retired(one, now))
  return asked.toSorted(byDate)[0] ?? null
}

/** Returns when a trial is over: its last day, its size, its decision, or another version, whichever is first. */
export function trialEnd(one: VersionDates, all: readonly VersionDates[]): Instant | null {
  const others = all.filter((other) => other.version !== one.version && reachesEverybody(other))
  const next = others.map(everybodySince).filter((at) => at > since(one))
  const own = [one.trialEndsAt, one.reachedAt ?? null, one.retiredAt, one.adoptedAt].map(time)
  const end = Math.min(...own, ...next)
  return Number.isFinite(end) ? new Date(end) : null
}

const onTrial = (one: VersionDates, all: readonly VersionDates[], now: Instant): boolean =>
  one.trialPercent !== null && begun(one, now) && time(trialEnd(one, all)) > now.getTime()

/** Returns the version on trial. There is never more than one. */
export function trialVersion<V extends VersionDates>(all: readonly V[], now: Instant): V | null {
  return all.find((one) => onTrial(one, all, now)) ?? null
}

export function versionState(one: VersionDates, all: readonly VersionDates[], now: Instant): VersionState {
  if (one.publishedAt === null) return 'draft'
  if (retired(one, now)) return since(one) >= time(one.retiredAt) ? 'cancelled' : 'retired'
  if (!begun(one, now)) return 'scheduled'
  if (onTrial(one, all, now)) return 'trial'
  if (everybodySince(one) > now.getTime()) return 'tried'
  return currentVersion(all, now)?.version === one.version ? 'current' : 'replaced'
}

/** Checks whether people may have seen the version: its day has come, and it was not withdrawn before. */
export const wasPublic = (one: VersionDates, now: Instant): boolean =>
  since(one) <= now.getTime() && (one.retiredAt === null || one.retiredAt.getTime() > since(one))

/** Checks whether the version was in use since a moment. That changes only at the dates of versions. */
function askedSince(one: VersionDates, all: readonly VersionDates[], from: Instant, now: Instant): boolean {
  const changes = all
    .flatMap(({ publishedAt, retiredAt, trialEndsAt, adoptedAt }) => [
      publishedAt,
      retiredAt,
      trialEndsAt,
      adoptedAt,
    ])
    .filter((at) => at !== null && from < at && at <= now)
  return [from, ...changes].some((at) => at !== null && isAsked(versionState(one, all, at)))
}

const isAsked = (state: VersionState): boolean => state === 'current' || state === 'trial'

/** Checks whether an answer to the version is accepted: it is in use, or was a day ago, for forms that were open then. */
export function takesAnswers(one: VersionDates, all: readonly VersionDates[], now: Instant): boolean {
  const state = versionState(one, all, now)
  const over = state === 'replaced' || state === 'tried'
  return isAsked(state) || (over && askedSince(one, all, addMilliseconds(now, -GRACE), now))
}

/** Checks whether a kiosk's stored answer is accepted, no matter how its version ended: the person was thanked and has left. */
export const takesKeptAnswers = (one: VersionDates, all: readonly VersionDates[], now: Instant): boolean =>
  askedSince(one, all, addMilliseconds(now, -KIOSK_OFFLINE), now)

/** Draws the version of a form without leaving a trace; `random` is from 0 to below 1. */
export function drawVersion<V extends VersionDates>(
  all: readonly V[],
  now: Instant,
  random: number,
): V | null {
  const trial = trialVersion(all, now)
  if (trial !== null && random * 100 < (trial.trialPercent ?? 0)) return trial
  return currentVersion(all, now)
}

/** Checks whether answers are held: nobody may know anything of a planned trial before it has its size. */
export const isHeld = ({ trialSize, reachedAt, retiredAt }: VersionDates): boolean =>
  trialSize != null && reachedAt == null && retiredAt === null

/** Returns the planned trial that compares answers to a version: the trial itself or the current version; or null. */
export function trialOf(version: number, all: readonly VersionDates[], now: Instant): number | null {
  const trial = trialVersion(all, now)
  if (trial?.trialSize == null) return null
  return version === trial.version || version === currentVersion(all, now)?.version ? trial.version : null
}

export const mayDecide = (one: VersionDates, now: Instant): boolean =>
  one.trialPercent !== null && one.adoptedAt === null && begun(one, now)

/** Checks whether a version may be retired: another is for everybody. A trial that has begun is decided instead. */
export function mayRetire(one: VersionDates, all: readonly VersionDates[], now: Instant): boolean {
  if (one.publishedAt === null || one.retiredAt !== null || mayDecide(one, now)) return false
  const others = all.filter(({ version }) => version !== one.version)
  return currentVersion(others, now) !== null
}

export type DatedQuestionnaire = Questionnaire & VersionDates

/** Whether a question is asked of everybody now, was earlier, or only ever on trial. */
export type QuestionUse = 'current' | 'past' | 'trial'

/** A question with all versions that ask it alike, so that their answers can be added up. */
export interface AskedQuestion {
  readonly version: number
  /** In ascending order. */
  readonly versions: readonly number[]
  readonly use: QuestionUse
  readonly question: Question
}

/** The details of a trial that are shown beside its figures. */
export interface Trial {
  readonly version: number
  readonly percent: number
  readonly from: Instant
  /** The first moment after it. */
  readonly until: Instant
  /** The planned number of people; null without a plan. */
  readonly size: number | null
  /** True if that many answered, so that the result is known. */
  readonly reached: boolean
}

const adopted = ({ trialPercent, adoptedAt }: VersionDates, at: Instant): boolean =>
  trialPercent === null || (adoptedAt !== null && adoptedAt <= at)

/** Checks whether two questions are the same to answer: kind, words, options in order, and who is asked. */
const isSame = (a: Question, b: Question): boolean =>
  a.key === b.key &&
  a.kind === b.kind &&
  !questionChanges([a], [b]).some(
    ({ kind }) => kind === 'reworded' || kind === 'options' || kind === 'condition',
  )

const newestFirst = (a: VersionDates, b: VersionDates): number =>
  Number(b.publishedAt) - Number(a.publishedAt) || b.version - a.version

/** Returns the versions that were in use by a moment: the current one first, then earlier ones, trials last. */
export function versionsInOrder<V extends VersionDates>(
  all: readonly V[],
  at: Instant,
): readonly { readonly one: V; readonly use: QuestionUse }[] {
  const asked = all.filter((one) => wasPublic(one, at)).toSorted(newestFirst)
  const current = currentVersion(all, at)
  const told = asked.map((one): { one: V; use: QuestionUse } => {
    if (one.version === current?.version) return { one, use: 'current' }
    return { one, use: adopted(one, at) ? 'past' : 'trial' }
  })
  return (['current', 'past', 'trial'] as const).flatMap((use) => told.filter((one) => one.use === use))
}

/** Returns every question with figures once: first those of the current version, then of earlier ones, last of trials. */
export function askedQuestions(all: readonly DatedQuestionnaire[], at: Instant): readonly AskedQuestion[] {
  const found: { version: number; versions: number[]; use: QuestionUse; question: Question }[] = []
  for (const { one, use } of versionsInOrder(all, at)) {
    for (const question of one.questions.filter(({ kind }) => hasFigures(kind))) {
      const same = found.find((other) => isSame(other.question, question))
      if (same === undefined) found.push({ version: one.version, versions: [one.version], use, question })
      else same.versions = [...same.versions, one.version].toSorted((a, b) => a - b)
    }
  }
  return found
}

/** Returns the trials that had begun by a moment and were not adopted, the latest first. */
export const trialsBy = (all: readonly VersionDates[], at: Instant): readonly Trial[] =>
  versionsInOrder(all, at).flatMap(({ one, use }) => {
    const { version, publishedAt: from, trialPercent: percent } = one
    const until = trialEnd(one, all)
    if (use !== 'trial' || from === null || percent === null || until === null) return []
    return [{ version, percent, from, until, size: one.trialSize ?? null, reached: one.reachedAt != null }]
  })

export function endOfDay(day: string): Instant {
  const start = fromLocal(Number(day.slice(0, 4)), Number(day.slice(5, 7)), Number(day.slice(8)), 0, 0)
  if (start === null) throw new RangeError(`no day: ${day}`)
  return addMilliseconds(start, DAY - 1)
}
