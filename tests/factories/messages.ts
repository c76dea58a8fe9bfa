import type { Code } from '#features/cases/unlock/rules.ts'
import type { Prisma } from '#generated/prisma/client.ts'
import { unseal, unwrap } from '#platform/crypto.ts'
import { db } from '#tests/db.ts'

interface SentWords {
  readonly to: string
  readonly params: Readonly<Record<string, string>>
}

/** Returns messages as their reader sees them, oldest first. */
export async function sentMessages(where: Prisma.NoticeWhereInput = {}) {
  const rows = await db.notice.findMany({ where, orderBy: { createdAt: 'asc' }, include: { key: true } })
  return rows.map(({ id, caseId, template, sealed, key }) => ({
    template,
    ...unseal<SentWords>(unwrap(caseId, key), `notice:${id}`, sealed),
  }))
}

export async function newestMessage(where: Prisma.NoticeWhereInput = {}) {
  const newest = (await sentMessages(where)).at(-1)
  if (!newest) throw new Error('no such message was sent')
  return newest
}

export const newestCode = async (where: Prisma.NoticeWhereInput = {}): Promise<Code> =>
  (await newestMessage({ template: { startsWith: 'code_' }, ...where })).params.code as Code
