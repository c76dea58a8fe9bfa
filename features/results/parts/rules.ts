import { type GivenAnswers, HEADLINE, type Question } from '#features/questionnaires/questions/rules.ts'
import { findProcedure } from '#features/ratings/procedures/rules.ts'
import { MIN_PUBLIC_GROUP, MIN_SPLIT_GROUP } from '#lib/statistics/groups.ts'
import { notAppliedCodes } from '../questions/rules.ts'
import { type Month, monthsLater } from '../rules.ts'
import { add, type Counts, total } from '../tally-rules.ts'

/** The facets by which an agency's headline answers are split: whether the case was over, the month of service, the procedure. */
export const FACETS = ['state', 'month', 'procedure'] as const
export type Facet = (typeof FACETS)[number]

/** The fewest new people with whom a part is published. */
const LEAST: Readonly<Record<Facet, number>> = {
  state: MIN_PUBLIC_GROUP,
  month: MIN_PUBLIC_GROUP,
  procedure: MIN_SPLIT_GROUP,
}

/** The value for answers outside all parts, which is never published on its own. */
const NO_PART = ''

export interface Part {
  readonly published: Counts
  /** Public in the agency's figures, but not yet in this part. */
  readonly held: Counts
  readonly heldPeople: number
}

export type Parts = Readonly<Partial<Record<Facet, Readonly<Record<string, Part>>>>>

/** For this many months a service is published under its month; an answer that comes later is late. */
export const MONTHS_TO_TELL = 3

interface Given {
  readonly answers: GivenAnswers
  readonly repeated: boolean
  readonly serviceMonth: Month
  /** A procedure code of the catalogue, free text, or null. */
  readonly procedure: string | null
}

export const isWaiting = (answers: GivenAnswers, questions: readonly Question[]): boolean =>
  questions.some((question) => notAppliedCodes(question).some((code) => answers[question.key] === code))

/**
 * Returns the parts after more answers became public. A part is published with ten new people or more, a procedure with
 * thirty. The unpublished rest of the facet must be empty or from ten people or more: subtracting the parts from the
 * agency's figures must never leave one to nine people.
 */
export function releaseParts(
  before: Parts,
  given: readonly Given[],
  questions: readonly Question[],
  now: Month,
): Parts {
  const first = monthsLater(now, -MONTHS_TO_TELL)
  const partOf: Readonly<Record<Facet, (one: Given) => string>> = {
    state: ({ answers }) => (isWaiting(answers, questions) ? 'waiting' : 'done'),
    month: ({ serviceMonth }) => (serviceMonth < first ? NO_PART : serviceMonth),
    procedure: ({ procedure }) => (procedure !== null && findProcedure(procedure) ? procedure : NO_PART),
  }
  return Object.fromEntries(
    FACETS.map((facet) => {
      const parts = new Map(Object.entries(before[facet] ?? {}))
      for (const one of given) {
        const code = one.answers[HEADLINE]
        if (typeof code !== 'string') continue
        const value = partOf[facet](one)
        const { published, held, heldPeople } = parts.get(value) ?? NOTHING
        const people = heldPeople + (one.repeated ? 0 : 1)
        parts.set(value, { published, held: add(held, { [code]: 1 }), heldPeople: people })
      }
      for (const value of dueParts(parts, LEAST[facet])) {
        const { published, held } = parts.get(value) ?? NOTHING
        parts.set(value, { published: add(published, held), held: {}, heldPeople: 0 })
      }
      return [facet, Object.fromEntries(parts)]
    }),
  )
}

const NOTHING: Part = { published: {}, held: {}, heldPeople: 0 }

/** Returns the values whose held answers can be published: the largest first, as long as the rest is empty or from ten people. */
function dueParts(parts: ReadonlyMap<string, Part>, least: number): readonly string[] {
  const waiting = [...parts].filter(([, { held }]) => total(held) > 0)
  const due = waiting
    .filter(([value, { heldPeople }]) => value !== NO_PART && heldPeople >= least)
    .toSorted(([, a], [, b]) => b.heldPeople - a.heldPeople)
    .map(([value]) => value)
  const fewLeft = () => {
    const rest = waiting.filter(([value]) => !due.includes(value))
    const people = rest.reduce((sum, [, { heldPeople }]) => sum + heldPeople, 0)
    return rest.length > 0 && people < MIN_PUBLIC_GROUP
  }
  while (due.length > 0 && fewLeft()) due.pop()
  return due
}

export interface PublicPart {
  readonly agencyId: string
  readonly facet: Facet
  readonly value: string
  readonly counts: Counts
}
