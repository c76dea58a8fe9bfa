import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readCheckpoint, type TreeHead } from '#domain/audit/checkpoint.ts'
import { isCheckpointFile, VERIFIER_FILE } from '#domain/audit/log.ts'
import { readVerifier, type Verifier } from '#domain/audit/note.ts'
import { sha256, verifyEd25519 } from '#server/platform/signatures.ts'

export const headIn = (note: string, verifier: Verifier): Promise<TreeHead | null> =>
  readCheckpoint(sha256, note, verifier, verifyEd25519)

/** Whose signatures count: `given`, or what lies beside the checkpoints. */
export async function verifierFor(directory: string, given: string | undefined): Promise<Verifier> {
  const file = join(directory, VERIFIER_FILE)
  if (given === undefined && !existsSync(file))
    throw new Error(`There is no ${file}: name the public key with --key.`)
  const verifier = await readVerifier(sha256, given ?? readFileSync(file, 'utf8'))
  if (!verifier) throw new Error('The public key is not a line such as antam/audit+0a1b2c3d+AQ….')
  return verifier
}

/** The tree heads in a directory by size, and the files that are none. */
export async function checkpointsIn(
  directory: string,
  verifier: Verifier,
): Promise<{ readonly heads: TreeHead[]; readonly bad: string[] }> {
  const heads: TreeHead[] = []
  const bad: string[] = []
  for (const name of readdirSync(directory).filter(isCheckpointFile).sort()) {
    const head = await headIn(readFileSync(join(directory, name), 'utf8'), verifier)
    if (head && head.size === Number.parseInt(name, 10)) heads.push(head)
    else bad.push(name)
  }
  return { heads, bad }
}
