import '#server-only'
import { blindIndexVersion } from '#platform/crypto.ts'
import { db } from '#platform/db.ts'
import { keyWrapper } from '#platform/key-wrapper.ts'

export async function isUnderOldKeys(): Promise<boolean> {
  const [key, index, [note]] = await Promise.all([
    db.caseKey.findFirst({
      where: { wrapKeyVersion: { not: keyWrapper.version() }, wrapped: { not: Buffer.alloc(0) } },
      select: { caseId: true },
    }),
    db.blindIndex.findFirst({ where: { version: { not: blindIndexVersion() } }, select: { caseId: true } }),
    db.$queryRaw<unknown[]>`SELECT FROM found_phones
      WHERE note <> '' OR substr(note_sealed, 1, 4) <> int4send(${keyWrapper.version()}::integer) LIMIT 1`,
  ])
  return key !== null || index !== null || note !== undefined
}
