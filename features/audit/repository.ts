import '#server-only'
import type { Prisma } from '#generated/prisma/client.ts'
import type { Tx } from '#platform/db.ts'
import { deferInsert } from '#platform/deferred-writes.ts'

export type AuditEntry = Prisma.AuditEntryCreateManyInput

export async function appendEntry(tx: Tx, entry: AuditEntry): Promise<void> {
  await deferInsert(tx, 'audit_entries', [entry])
}
