import { KIOSK_OFFLINE } from '#features/kiosks/rules.ts'
import { addMilliseconds, DAY, fromLocal, type Instant } from '#lib/time.ts'
import { hasFigures, type Question, type Questionnaire } from '../questions/rules.ts'
import { questionChanges } from './draft-rules.ts'

/** The particulars of a version of the questions: when it is asked, and of whom. */
export interface VersionDates {
  readonly version: number
  /** Null while it is a draft; in the future while its day has not come. */
  readonly publishedAt: Instant | null
  readonly retiredAt: Instant | null
  /** The share of the forms that get it on trial; null for a version that everybody gets. */
  readonly trialPercent: number | null
  /** When its trial ends by itself; null where it is no trial. */
  readonly trialEndsAt: Instant | null
  /** How many people have to answer the trial before anything of it is known; null or absent of one without a plan. */
  readonly trialSize?: number | null
  /** When so many had; null or absent until then. */
  readonly reachedAt?: Instant | null
  /** When it was decided that everybody gets the trial; null until then. */
  readonly adoptedAt: Instant | null
}

/**
 * `current` is asked of everybody, `trial` of a share beside it; `tried` is a trial that is over and not decided.
 * `replaced` had a later one published after it and may come back when that is retired; `cancelled` was retired before
 * its day, so nobody ever saw it.
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

/** A form that was open when its version was replaced is still taken for a day. */
const GRACE = DAY

const time = (at: Instant | null): number => at?.getTime() ?? Number.POSITIVE_INFINITY
const since = ({ publishedAt }: VersionDates): number => time(publishedAt)
const retired = ({ retiredAt }: VersionDates, now: Instant): boolean => time(retiredAt) <= now.getTime()
const begun = (one: VersionDates, now: Instant): boolean => since(one) <= now.getTime() && !retired(one, now)

/**
 * Returns from when everybody gets a version, in milliseconds: a trial once it is adopted, infinity for never.
 */
const everybodySince = ({ publishedAt, trialPercent, adoptedAt }: VersionDates): number =>
  time(trialPercent === null ? publishedAt : adoptedAt)

/** Tells whether a version was ever asked of everybody, or will be: it was not cancelled before its day. */
const reachesEverybody = (one: VersionDates): boolean =>
  everybodySince(one) < Number.POSITIVE_INFINITY && time(one.retiredAt) > everybodySince(one)

/** Compares two versions to sort the later published first. */
const byDate = (a: VersionDates, b: VersionDates): number =>
  everybodySince(b) - everybodySince(a) || b.version - a.version

/** Returns the version that is asked of everybody: the last to be published or adopted, and not retired. */
export function currentVersion<V extends VersionDates>(all: readonly V[], now: Instant): V | null {
  const asked = all.filter((one) => everybodySince(one) <= now.getTime() && !retired(one, now))
  return asked.toSorted(byDate)[0] ?? null
}

/**
 * Returns when a trial is over: on its last day, when it has its size, when it is decided, or when another version begins for
 * everybody, whichever is first.
 */
export function trialEnd(one: VersionDates, all: readonly VersionDates[]): Instant | null {
  const others = all.filter((other) => other.version !== one.version && reachesEverybody(other))
  const next = others.map(everybodySince).filter((at) => at > since(one))
  const own = [one.trialEndsAt, one.reachedAt ?? null, one.retiredAt, one.adoptedAt].map(time)
  const end = Math.min(...own, ...next)
  return Number.isFinite(end) ? new Date(end) : null
}

const onTrial = (one: VersionDates, all: readonly VersionDates[], now: Instant): boolean =>
  one.trialPercent !== null && begun(one, now) && time(trialEnd(one, all)) > now.getTime()

/** Returns the version that a share of the forms gets. There is never more than one. */
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

/** Tells whether the version may have been seen: its day came before it was withdrawn. */
export const wasPublic = (one: VersionDates, now: Instant): boolean =>
  since(one) <= now.getTime() && (one.retiredAt === null || one.retiredAt.getTime() > since(one))

/**
 * Tells whether the version was asked at any time since a moment. That changes only at the dates of versions, so only
 * those are checked.
 */
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

/**
 * Tells whether an answer to the version is taken: it is asked, or was until a day ago, for forms that were open then.
 */
export function takesAnswers(one: VersionDates, all: readonly VersionDates[], now: Instant): boolean {
  const state = versionState(one, all, now)
  const over = state === 'replaced' || state === 'tried'
  return isAsked(state) || (over && askedSince(one, all, addMilliseconds(now, -GRACE), now))
}

/**
 * Tells whether an answer that a kiosk may have kept is taken: the person who gave it was thanked and is gone, so it is
 * taken however its version ended.
 */
export const takesKeptAnswers = (one: VersionDates, all: readonly VersionDates[], now: Instant): boolean =>
  askedSince(one, all, addMilliseconds(now, -KIOSK_OFFLINE), now)

/** Returns which version a form gets, by a draw that leaves no trace: `random` is from 0 to below 1. */
export function drawVersion<V extends VersionDates>(
  all: readonly V[],
  now: Instant,
  random: number,
): V | null {
  const trial = trialVersion(all, now)
  if (trial !== null && random * 100 < (trial.trialPercent ?? 0)) return trial
  return currentVersion(all, now)
}

/** Tells whether answers to a version wait: nothing of a planned trial is known before it has its size, not by whoever runs it. */
export const isHeld = ({ trialSize, reachedAt, retiredAt }: VersionDates): boolean =>
  trialSize != null && reachedAt == null && retiredAt === null

/** Returns the version on trial with which an answer to another, or to itself, is compared; null where it is with none. */
export function trialOf(version: number, all: readonly VersionDates[], now: Instant): number | null {
  const trial = trialVersion(all, now)
  if (trial?.trialSize == null) return null
  return version === trial.version || version === currentVersion(all, now)?.version ? trial.version : null
}

/** Tells whether a version is a trial that has begun and is not decided. */
export const mayDecide = (one: VersionDates, now: Instant): boolean =>
  one.trialPercent !== null && one.adoptedAt === null && begun(one, now)

/**
 * Tells whether a version may be retired: another one must be there to be asked. A trial that has begun is decided
 * instead.
 */
export function mayRetire(one: VersionDates, all: readonly VersionDates[], now: Instant): boolean {
  if (one.publishedAt === null || one.retiredAt !== null || mayDecide(one, now)) return false
  const others = all.filter(({ version }) => version !== one.version)
  return currentVersion(others, now) !== null
}

/** A version of the questions with the days on which it is asked. */
export type DatedQuestionnaire = Questionnaire & VersionDates

/** Tells whether a question is asked of everybody now, was once, or is or was asked on trial alone. */
export type QuestionUse = 'current' | 'past' | 'trial'

/** A question with every version that asks it of the same people, in the same words and with the same options: their answers add up. */
export interface AskedQuestion {
  /** The version under which it is shown. */
  readonly version: number
  /** The versions that asked it, in ascending order. */
  readonly versions: readonly number[]
  readonly use: QuestionUse
  readonly question: Question
}

/** The particulars of a trial that are told beside its figures. */
export interface Trial {
  readonly version: number
  readonly percent: number
  readonly from: Instant
  /** The first moment after it. */
  readonly until: Instant
  /** How many people were to answer it; null of one without a plan. */
  readonly size: number | null
  /** Tells whether so many did, and what came of it is known. */
  readonly reached: boolean
}

const adopted = ({ trialPercent, adoptedAt }: VersionDates, at: Instant): boolean =>
  trialPercent === null || (adoptedAt !== null && adoptedAt <= at)

/** Tells whether two questions are the same to answer: the kind, the words, the options in their order, and who is asked. */
const isSame = (a: Question, b: Question): boolean =>
  a.key === b.key &&
  a.kind === b.kind &&
  !questionChanges([a], [b]).some(
    ({ kind }) => kind === 'reworded' || kind === 'options' || kind === 'condition',
  )

const newestFirst = (a: VersionDates, b: VersionDates): number =>
  Number(b.publishedAt) - Number(a.publishedAt) || b.version - a.version

/** Returns the versions that were asked by a moment: the one in use first, then earlier ones, trials last. */
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

/**
 * Returns every question with figures that was asked by a moment, once each: all of the version in use first, then
 * those that only earlier versions asked, then those that only a trial asks.
 */
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

/** Returns the last moment of a local date. */
export function endOfDay(day: string): Instant {
  const start = fromLocal(Number(day.slice(0, 4)), Number(day.slice(5, 7)), Number(day.slice(8)), 0, 0)
  if (start === null) throw new RangeError(`no day: ${day}`)
  return addMilliseconds(start, DAY - 1)
}
