import '#server-only'
import type { Tx } from '#server/platform/db.ts'
import { type AuditEntry, type EntryFilter, entries } from './repository/entries.ts'

import { newestHead, waitsLonger } from './repository/tree.ts'

/** So many minutes may an entry wait for its sealing; then nothing is decided any more that blocks a phone. */
const PATIENCE = 15

/** Whether sealing has failed for so long that acts of power must wait for it. */
export const sealingFails = (tx?: Tx): Promise<boolean> => waitsLonger(PATIENCE, tx)

export { newestAfterHash } from './repository/entries.ts'

/** When the log was last sealed; null before the first time. */
export const lastSealed = async (): Promise<Date | null> => (await newestHead())?.sealedAt ?? null

/** The newest entries about one case, at most so many: for its person, who may know what was done with it. */
export const entriesOfCase = (caseId: string, most: number): Promise<AuditEntry[]> =>
  entries({ subject: { kind: 'case', id: caseId } }, null, most)

const PAGE = 50

/** A page of the log, the newest entries first, and the id below which the next one begins. */
export async function auditPage(
  filter: EntryFilter,
  below: bigint | null,
): Promise<{ readonly entries: readonly AuditEntry[]; readonly next: bigint | null }> {
  const found = await entries(filter, below, PAGE + 1)
  const shown = found.slice(0, PAGE)
  return { entries: shown, next: found.length > PAGE ? (shown.at(-1)?.id ?? null) : null }
}
