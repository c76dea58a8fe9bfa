import '#server-only'
import { type Instant, localDate } from '#domain/time.ts'
import { db, type Tx } from '#server/platform/db.ts'

/** The year's key for dossier codes, made when it is first needed. */
export async function dossierKey(tx: Tx, year: number, fresh: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  await tx.dossierKey.createMany({ data: [{ year, key: fresh }], skipDuplicates: true })
  const { key } = await tx.dossierKey.findUniqueOrThrow({ where: { year }, select: { key: true } })
  return key
}

/** False when the code has been used this year. */
export async function takeDossierCode(
  tx: Tx,
  year: number,
  codeHash: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const { count } = await tx.dossierCode.createMany({ data: [{ year, codeHash }], skipDuplicates: true })
  return count === 1
}

/** Deletes the keys of years before this one, and with each the hashes that were made with it. */
export const forgetDossierKeys = async (now: Instant): Promise<number> =>
  (await db.dossierKey.deleteMany({ where: { year: { lt: Number(localDate(now).slice(0, 4)) } } })).count
