import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readErasureFile, readErasures } from '#features/audit/erasures/rules.ts'
import { readLogSigners } from '#features/audit/sealing/data.ts'
import { sha256, verifyEd25519 } from '#platform/signatures.ts'

/** Returns the ids of evidence files that signed notes in a folder list as erased, since an instant or ever. */
export async function erasedIn(folder: string, since: Date | null): Promise<Set<string>> {
  const ids = new Set<string>()
  if (!existsSync(folder)) return ids
  const signers = await readLogSigners()
  for (const name of readdirSync(folder)) {
    const at = readErasureFile(name)
    if (at === null || (since !== null && at < since)) continue
    const erasures = await readErasures(
      sha256,
      readFileSync(join(folder, name), 'utf8'),
      signers,
      verifyEd25519,
    )
    for (const { kind, subjectId } of erasures ?? []) if (kind === 'evidence') ids.add(subjectId)
  }
  return ids
}
