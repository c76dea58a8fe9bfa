/** The audit log's own name, which stands in every checkpoint as its origin and its signer. */
export const LOG_NAME = 'antam/audit'

/** The name of a checkpoint's file: names sort by size. */
export const checkpointFile = (size: number): string => `${String(size).padStart(16, '0')}.checkpoint`
export const isCheckpointFile = (name: string): boolean => /^\d{16}\.checkpoint$/.test(name)

/** Beside the checkpoints: by whose key they were signed, as one line (C2SP's verifier key). */
export const VERIFIER_FILE = 'verifier-key'
