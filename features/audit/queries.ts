import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import type { Tx } from '#platform/db.ts'
import { troubleOf } from '#platform/troubles.ts'
import { type AuditEntry, type Cursor, type EntryFilter, entries, storyOf } from './repository/entries.ts'
import { newestHead, waitsLonger } from './repository/tree.ts'
import type { SealingFacts, SealingFault } from './rules/sealing.ts'

export type { AuditEntry }

/** Minutes that an entry may wait for its sealing; after that no decision that blocks a phone is taken. */
const SEALING_PATIENCE_MINUTES = 15

/** Tells whether sealing has failed for so long that acts of power must wait for it. */
export const sealingFails = (tx?: Tx): Promise<boolean> => waitsLonger(SEALING_PATIENCE_MINUTES, tx)

export { newestChange } from './repository/entries.ts'

/** Returns when the log was last sealed; null before the first time. */
export const lastSealed = async (): Promise<Date | null> => (await newestHead())?.sealedAt ?? null

/** Returns the newest entries about one case, `most` at most, for its reporter, who may know what was done with it. */
export const entriesOfCase = (caseId: string, most: number): Promise<AuditEntry[]> =>
  entries({ subject: { kind: 'case', id: caseId } }, null, most)

/** Returns the account that handed a found phone over, or closed its record without an owner; null where none has. */
export const foundClosedBy = async (
  foundId: string,
  how: 'returned' | 'unclaimed',
): Promise<string | null> => {
  const [entry] = await entries({ subject: { kind: 'found', id: foundId }, act: `found.${how}` }, null, 1)
  return entry?.actorId ?? null
}

/** Returns why nothing is sealed: the published checkpoints and the database disagree. Null while the log is sealed. */
export async function sealingTrouble(): Promise<{
  readonly fault: SealingFault
  readonly facts: SealingFacts
  readonly since: Date
} | null> {
  const trouble = await troubleOf('audit-seal')
  return (
    trouble && {
      fault: trouble.code as SealingFault,
      facts: trouble.facts as unknown as SealingFacts,
      since: trouble.since,
    }
  )
}

const PAGE = 50

/**
 * Returns a page of the log for an auditor, the newest entries first, and the place below which the next one begins.
 */
export async function auditPage(
  actor: StaffActor,
  filter: EntryFilter,
  below: Cursor | null,
): Promise<{ readonly entries: readonly AuditEntry[]; readonly next: Cursor | null }> {
  if (!may(actor.role, 'audit:read')) return { entries: [], next: null }
  const found = await entries(filter, below, PAGE + 1)
  return { entries: found.slice(0, PAGE), next: found.length > PAGE ? (found[PAGE - 1] ?? null) : null }
}

/** Returns a page of all that belongs to a case, from its beginning, and the id above which the next one begins. */
export async function storyPage(
  actor: StaffActor,
  caseId: string,
  above: bigint,
): Promise<{ readonly entries: readonly AuditEntry[]; readonly next: bigint | null }> {
  if (!may(actor.role, 'audit:read')) return { entries: [], next: null }
  const found = await storyOf(caseId, above, PAGE + 1)
  return { entries: found.slice(0, PAGE), next: found.length > PAGE ? (found[PAGE - 1]?.id ?? null) : null }
}
