import { toBase64 } from '#lib/transparency/base64.ts'
import type { Hash } from '#lib/transparency/tree.ts'

/** Why a witness has not signed: `unknown` and `key` say that it does not know this log, or not by this key. */
export type WitnessFault = 'away' | 'unknown' | 'key' | 'proof' | 'ahead' | 'refused' | 'signature' | 'clock'

/** Returns the request by which a witness is asked to sign (c2sp.org/tlog-witness, add-checkpoint). */
export const writeRequest = (old: number, proof: readonly Hash[], checkpoint: string): string =>
  `old ${old}\n${proof.map((hash) => `${toBase64(hash)}\n`).join('')}\n${checkpoint}`

/** Returns the fault that a witness's status says; null where it has signed. */
export function faultOfStatus(status: number): WitnessFault | null {
  if (status === 200) return null
  const said: Readonly<Record<number, WitnessFault>> = {
    403: 'key',
    404: 'unknown',
    409: 'ahead',
    422: 'proof',
  }
  return said[status] ?? (status >= 500 ? 'away' : 'refused')
}

/** Returns the size that a witness says it has signed last; null where it says none. */
export function readSize(answer: string): number | null {
  const [, size] = /^(0|[1-9]\d{0,15})\n$/.exec(answer) ?? []
  return size === undefined ? null : Number(size)
}

/** Milliseconds by which the time in a signature may differ from ours. */
export const CLOCK_APART = 10 * 60_000
