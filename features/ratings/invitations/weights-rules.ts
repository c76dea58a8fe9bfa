import {
  firstPublic,
  type GivenAnswers,
  type QuestionKind,
} from '#features/questionnaires/questions/rules.ts'
import type { Month } from '#features/results/rules.ts'
import { MIN_PUBLIC_GROUP } from '#lib/statistics/groups.ts'
import { toTenThousandths } from '#lib/ten-thousandths.ts'
import { countBatch } from '../publication/rules.ts'

export interface InvitedAnswer {
  /** A procedure of one draw. */
  readonly stratum: string
  readonly version: number
  readonly answers: GivenAnswers
}

/** The answers of some people to one question, and what they show for all cases from which the people were drawn. */
export interface Weighted {
  readonly respondents: number
  /** People by option code. */
  readonly counts: Readonly<Record<string, number>>
  /** Shares of the cases by option code, 0 to 1. */
  readonly weighted: Readonly<Record<string, number>>
  /** The size of a simple random sample of the same precision: (Σw)² / Σw² (L. Kish, "Survey Sampling", 1965). */
  readonly effective: number
}

/** The published answers by invitation to one question, from one release. */
export interface InvitedCell extends Weighted {
  readonly agencyId: string
  /** The month in which it became public. */
  readonly month: Month
  readonly version: number
  readonly question: string
}

/** Draws whose answers became public together. */
export interface InvitedRelease {
  readonly agencyId: string
  readonly month: Month
  /** The months in which their cases were finished, in order. */
  readonly of: readonly Month[]
  readonly cases: number
  readonly drawn: number
  readonly answered: number
  readonly sources: readonly string[]
}

/** Strata that are weighted together, with the number of people in them who answered. */
interface Class {
  readonly strata: readonly string[]
  readonly cases: number
  readonly people: number
}

const join = (classes: readonly Class[]): Class => ({
  strata: classes.flatMap(({ strata }) => strata),
  cases: classes.reduce((sum, { cases }) => sum + cases, 0),
  people: classes.reduce((sum, { people }) => sum + people, 0),
})

/** Joins strata until each class has ten people, so that a weight never reveals anything about one person. */
export function classesOf(
  cases: ReadonlyMap<string, number>,
  people: ReadonlyMap<string, number>,
): readonly Class[] {
  const all = [...cases].map(([stratum, some]) => ({
    ...{ strata: [stratum], cases: some, people: people.get(stratum) ?? 0 },
  }))
  const full = all.filter((one) => one.people >= MIN_PUBLIC_GROUP).toSorted((a, b) => a.people - b.people)
  const rest = join(all.filter((one) => one.people < MIN_PUBLIC_GROUP))
  if (rest.strata.length === 0) return full
  if (rest.people >= MIN_PUBLIC_GROUP || full.length === 0) return [...full, rest]
  const [smallest, ...others] = full
  return smallest === undefined ? [rest] : [join([smallest, rest]), ...others]
}

/** Returns the results of answers that become public together, for questions with enough answers. `cases`: by stratum. */
export function weigh(
  answers: readonly Omit<InvitedAnswer, 'version'>[],
  cases: ReadonlyMap<string, number>,
  kindOf: ReadonlyMap<string, QuestionKind>,
): Record<string, Weighted> {
  const told: Record<string, Weighted> = {}
  for (const [question, kind] of kindOf) {
    const given = answers.filter(({ answers: chosen }) => (chosen[question]?.length ?? 0) > 0)
    const batch = countBatch(given.map((one) => ({ ...one, repeated: false })))[question]
    if (batch === undefined || batch.respondents < Math.max(MIN_PUBLIC_GROUP, firstPublic(kind))) continue
    const people = new Map<string, number>()
    for (const { stratum } of given) people.set(stratum, (people.get(stratum) ?? 0) + 1)
    const weightOf = new Map(
      classesOf(cases, people).flatMap((one) =>
        one.strata.map((stratum) => [stratum, one.cases / one.people] as const),
      ),
    )
    const sums: Record<string, number> = {}
    let [sum, squares] = [0, 0]
    for (const { stratum, answers: chosen } of given) {
      const weight = weightOf.get(stratum) ?? 0
      sum += weight
      squares += weight ** 2
      for (const code of [chosen[question] ?? []].flat()) sums[code] = (sums[code] ?? 0) + weight
    }
    told[question] = {
      ...{ respondents: batch.respondents, counts: batch.counts },
      weighted: Object.fromEntries(
        Object.entries(sums).map(([code, some]) => [code, toTenThousandths(some / sum)]),
      ),
      effective: Math.round((10 * sum ** 2) / squares) / 10,
    }
  }
  return told
}
