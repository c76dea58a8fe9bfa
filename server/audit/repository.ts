import '#server-only'
import type { Prisma } from '#generated/prisma/client.ts'
import type { Tx } from '#server/platform/db.ts'
import { deferInsert } from '#server/platform/deferred-writes.ts'

export async function appendEntry(tx: Tx, entry: Prisma.AuditEntryCreateInput): Promise<void> {
  await deferInsert(tx, 'audit_entries', [entry])
}
