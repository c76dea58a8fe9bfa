import { type GivenAnswers, HEADLINE, type Question } from '#features/questionnaires/questions/rules.ts'
import { findProcedure } from '#features/ratings/procedures/rules.ts'
import { MIN_PUBLIC_GROUP, MIN_SPLIT_GROUP } from '#lib/statistics/groups.ts'
import { notAppliedCodes } from '../questions/rules.ts'
import { type Month, monthsLater } from '../rules.ts'
import { add, type Counts, total } from '../tally-rules.ts'

/** Holds what the headline answers of an agency are told apart by: whether the case was over, the month of service, the procedure. */
export const FACETS = ['state', 'month', 'procedure'] as const
export type Facet = (typeof FACETS)[number]

/** A part becomes public so many people at a time. */
const LEAST: Readonly<Record<Facet, number>> = {
  state: MIN_PUBLIC_GROUP,
  month: MIN_PUBLIC_GROUP,
  procedure: MIN_SPLIT_GROUP,
}

/** The answers of no part: late ones, and those that name no procedure of the catalogue. They are never told by themselves. */
const NO_PART = ''

/** The headline answers of one part, by option code. */
export interface Part {
  readonly published: Counts
  /** Public in the agency's figures, and not yet told apart. */
  readonly held: Counts
  /** The number of people that those are from. */
  readonly heldPeople: number
}

/** The parts of an agency, by facet and value. */
export type Parts = Readonly<Partial<Record<Facet, Readonly<Record<string, Part>>>>>

/** A service is told with its month until so many months later; an answer that comes after that is late. */
export const MONTHS_TO_TELL = 3

/** An answer as it is released. */
interface Given {
  readonly answers: GivenAnswers
  readonly repeated: boolean
  readonly serviceMonth: Month
  /** A code of the catalogue, words, or null. */
  readonly procedure: string | null
}

/** Tells whether a person still waited for the result when they answered. */
export const isWaiting = (answers: GivenAnswers, questions: readonly Question[]): boolean =>
  questions.some((question) => notAppliedCodes(question).some((code) => answers[question.key] === code))

/**
 * Returns the parts after more answers became public. A part is told with ten new people or more, a
 * procedure with thirty, and only where what stays untold of the facet is nothing or from ten people or more: taking the parts from
 * the agency's figures must never leave one to nine people.
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

/** Returns the values whose held answers can be told: the largest first, as long as the rest is nobody or ten people. */
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

/** Holds what is public of one part of an agency's answers. */
export interface PublicPart {
  readonly agencyId: string
  readonly facet: Facet
  readonly value: string
  readonly counts: Counts
}

/** Returns an agency's parts, each added up over the versions of the questions, by facet and value. */
export function addParts(rows: readonly PublicPart[]): readonly PublicPart[] {
  const sums = new Map<string, PublicPart>()
  for (const row of rows) {
    const key = `${row.agencyId} ${row.facet} ${row.value}`
    sums.set(key, { ...row, counts: add(sums.get(key)?.counts ?? {}, row.counts) })
  }
  return [...sums.values()]
}
