import '#server-only'
import type { Prisma } from '#generated/prisma/client.ts'
import type { Tx } from '#server/platform/db.ts'

export async function insert(tx: Tx, notice: Prisma.NoticeUncheckedCreateInput): Promise<void> {
  await tx.notice.create({ data: notice, select: { id: true } })
}
