import {
  firstPublic,
  type GivenAnswers,
  type QuestionKind,
} from '#features/questionnaires/questions/rules.ts'
import { addTally, NO_TALLY, type Tally } from '#features/results/tally-rules.ts'
import { MIN_COMPARED, MIN_PUBLIC_GROUP } from '#lib/statistics/groups.ts'

/**
 * When answers become public. Nobody may learn one person's answer from two looks at the figures, or by subtracting one figure
 * from another:
 *
 * - An agency's answers to one questionnaire become public together, once they are from ten people. Of one network, agency and
 *   day only the first answer counts as a person and is added to the figures. Its others wait, are published with them as a
 *   number, and are added to nothing (ADR 126).
 * - Kiosk answers are separate: they become public in whole weeks, once thirty of them count, and release no others.
 * - Among those, the answers to a question become public once at least ten people (30 for a sensitive question) have answered it,
 *   and after that ten or more at a time.
 * - A release belongs to the month in which it becomes public. A month's figures therefore grow by ten or more, and an agency's
 *   figures are the sum of its months.
 * - A total is the sum of the public figures below it. Suppressed answers are therefore in no total, and subtracting the
 *   published parts from a total leaves zero: nothing can be recovered by subtraction.
 */
export interface Cell {
  readonly published: Tally
  /** Counted but not public yet. */
  readonly held: Tally
  /** The number of people who gave the held answers. */
  readonly heldPeople: number
}

export const EMPTY_CELL: Cell = { published: NO_TALLY, held: NO_TALLY, heldPeople: 0 }

/** A batch's answers to one question. `people`: how many people gave them, at most its respondents. */
interface Batch extends Tally {
  readonly people: number
}

interface Released {
  readonly cell: Cell
  /** The answers that have just become public, of ten people or more; null while they are held. */
  readonly released: Tally | null
}

/** Returns a question's cell after a batch of answers. A question of unknown kind waits the longest. */
export const releaseBatch = (cell: Cell, batch: Batch, kind: QuestionKind | undefined): Released =>
  release(
    cell,
    batch,
    cell.published.respondents === 0 ? Math.max(firstPublic(kind), MIN_PUBLIC_GROUP) : MIN_PUBLIC_GROUP,
  )

/** Returns a question's cell after a batch of answers, with those that become public from `threshold` people on. */
export function release(cell: Cell, batch: Batch, threshold: number): Released {
  const held = addTally(cell.held, batch)
  const heldPeople = cell.heldPeople + batch.people
  return heldPeople < threshold
    ? { cell: { published: cell.published, held, heldPeople }, released: null }
    : { cell: { ...EMPTY_CELL, published: addTally(cell.published, held) }, released: held }
}

export interface Given {
  readonly answers: GivenAnswers
  /** True if the answer counts as none of the batch's people, such as one of a reversed exclusion, whose network is not known. */
  readonly repeated: boolean
}

export function countBatch(batchOf: readonly Given[]): Record<string, Batch> {
  const batch: Record<string, Batch> = {}
  for (const { answers, repeated } of batchOf) {
    for (const [question, chosen] of Object.entries(answers)) {
      const codes = typeof chosen === 'string' ? [chosen] : chosen
      if (codes.length === 0) continue
      const counts = Object.fromEntries(codes.map((code) => [code, 1]))
      const before = batch[question]
      const people = (before?.people ?? 0) + (repeated ? 0 : 1)
      batch[question] = { ...addTally(before ?? NO_TALLY, { respondents: 1, counts }), people }
    }
  }
  return batch
}

/** `suppressed` below 10, `few` (grey, not compared) below 30. */
export type Standing = 'suppressed' | 'few' | 'full'

export const standingOf = (published: number): Standing =>
  published < MIN_PUBLIC_GROUP ? 'suppressed' : published < MIN_COMPARED ? 'few' : 'full'

/** Returns the public answers missing for the next standing. How many people must still answer has to stay unknown. */
export const countMissing = (published: number): number =>
  published < MIN_PUBLIC_GROUP ? MIN_PUBLIC_GROUP - published : Math.max(0, MIN_COMPARED - published)
