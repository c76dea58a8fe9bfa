import { add, type Counts, total } from './distribution.ts'
import { STEP } from './publication.ts'

/** The headline answers of those who gave a dossier code, and of those who gave none. */
export interface ByCode {
  readonly withCode: Counts
  readonly withoutCode: Counts
}

export interface CodeSplit {
  readonly published: ByCode
  /** Public in the agency's figures, and not yet told apart. */
  readonly held: ByCode
}

export const NO_SPLIT: ByCode = { withCode: {}, withoutCode: {} }

export const addByCode = (a: ByCode, b: ByCode): ByCode => ({
  withCode: add(a.withCode, b.withCode),
  withoutCode: add(a.withoutCode, b.withoutCode),
})

/**
 * The split after ten more answers became public. Both sides are told apart together, once each has at least ten new
 * people; so a side alone, the whole, or the whole without both, never grows by one to nine. While one side is empty
 * there is no split: it would say no more than the agency's own figures, and its coming that nobody gave a code.
 */
export function releaseSplit({ published, held }: CodeSplit, batch: ByCode): CodeSplit {
  const waiting = addByCode(held, batch)
  const ready = total(waiting.withCode) >= STEP && total(waiting.withoutCode) >= STEP
  return ready ? { published: addByCode(published, waiting), held: NO_SPLIT } : { published, held: waiting }
}

/** A batch of headline answers, told apart by whether a code came with them. */
export function splitBatch(
  answers: readonly { readonly code: string; readonly withCode: boolean }[],
): ByCode {
  let batch = NO_SPLIT
  for (const { code, withCode } of answers) {
    const one = { [code]: 1 }
    batch = addByCode(batch, withCode ? { ...NO_SPLIT, withCode: one } : { ...NO_SPLIT, withoutCode: one })
  }
  return batch
}
