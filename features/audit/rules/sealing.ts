/** The reasons why the log cannot be sealed: the published checkpoints and the database disagree. */
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

/** Sizes, in entries: of the published log, and of the database's. */
export interface SealingFacts {
  readonly published: number
  readonly database: number
}

/**
 * The faults that a restore leaves behind: `npm run audit:resume` states them. For any other an operator has to find
 * the cause.
 */
export const RESUMABLE: readonly SealingFault[] = [
  'missing_folder',
  'empty_folder',
  'ahead',
  'fork',
  'unresumed',
]

const STATE = 'If the database was restored on purpose: npm run audit:resume -- --reason TEXT'
const LOOK = 'Find out why before anything is signed'

/** Returns what is wrong and what to do, for an operator. */
export function saySealingFault(
  fault: SealingFault,
  { published, database }: SealingFacts,
  folder = 'AUDIT_DIR',
): string {
  const said: Readonly<Record<SealingFault, string>> = {
    missing_folder: `${folder} is not there, but the log of ${database} entries was published: its disk may not be mounted`,
    empty_folder: `${folder} has no checkpoint, but the log of ${database} entries was published: it may be another folder`,
    other_log: `${folder} has the checkpoints of another log: they are not signed with ANTAM_AUDIT_KEY`,
    bad_checkpoint: `the newest checkpoint in ${folder}, of ${published} entries, was not signed with ANTAM_AUDIT_KEY, or was changed`,
    bad_resumption: `the newest resumed-*.note in ${folder} is missing, was not signed with ANTAM_AUDIT_KEY, or was changed`,
    bad_head: `the newest tree head in the database, of ${database} entries, is not what was signed, or its entries are not`,
    ahead: `a checkpoint of ${published} entries was published, but the database has only ${database}: it was restored, or lost its newest entries`,
    fork: `the first ${published} entries in the database are not those that the checkpoint was signed for: it was restored and written on, or changed`,
    unresumed: `${folder} says that the log was resumed, and the database does not: it was restored to before that`,
  }
  const resumable = RESUMABLE.includes(fault)
  return `The audit log is not sealed: ${said[fault]}. ${resumable ? STATE : LOOK} (docs/operations/restore.md, After a restore).`
}
