import '#server-only'
import { type CaseScope, citizenScope } from '#lib/access/scope.ts'
import type { ImeiKey } from '#lib/imei/imei.ts'
import type { Tx } from '#platform/db.ts'
import { listReadings, readingsOfCases } from './data.ts'
import {
  agreementOf,
  type FileReading,
  hintOf,
  type ProofReading,
  type ReadingHint,
  unclaimedPhones,
} from './rules.ts'

/**
 * Compares what was read in a case's files with its claim. Police see whether it agrees, and the digits once they have
 * `opened` the evidence that shows them.
 */
export async function proofReading(
  scope: CaseScope,
  caseId: string,
  claimed: readonly string[],
  opened = scope.kind === 'one',
): Promise<ProofReading> {
  const files = await listReadings(scope, caseId)
  const keys = claimed as readonly ImeiKey[]
  return {
    hint: hintOf(keys, files),
    files: files.map((file) => ({
      ...file,
      says: agreementOf(keys, file.found),
      found: opened ? file.found : [],
    })),
    others: opened ? unclaimedPhones(keys, files) : [],
  }
}

/** Counts a case's files for a list, and says whether what a machine read agrees with the claim. */
export interface FilesAtAGlance {
  readonly files: number
  readonly hint: ReadingHint | null
}

/**
 * Returns what a list says of the files of several cases, by the case's id; a case without files is missing.
 *
 * @param claimed first 14 digits of each phone that a case claims, by the case's id
 */
export async function filesAtAGlance(
  scope: CaseScope,
  claimed: ReadonlyMap<string, readonly string[]>,
): Promise<ReadonlyMap<string, FilesAtAGlance>> {
  const files = await readingsOfCases(scope, [...claimed.keys()])
  return new Map(
    [...files].map(([caseId, read]) => [
      caseId,
      { files: read.length, hint: hintOf((claimed.get(caseId) ?? []) as readonly ImeiKey[], read) },
    ]),
  )
}

/** Returns what was read in each file of a case, for its person to take along. */
export const readingsOf = (scope: CaseScope, caseId: string): Promise<readonly FileReading[]> =>
  listReadings(scope, caseId)

/** Returns an IMEI that was read in a file of a case, by its place there, counted from 0; null where there is none. */
export async function imeiRead(
  tx: Tx,
  caseId: string,
  { evidence, at }: { readonly evidence: string; readonly at: number },
): Promise<string | null> {
  const files = await listReadings(citizenScope(caseId, 'full'), caseId, tx)
  return files.find(({ evidenceId }) => evidenceId === evidence)?.found[at]?.imei ?? null
}
