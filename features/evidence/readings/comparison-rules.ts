import type { ImeiKey } from '#lib/imei/imei.ts'
import type { ReadImei } from './rules.ts'

export interface ComparedImei {
  /** Position in the claim, from 1, and its 15 digits; null if the number that was read is not claimed. */
  readonly slot: number | null
  readonly claimed: string | null
  /** Null if the file shows no number that could match. */
  readonly read: ReadImei | null
  /** Indexes of the differing digits, from 0; empty if either number is missing. */
  readonly differing: readonly number[]
}

export const differingDigits = (one: string, other: string): readonly number[] =>
  Array.from({ length: Math.max(one.length, other.length) }, (_, at) => at).filter(
    (at) => one[at] !== other[at],
  )

/**
 * Compares the numbers read in one file with the claim. Each claimed IMEI is paired with the same number if it was read, else
 * with the unpaired number that differs in the fewest digits. Unpaired numbers come last. A number on several pages counts once.
 */
export function compareImeis(
  claimed: readonly {
    readonly imei: string
    readonly key14: string
  }[],
  found: readonly ReadImei[],
): readonly ComparedImei[] {
  const left = new Map<ImeiKey, ReadImei>()
  for (const one of found) if (!left.has(one.key)) left.set(one.key, one)
  const pairs = new Map<string, ReadImei>()
  const pair = (key14: string, read: ReadImei) => {
    pairs.set(key14, read)
    left.delete(read.key)
  }
  for (const { key14 } of claimed) {
    const same = left.get(key14 as ImeiKey)
    if (same) pair(key14, same)
  }
  const near = claimed
    .filter(({ key14 }) => !pairs.has(key14))
    .flatMap(({ imei, key14 }) =>
      [...left.values()].map((read) => ({ key14, read, differing: differingDigits(imei, read.imei).length })),
    )
    .toSorted((a, b) => a.differing - b.differing)
  for (const { key14, read } of near) if (!pairs.has(key14) && left.has(read.key)) pair(key14, read)
  return [
    ...claimed.map(({ imei, key14 }, at) => {
      const read = pairs.get(key14) ?? null
      return { slot: at + 1, claimed: imei, read, differing: read ? differingDigits(imei, read.imei) : [] }
    }),
    ...[...left.values()].map((read) => ({ slot: null, claimed: null, read, differing: [] })),
  ]
}
