import { fromBase64, toBase64 } from '#lib/transparency/base64.ts'
import {
  readByAny,
  readNote,
  type Sign,
  type Signers,
  type Verifier,
  type Verify,
  writeNote,
} from '#lib/transparency/note.ts'
import type { Digest, Hash, Sha256 } from '#lib/transparency/tree.ts'

/** The name of a log without `AUDIT_ORIGIN`, as all installations had before that setting. */
export const LOG_NAME = 'antam/audit'

export interface CheckpointName {
  readonly size: number
  /** 1, and one more after each break. */
  readonly history: number
}

/** Returns a file name. Names sort by size, and those of two histories always differ. */
export const checkpointFile = (size: number, history = 1): string =>
  `${String(size).padStart(16, '0')}${history === 1 ? '' : `-${history}`}.checkpoint`

export function readCheckpointFile(name: string): CheckpointName | null {
  const [, size, history = '1'] = /^(\d{16})(?:-([2-9]|[1-9]\d{1,5}))?\.checkpoint$/.exec(name) ?? []
  return size === undefined ? null : { size: Number(size), history: Number(history) }
}

export const resumptionFile = (history: number): string => `resumed-${history}.note`
export function readResumptionFile(name: string): number | null {
  const [, history] = /^resumed-([2-9]|[1-9]\d{1,5})\.note$/.exec(name) ?? []
  return history === undefined ? null : Number(history)
}

/** Beside the checkpoints: the key that signed them, as one line (C2SP's verifier key). */
export const VERIFIER_FILE = 'verifier-key'

/** A tree head: one hash over the first `size` entries. */
export interface TreeHead {
  readonly size: number
  readonly root: Hash
}

const HASH = 32
const BODY = /^([^\n]+)\n(0|[1-9]\d{0,15})\n([^\n]+)\n$/

/** Writes a signed tree head (c2sp.org/tlog-checkpoint): origin (the signer's name), size and root, signed as a note. */
export const writeCheckpoint = (
  sha256: Sha256,
  { size, root }: TreeHead,
  signer: Verifier,
  sign: Sign,
): string => writeNote(sha256, `${signer.name}\n${size}\n${toBase64(root)}\n`, signer, sign)

/** Returns the tree head signed by one of `signers`; null for another kind of text, a changed one, or another signer. */
export const readCheckpoint = (
  sha256: Digest,
  note: string,
  signers: Signers,
  verify: Verify,
): Promise<TreeHead | null> =>
  readByAny(signers, async (signer) => {
    const text = await readNote(sha256, note, signer, verify)
    const [, origin, written, hash = ''] = BODY.exec(text ?? '') ?? []
    const [size, root] = [Number(written), fromBase64(hash)]
    const fits = origin === signer.name && root?.length === HASH && size <= (signer.until ?? size)
    return fits ? { size, root } : null
  })

/** Why the log cannot be sealed: the published checkpoints and the database disagree. */
export type SealingFault =
  | 'missing_folder'
  | 'empty_folder'
  | 'other_log'
  | 'bad_checkpoint'
  | 'bad_resumption'
  | 'bad_head'
  | 'ahead'
  | 'fork'
  | 'unresumed'

/** In entries. */
export interface SealingFacts {
  readonly published: number
  readonly database: number
}

/** Faults after a restore, which `npm run audit:resume` can state. All others need an operator to find the cause. */
export const RESUMABLE: readonly SealingFault[] = [
  'missing_folder',
  'empty_folder',
  'ahead',
  'fork',
  'unresumed',
]

const STATE = 'If the database was restored on purpose: npm run audit:resume -- --reason TEXT'
const RENAME = 'If another log is to begin on purpose: npm run audit:resume -- --reason TEXT'
const LOOK = 'Find out why before anything is signed'

export function saySealingFault(
  fault: SealingFault,
  { published, database }: SealingFacts,
  folder = 'AUDIT_DIR',
): string {
  const said: Readonly<Record<SealingFault, string>> = {
    missing_folder: `${folder} is not there, but the log of ${database} entries was published: its disk may not be mounted`,
    empty_folder: `${folder} has no checkpoint, but the log of ${database} entries was published: it may be another folder`,
    other_log: `${folder} has the checkpoints of another log: AUDIT_ORIGIN or ANTAM_AUDIT_KEY is another than theirs`,
    bad_checkpoint: `the newest checkpoint in ${folder}, of ${published} entries, was not signed with ANTAM_AUDIT_KEY, or was changed`,
    bad_resumption: `the newest resumed-*.note in ${folder} is missing, was not signed with ANTAM_AUDIT_KEY, or was changed`,
    bad_head: `the newest tree head in the database, of ${database} entries, is not what was signed, or its entries are not`,
    ahead: `a checkpoint of ${published} entries was published, but the database has only ${database}: it was restored, or lost its newest entries`,
    fork: `the first ${published} entries in the database are not those that the checkpoint was signed for: it was restored and written on, or changed`,
    unresumed: `${folder} says that the log was resumed, and the database does not: it was restored to before that`,
  }
  const resumable = RESUMABLE.includes(fault)
  if (fault === 'other_log')
    return `The audit log is not sealed: ${said[fault]}. ${RENAME} (docs/operations/audit-log.md, A new name or key).`
  return `The audit log is not sealed: ${said[fault]}. ${resumable ? STATE : LOOK} (docs/operations/restore.md, After a restore).`
}
