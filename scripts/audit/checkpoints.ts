import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Resumption, readResumption, readSigners } from '#features/audit/sealing/resumption-rules.ts'
import {
  type CheckpointName,
  readCheckpoint,
  readCheckpointFile,
  readResumptionFile,
  type TreeHead,
  VERIFIER_FILE,
} from '#features/audit/sealing/rules.ts'
import { readVerifier, type Signers, type Verifier } from '#lib/transparency/note.ts'
import { sha256, verifyEd25519 } from '#platform/signatures.ts'

export const headIn = (note: string, signers: Signers): Promise<TreeHead | null> =>
  readCheckpoint(sha256, note, signers, verifyEd25519)

/**
 * Returns the keys whose signatures count, today's first: `given` or the one beside the checkpoints, then the earlier
 * keys that the log names.
 */
export async function verifierFor(
  directory: string,
  given: string | undefined,
): Promise<readonly [Verifier, ...Verifier[]]> {
  const file = join(directory, VERIFIER_FILE)
  if (given === undefined && !existsSync(file))
    throw new Error(`There is no ${file}: name the public key with --key.`)
  const verifier = await readVerifier(sha256, given ?? readFileSync(file, 'utf8'))
  if (!verifier) throw new Error('The public key is not a line such as antam/audit+0a1b2c3d+AQ….')
  const notes = existsSync(directory)
    ? readdirSync(directory).filter((name) => readResumptionFile(name) !== null)
    : []
  return readSigners(
    sha256,
    verifyEd25519,
    verifier,
    notes.map((name) => readFileSync(join(directory, name), 'utf8')),
  )
}

export type KeptHead = TreeHead & CheckpointName

export interface KeptBreak extends Resumption {
  readonly note: string
}

export async function breakIn(note: string, signers: Signers): Promise<KeptBreak | null> {
  const one = await readResumption(sha256, note, signers, verifyEd25519)
  return one && { ...one, note }
}

/**
 * Reads a directory. Returns the tree heads of at least `from` entries by size, the breaks by history, and the names of
 * all other files.
 */
export async function checkpointsIn(
  directory: string,
  signers: Signers,
  from = 0,
): Promise<{ readonly heads: KeptHead[]; readonly breaks: KeptBreak[]; readonly bad: string[] }> {
  const heads: KeptHead[] = []
  const breaks: KeptBreak[] = []
  const bad: string[] = []
  for (const file of readdirSync(directory).sort()) {
    const [name, history] = [readCheckpointFile(file), readResumptionFile(file)]
    if ((!name && history === null) || (name && name.size < from)) continue
    const note = readFileSync(join(directory, file), 'utf8')
    const head = name && (await headIn(note, signers))
    const stated = history === null ? null : await breakIn(note, signers)
    if (name && head?.size === name.size) heads.push({ ...head, ...name })
    else if (stated && stated.history === history) breaks.push(stated)
    else bad.push(file)
  }
  return { heads, breaks: breaks.sort((a, b) => a.history - b.history), bad }
}
