import '#server-only'
import { type EntryProof, judgeProof, type ProofState } from '#domain/audit/proof.ts'
import { sha256, verifyEd25519 } from '#server/platform/signatures.ts'
import { logVerifier } from './key.ts'
import { consistencyFrom } from './proofs.ts'

/** What a proof that somebody holds says of the log as it is now. */
export const judge = async (proof: EntryProof): Promise<ProofState> =>
  judgeProof(sha256, verifyEd25519, await logVerifier(), proof, consistencyFrom)
