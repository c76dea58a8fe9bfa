import { DAY, type Instant, plus } from '#domain/time.ts'
import { KIOSK_OFFLINE } from './kiosk.ts'

/** What is said of a version of the questions: when it is asked, and of whom. */
export interface VersionDates {
  readonly version: number
  /** Null while it is a draft; in the future while its day has not come. */
  readonly publishedAt: Instant | null
  readonly retiredAt: Instant | null
  /** The share of the forms that get it on trial; null for a version that everybody gets. */
  readonly trialPercent: number | null
}

/**
 * `current` is asked of everybody, `trial` of a share beside it. `replaced` had a later one published after it and may
 * come back when that is retired; `cancelled` was retired before its day, so nobody ever saw it.
 */
export const VERSION_STATES = [
  'draft',
  'scheduled',
  'current',
  'trial',
  'replaced',
  'retired',
  'cancelled',
] as const
export type VersionState = (typeof VERSION_STATES)[number]

/** A form that was open when its version was replaced is still taken for a day. */
const GRACE = DAY

const retired = ({ retiredAt }: VersionDates, now: Instant): boolean => retiredAt !== null && retiredAt <= now
const since = ({ publishedAt }: VersionDates): number => publishedAt?.getTime() ?? Number.POSITIVE_INFINITY
const asked = (one: VersionDates, now: Instant): boolean => since(one) <= now.getTime() && !retired(one, now)

/** Later published first. */
const byDate = (a: VersionDates, b: VersionDates): number => since(b) - since(a) || b.version - a.version

/** The version that is asked of everybody: the last to be published and not retired. */
export function currentVersion<V extends VersionDates>(all: readonly V[], now: Instant): V | null {
  return all.filter((one) => one.trialPercent === null && asked(one, now)).toSorted(byDate)[0] ?? null
}

/** The version that a share of the forms gets. There is never more than one. */
export function trialVersion<V extends VersionDates>(all: readonly V[], now: Instant): V | null {
  return all.find((one) => one.trialPercent !== null && asked(one, now)) ?? null
}

export function versionState(one: VersionDates, all: readonly VersionDates[], now: Instant): VersionState {
  if (one.publishedAt === null) return 'draft'
  if (retired(one, now)) return since(one) >= (one.retiredAt?.getTime() ?? 0) ? 'cancelled' : 'retired'
  if (!asked(one, now)) return 'scheduled'
  if (one.trialPercent !== null) return 'trial'
  return currentVersion(all, now)?.version === one.version ? 'current' : 'replaced'
}

/** Whether somebody may have seen the version: its day has come, and it was not withdrawn before. */
export const wasPublic = (one: VersionDates, now: Instant): boolean =>
  since(one) <= now.getTime() && (one.retiredAt === null || one.retiredAt.getTime() > since(one))

/** Whether somebody was asked the version since a moment: that changes only when one is published or retired. */
function askedSince(one: VersionDates, all: readonly VersionDates[], from: Instant, now: Instant): boolean {
  const changes = all
    .flatMap(({ publishedAt, retiredAt }) => [publishedAt, retiredAt])
    .filter((at) => at !== null && from < at && at <= now)
  return [from, ...changes].some((at) => at !== null && isAsked(versionState(one, all, at)))
}

const isAsked = (state: VersionState): boolean => state === 'current' || state === 'trial'

/** Whether an answer to the version is taken: it is asked, or was until a day ago and somebody's form was open. */
export function takesAnswers(one: VersionDates, all: readonly VersionDates[], now: Instant): boolean {
  const state = versionState(one, all, now)
  return isAsked(state) || (state === 'replaced' && askedSince(one, all, plus(now, -GRACE), now))
}

/**
 * The same for an answer that a kiosk may have kept: whoever gave it was thanked and is gone, so it is taken however
 * its version ended.
 */
export const takesKeptAnswers = (one: VersionDates, all: readonly VersionDates[], now: Instant): boolean =>
  askedSince(one, all, plus(now, -KIOSK_OFFLINE), now)

/** Which version a form gets, by a draw that leaves no trace: `random` is from 0 to below 1. */
export function drawVersion<V extends VersionDates>(
  all: readonly V[],
  now: Instant,
  random: number,
): V | null {
  const trial = trialVersion(all, now)
  if (trial !== null && random * 100 < (trial.trialPercent ?? 0)) return trial
  return currentVersion(all, now)
}

/** Whether a version may be retired: somebody must still be asked something. */
export function mayRetire(one: VersionDates, all: readonly VersionDates[], now: Instant): boolean {
  if (one.publishedAt === null || one.retiredAt !== null) return false
  const others = all.filter(({ version }) => version !== one.version)
  return currentVersion(others, now) !== null
}
