import '#server-only'
import { type Instant, localDate } from '#lib/time.ts'
import { db } from '#platform/db.ts'

/** Returns the year's key for dossier codes, made when it is first needed. */
export async function dossierKey(year: number, fresh: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  const found = await db.dossierKey.findUnique({ where: { year }, select: { key: true } })
  if (found !== null) return found.key
  await db.dossierKey.createMany({ data: [{ year, key: fresh }], skipDuplicates: true })
  return (await db.dossierKey.findUniqueOrThrow({ where: { year }, select: { key: true } })).key
}

/** Deletes the keys of years before this one, and with each the hashes that were made with it. */
export const forgetDossierKeys = async (now: Instant): Promise<number> =>
  (await db.dossierKey.deleteMany({ where: { year: { lt: Number(localDate(now).slice(0, 4)) } } })).count
