import { z } from 'zod'
import {
  firstPublic,
  type GivenAnswers,
  kindOf,
  type Question,
} from '#features/questionnaires/questions/rules.ts'
import { questionChanges } from '#features/questionnaires/versions/draft-rules.ts'
import { countBatch } from '#features/ratings/publication/rules.ts'
import { stratifiedDifference } from '#lib/statistics/difference.ts'
import { MIN_PUBLIC_GROUP } from '#lib/statistics/groups.ts'
import { addTally, NO_TALLY, type Tally } from '../tally-rules.ts'

/** An answer to the version on trial, or to the control that all others got at the same time. */
export interface TriedAnswer {
  /** The stratum: answers are compared only within the same agency. */
  readonly agencyId: string
  readonly trial: boolean
  readonly answers: GivenAnswers
}

const tally = z.object({ respondents: z.int(), counts: z.record(z.string(), z.number()) })
const comparedQuestion = z.object({
  key: z.string(),
  /** True when both versions ask it in the same words with the same options. */
  same: z.boolean(),
  trial: tally.nullable(),
  control: tally.nullable(),
  /** The trial's share minus the control's, over the agencies where both are known; null where there are none. */
  difference: z.object({ value: z.number(), low: z.number(), high: z.number() }).nullable(),
})
export type ComparedQuestion = z.infer<typeof comparedQuestion>

/** The result of a trial, computed once when it had its size. */
export const trialFiguresSchema = z.object({
  control: z.int(),
  agencies: z.int(),
  dispersion: z.number(),
  answers: z.object({ trial: z.int(), control: z.int() }),
  /** Forms that were handed out; compared with the answers, they show how many people gave up. */
  forms: z.object({ trial: z.int(), control: z.int() }),
  questions: z.array(comparedQuestion),
})
export type TrialFigures = z.infer<typeof trialFiguresSchema>

/** Returns the agencies where ten people or more answered either version; the others are not compared. */
export function comparedAgencies(answers: readonly TriedAnswer[]): Set<string> {
  const people = new Map<string, number>()
  for (const { agencyId, trial } of answers)
    people.set(`${trial} ${agencyId}`, (people.get(`${trial} ${agencyId}`) ?? 0) + 1)
  const enough = (id: string) =>
    [true, false].every((trial) => (people.get(`${trial} ${id}`) ?? 0) >= MIN_PUBLIC_GROUP)
  return new Set(answers.map(({ agencyId }) => agencyId).filter(enough))
}

/** Compares a trial with its control, agency by agency, where ten people answered a question in each version. */
export function compareArms(
  questions: { readonly trial: readonly Question[]; readonly control: readonly Question[] },
  answers: readonly TriedAnswer[],
  dispersion: number,
): {
  readonly agencies: number
  readonly answers: TrialFigures['answers']
  readonly questions: ComparedQuestion[]
} {
  const agencies = comparedAgencies(answers)
  const compared = answers.filter(({ agencyId }) => agencies.has(agencyId))
  const tallies = new Map(
    [...Map.groupBy(compared, ({ agencyId, trial }) => `${trial} ${agencyId}`)].map(([key, some]) => [
      key,
      countBatch(some.map((one) => ({ ...one, repeated: false }))),
    ]),
  )
  const of = (trial: boolean, agencyId: string, key: string): Tally =>
    tallies.get(`${trial} ${agencyId}`)?.[key] ?? NO_TALLY
  const sides = { trial: questions.trial, control: questions.control }
  const all = [
    ...sides.trial,
    ...sides.control.filter(({ key }) => !sides.trial.some((one) => one.key === key)),
  ]
  return {
    agencies: agencies.size,
    answers: {
      trial: compared.filter(({ trial }) => trial).length,
      control: compared.filter(({ trial }) => !trial).length,
    },
    questions: all.map((question): ComparedQuestion => {
      const { key } = question
      const asked = [sides.trial, sides.control].map((side) => side.find((one) => one.key === key))
      const [own, theirs] = asked
      const strata = [...agencies].filter((id) =>
        [true, false].every(
          (trial, at) => asked[at] === undefined || of(trial, id, key).respondents >= MIN_PUBLIC_GROUP,
        ),
      )
      const sum = (trial: boolean): Tally => {
        const { respondents, counts } = strata.map((id) => of(trial, id, key)).reduce(addTally, NO_TALLY)
        return respondents < firstPublic(question.kind) ? NO_TALLY : { respondents, counts }
      }
      const sample = kindOf(question.kind).headline?.sample
      const samples = strata
        .flatMap((id) =>
          sample
            ? [{ now: sample(of(true, id, key).counts), before: sample(of(false, id, key).counts) }]
            : [],
        )
        .filter(({ now, before }) => now.base >= MIN_PUBLIC_GROUP && before.base >= MIN_PUBLIC_GROUP)
      const same = own !== undefined && theirs !== undefined && isAlike(theirs, own)
      return {
        ...{ key, same },
        trial: own ? { ...sum(true), counts: { ...sum(true).counts } } : null,
        control: theirs ? { ...sum(false), counts: { ...sum(false).counts } } : null,
        difference: own && theirs ? stratifiedDifference(samples, dispersion) : null,
      }
    }),
  }
}

const isAlike = (before: Question, after: Question): boolean =>
  !questionChanges([before], [after]).some(({ kind }) => kind === 'reworded' || kind === 'options')
