import type { AnswerChannel } from '#features/ratings/rating/rules.ts'
import { MIN_PUBLIC_GROUP, MIN_SPLIT_GROUP } from '#lib/statistics/groups.ts'
import { add, type Counts } from './distribution.ts'

/** The headline answers by the way on which their form was opened. */
export type ByChannel = Readonly<Partial<Record<AnswerChannel, Counts>>>

/** Answers by their way, with the people they are from. */
export interface ChannelBatch {
  readonly counts: ByChannel
  readonly people: Readonly<Partial<Record<AnswerChannel, number>>>
}

export interface ChannelSplit {
  readonly published: ByChannel
  /** Public in the agency's figures, and not yet told apart. */
  readonly held: ChannelBatch
}

export const NO_CHANNEL_SPLIT: ChannelSplit = { published: {}, held: { counts: {}, people: {} } }

const waysOf = (...of: readonly object[]): AnswerChannel[] =>
  [...new Set(of.flatMap((one) => Object.keys(one)))] as AnswerChannel[]

export const addByChannel = (a: ByChannel, b: ByChannel): ByChannel =>
  Object.fromEntries(waysOf(a, b).map((way) => [way, add(a[way] ?? {}, b[way] ?? {})]))

const addBatches = (a: ChannelBatch, b: ChannelBatch): ChannelBatch => ({
  counts: addByChannel(a.counts, b.counts),
  people: Object.fromEntries(
    waysOf(a.people, b.people).map((way) => [way, (a.people[way] ?? 0) + (b.people[way] ?? 0)]),
  ),
})

/**
 * Returns the split after more answers became public. It moves as the split by code does (`releaseSplit`): with thirty new people
 * or more, ten or more on each of its ways, and never on one way alone. Answers that one to nine people gave by a way hold up
 * the others.
 */
export function releaseChannels({ published, held }: ChannelSplit, batch: ChannelBatch): ChannelSplit {
  const waiting = addBatches(held, batch)
  const people = waysOf(waiting.counts).map((way) => waiting.people[way] ?? 0)
  const ready =
    people.length > 1 &&
    people.every((some) => some >= MIN_PUBLIC_GROUP) &&
    people.reduce((sum, some) => sum + some, 0) >= MIN_SPLIT_GROUP
  return ready
    ? { published: addByChannel(published, waiting.counts), held: NO_CHANNEL_SPLIT.held }
    : { published, held: waiting }
}

/** Tells a batch of headline answers apart by their way; a repeated one is from none of its people. */
export function channelBatch(
  answers: readonly {
    readonly code: string
    readonly channel: AnswerChannel
    readonly repeated: boolean
  }[],
): ChannelBatch {
  let batch = NO_CHANNEL_SPLIT.held
  for (const { code, channel, repeated } of answers)
    batch = addBatches(batch, {
      counts: { [channel]: { [code]: 1 } },
      people: { [channel]: repeated ? 0 : 1 },
    })
  return batch
}
