import '#server-only'
import type { CaseScope } from '#lib/access/scope.ts'
import type { ImeiKey } from '#lib/imei/imei.ts'
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
