import { MIN_PUBLIC_GROUP, MIN_SPLIT_GROUP } from '#lib/statistics/groups.ts'
import { add, type Counts } from './distribution.ts'

/** The headline answers of people who gave a dossier code, and of people who gave none. */
export interface ByCode {
  readonly withCode: Counts
  readonly withoutCode: Counts
}

/** The number of people that the answers of each side are from. */
interface People {
  readonly withCode: number
  readonly withoutCode: number
}

/** Answers of both sides, with the people they are from. */
export interface SplitBatch {
  readonly counts: ByCode
  readonly people: People
}

export interface CodeSplit {
  readonly published: ByCode
  /** Public in the agency's figures, and not yet told apart. */
  readonly held: SplitBatch
}

export const NO_SPLIT: ByCode = { withCode: {}, withoutCode: {} }
export const NO_CODE_SPLIT: CodeSplit = {
  published: NO_SPLIT,
  held: { counts: NO_SPLIT, people: { withCode: 0, withoutCode: 0 } },
}

export const addByCode = (a: ByCode, b: ByCode): ByCode => ({
  withCode: add(a.withCode, b.withCode),
  withoutCode: add(a.withoutCode, b.withoutCode),
})

const addBatches = (a: SplitBatch, b: SplitBatch): SplitBatch => ({
  counts: addByCode(a.counts, b.counts),
  people: {
    withCode: a.people.withCode + b.people.withCode,
    withoutCode: a.people.withoutCode + b.people.withoutCode,
  },
})

/**
 * Returns the split after more answers became public. New answers of both sides are published together, once there are
 * thirty new people with at least ten on each side. So neither side alone, nor the whole, nor the whole without both
 * sides ever grows by one to nine people, and the answers of ten people never tell which of them gave a code. While one
 * side is empty there is no split: it would repeat the agency's own figures, and its appearance would tell that nobody
 * gave a code.
 */
export function releaseSplit({ published, held }: CodeSplit, batch: SplitBatch): CodeSplit {
  const waiting = addBatches(held, batch)
  const { withCode, withoutCode } = waiting.people
  const ready =
    withCode >= MIN_PUBLIC_GROUP &&
    withoutCode >= MIN_PUBLIC_GROUP &&
    withCode + withoutCode >= MIN_SPLIT_GROUP
  return ready
    ? { published: addByCode(published, waiting.counts), held: NO_CODE_SPLIT.held }
    : { published, held: waiting }
}

/** An answer to the headline question. */
interface Headline {
  readonly code: string
  readonly withCode: boolean
  /** True when the answer counts as none of its batch's people, as in `Given` (publication/rules.ts). */
  readonly repeated: boolean
}

/** Tells a batch of headline answers apart by whether a code came with them. */
export function splitBatch(answers: readonly Headline[]): SplitBatch {
  let batch = NO_CODE_SPLIT.held
  for (const { code, withCode, repeated } of answers) {
    const side = withCode ? 'withCode' : 'withoutCode'
    batch = addBatches(batch, {
      counts: { ...NO_SPLIT, [side]: { [code]: 1 } },
      people: { ...NO_CODE_SPLIT.held.people, [side]: repeated ? 0 : 1 },
    })
  }
  return batch
}
