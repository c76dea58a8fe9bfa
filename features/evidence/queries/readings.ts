import '#server-only'
import { type CaseScope, citizenScope } from '#lib/access/scope.ts'
import type { ImeiKey } from '#lib/imei/imei.ts'
import type { Tx } from '#platform/db.ts'
import { listReadings } from '../repository/readings.ts'
import {
  agreementOf,
  type FileReading,
  hintOf,
  type ProofReading,
  unclaimedPhones,
} from '../rules/reading.ts'

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
