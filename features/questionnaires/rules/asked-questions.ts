import { addMilliseconds, DAY, fromLocal, type Instant } from '#lib/time.ts'
import { hasFigures } from './question-kinds.ts'
import type { Question, Questionnaire } from './questionnaire.ts'
import { questionChanges } from './questionnaire-diff.ts'
import { currentVersion, trialEnd, type VersionDates, wasPublic } from './version.ts'

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
    return [{ version, percent, from, until }]
  })

/** Returns the last moment of a local date. */
export function endOfDay(day: string): Instant {
  const start = fromLocal(Number(day.slice(0, 4)), Number(day.slice(5, 7)), Number(day.slice(8)), 0, 0)
  if (start === null) throw new RangeError(`no day: ${day}`)
  return addMilliseconds(start, DAY - 1)
}
