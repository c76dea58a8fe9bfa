import type { ProofState } from './proof.ts'
import type { CodeState } from './proof-code.ts'

/** The result of a check: of a file with one line, of a receipt's code, or (`story`) of a story that holds. */
export type Judged = ProofState | CodeState | 'story'
