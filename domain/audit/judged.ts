import type { ProofState } from './proof.ts'
import type { CodeState } from './proof-code.ts'

/** What came of whatever somebody had checked: a file with one line, a receipt's code, or (`story`) a story that holds. */
export type Judged = ProofState | CodeState | 'story'
