import '#server-only'
import { sha256, verifyEd25519 } from '#platform/signatures.ts'
import { judgeProof, type LogNow, readProof } from '../rules/proof.ts'
import { type CodeState, type Judged, judgeCode, type NamedEntry } from '../rules/proof-code.ts'
import { judgeStory, readStory } from '../rules/story.ts'
import { statedBreaks } from './breaks.ts'
import { logVerifier } from './key.ts'
import { consistencyFrom, placeOfEntry } from './proofs.ts'

const LOG: LogNow = {
  consistencyFrom,
  breaks: async () => (await statedBreaks()).map(({ note }) => note),
}

/**
 * Returns what the file of a proof says of today's log, for one line or a whole story; null where the text is neither.
 */
export async function judgeFile(text: string): Promise<Judged | null> {
  const proof = readProof(text)
  if (proof) return judgeProof(sha256, verifyEd25519, await logVerifier(), proof, LOG)
  const story = readStory(text)
  if (!story) return null
  const state = await judgeStory(sha256, verifyEd25519, await logVerifier(), story, LOG)
  return state === 'holds' ? 'story' : state
}

/** Returns the same for the code on a receipt. */
export const judgeByCode = async (named: NamedEntry): Promise<CodeState> =>
  judgeCode(sha256, verifyEd25519, await logVerifier(), named, await placeOfEntry(named.entry))
