/** The audit log's own name, which stands in every checkpoint as its origin and its signer. */
export const LOG_NAME = 'antam/audit'

/** The facts in the name of a checkpoint's file. */
export interface CheckpointName {
  readonly size: number
  /** The number of the log's history: 1, and one more each time the log was resumed after a break. */
  readonly history: number
}

/** Returns the name of a checkpoint's file: names sort by size. Two histories never have a name in common. */
export const checkpointFile = (size: number, history = 1): string =>
  `${String(size).padStart(16, '0')}${history === 1 ? '' : `-${history}`}.checkpoint`

export function readCheckpointFile(name: string): CheckpointName | null {
  const [, size, history = '1'] = /^(\d{16})(?:-([2-9]|[1-9]\d{1,5}))?\.checkpoint$/.exec(name) ?? []
  return size === undefined ? null : { size: Number(size), history: Number(history) }
}
export const isCheckpointFile = (name: string): boolean => readCheckpointFile(name) !== null

/** Returns the name of the file, beside the checkpoints, with what was signed when this history began. */
export const resumptionFile = (history: number): string => `resumed-${history}.note`
export function readResumptionFile(name: string): number | null {
  const [, history] = /^resumed-([2-9]|[1-9]\d{1,5})\.note$/.exec(name) ?? []
  return history === undefined ? null : Number(history)
}

/** Beside the checkpoints: by whose key they were signed, as one line (C2SP's verifier key). */
export const VERIFIER_FILE = 'verifier-key'
