import { add, type Counts, total } from './distribution.ts'
import type { QuestionKind } from './questionnaire.ts'

/**
 * When answers become public. Nobody may read one person's answer off two looks at the figures, or off one figure
 * taken from another:
 *
 * - An agency's answers to one questionnaire become public ten at a time, the oldest first.
 * - Of those, a question's become public once at least ten (30 for a sensitive question) have answered it, and after
 *   that ten or more at a time.
 * - A total is the sum of what is public below it. What is suppressed is therefore in no total, and taking the
 *   published parts from a total leaves zero: nothing can be recovered by subtraction.
 */
export const STEP = 10
const FIRST_OF_SENSITIVE = 30

/** From here on an agency is compared; below, it is shown grey. */
export const ENOUGH = 30

export interface Cell {
  readonly published: Counts
  /** Counted, and not public yet. */
  readonly held: Counts
}

export const EMPTY_CELL: Cell = { published: {}, held: {} }

/** A question's cell after a batch of answers. */
export function release(cell: Cell, batch: Counts, kind: QuestionKind): Cell {
  const held = add(cell.held, batch)
  const first = kind === 'sensitive' ? FIRST_OF_SENSITIVE : STEP
  const threshold = total(cell.published) === 0 ? first : STEP
  return total(held) < threshold
    ? { published: cell.published, held }
    : { published: add(cell.published, held), held: {} }
}

/** Each question's counts in a batch of answers, by question key. */
export function countBatch(answers: readonly Readonly<Record<string, string>>[]): Record<string, Counts> {
  const batch: Record<string, Counts> = {}
  for (const given of answers) {
    for (const [question, code] of Object.entries(given)) {
      batch[question] = add(batch[question] ?? {}, { [code]: 1 })
    }
  }
  return batch
}

/** `suppressed` below 10, `few` (grey, not compared) below 30. */
export type Standing = 'suppressed' | 'few' | 'full'

export const standingOf = (published: number): Standing =>
  published < STEP ? 'suppressed' : published < ENOUGH ? 'few' : 'full'

/** How many more answers lead to the next standing; from the public count alone, as the true one is nobody's. */
export const missing = (published: number): number =>
  published < STEP ? STEP - published : Math.max(0, ENOUGH - published)
