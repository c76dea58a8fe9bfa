import '#server-only'
import type { Prisma } from '#generated/prisma/client.ts'
import { addRows } from '#server/platform/additions.ts'
import type { Tx } from '#server/platform/db.ts'

export async function append(tx: Tx, entry: Prisma.AuditEntryCreateInput): Promise<void> {
  await addRows(tx, 'audit_entries', [entry])
}
