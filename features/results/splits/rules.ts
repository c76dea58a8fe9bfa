import type { AnswerChannel } from '#features/ratings/rating/rules.ts'
import { MIN_PUBLIC_GROUP, MIN_SPLIT_GROUP } from '#lib/statistics/groups.ts'
import { add, type Counts } from '../tally-rules.ts'

export interface ByCode {
  readonly withCode: Counts
  readonly withoutCode: Counts
}

interface SplitBatch {
  readonly counts: ByCode
  readonly people: { readonly withCode: number; readonly withoutCode: number }
}

export interface CodeSplit {
  readonly published: ByCode
  /** Public in the agency's figures, but not yet in the split. */
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
 * sides ever grows by one to nine people, and the answers of ten people never show which of them gave a code. While one
 * side is empty there is no split: it would repeat the agency's own figures, and its appearance would show that nobody
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

export function splitBatch(
  answers: readonly {
    readonly code: string
    readonly withCode: boolean
    /** True when the answer does not count as one of its batch's people, as in `Given` (publication/rules.ts). */
    readonly repeated: boolean
  }[],
): SplitBatch {
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

/** The headline answers by the channel through which the form was opened. */
export type ByChannel = Readonly<Partial<Record<AnswerChannel, Counts>>>

interface ChannelBatch {
  readonly counts: ByChannel
  readonly people: Readonly<Partial<Record<AnswerChannel, number>>>
}

export interface ChannelSplit {
  readonly published: ByChannel
  /** Public in the agency's figures, but not yet in the split. */
  readonly held: ChannelBatch
}

export const NO_CHANNEL_SPLIT: ChannelSplit = { published: {}, held: { counts: {}, people: {} } }

const waysOf = (...of: readonly object[]): AnswerChannel[] =>
  [...new Set(of.flatMap((one) => Object.keys(one)))] as AnswerChannel[]

export const addByChannel = (a: ByChannel, b: ByChannel): ByChannel =>
  Object.fromEntries(waysOf(a, b).map((way) => [way, add(a[way] ?? {}, b[way] ?? {})]))

const addChannelBatches = (a: ChannelBatch, b: ChannelBatch): ChannelBatch => ({
  counts: addByChannel(a.counts, b.counts),
  people: Object.fromEntries(
    waysOf(a.people, b.people).map((way) => [way, (a.people[way] ?? 0) + (b.people[way] ?? 0)]),
  ),
})

/**
 * Returns the split after more answers became public. It follows the rules of `releaseSplit`: thirty new people or
 * more, ten or more in each of their channels, and never a single channel alone. If a channel has answers of one to
 * nine people, the others wait too.
 */
export function releaseChannels({ published, held }: ChannelSplit, batch: ChannelBatch): ChannelSplit {
  const waiting = addChannelBatches(held, batch)
  const people = waysOf(waiting.counts).map((way) => waiting.people[way] ?? 0)
  const ready =
    people.length > 1 &&
    people.every((some) => some >= MIN_PUBLIC_GROUP) &&
    people.reduce((sum, some) => sum + some, 0) >= MIN_SPLIT_GROUP
  return ready
    ? { published: addByChannel(published, waiting.counts), held: NO_CHANNEL_SPLIT.held }
    : { published, held: waiting }
}

/** Splits a batch of headline answers by channel; a repeated answer does not count as one of its people. */
export function channelBatch(
  answers: readonly {
    readonly code: string
    readonly channel: AnswerChannel
    readonly repeated: boolean
  }[],
): ChannelBatch {
  let batch = NO_CHANNEL_SPLIT.held
  for (const { code, channel, repeated } of answers)
    batch = addChannelBatches(batch, {
      counts: { [channel]: { [code]: 1 } },
      people: { [channel]: repeated ? 0 : 1 },
    })
  return batch
}
