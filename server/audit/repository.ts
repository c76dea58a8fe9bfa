import '#server-only'
import type { Prisma } from '#generated/prisma/client.ts'
import type { Tx } from '#server/platform/db.ts'

export async function append(tx: Tx, entry: Prisma.AuditEntryCreateInput): Promise<void> {
  await tx.auditEntry.create({ data: entry, select: { id: true } })
}
