import '#server-only'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import type { WrappedKey } from '#platform/key-wrapper.ts'
import type { KeyName, KnownKey, NewKey } from './rules.ts'

export async function listKnownKeys(tx: Tx = db): Promise<KnownKey[]> {
  const rows = await tx.keyFingerprint.findMany({ orderBy: { id: 'asc' } })
  return rows.map(({ name, version, fingerprint, usedAt, retiredAt }) => ({
    name: name as KeyName,
    version,
    fingerprint,
    used: usedAt !== null,
    retired: retiredAt !== null,
  }))
}

export async function learnKey(tx: Tx, { name, version, fingerprint, used }: NewKey, now: Instant) {
  const there = await tx.keyFingerprint.findFirst({ where: { name, version, retiredAt: null } })
  const usedAt = used ? now : null
  if (!there)
    await tx.keyFingerprint.create({
      data: { name, version, fingerprint: Buffer.from(fingerprint), usedAt },
    })
  else if (used && there.usedAt === null)
    await tx.keyFingerprint.update({ where: { id: there.id }, data: { usedAt } })
}

/** Notes that no row is under the other versions of these keys any more; returns how many versions there were. */
export async function retireOthers(tx: Tx, keep: Readonly<Record<string, number>>, now: Instant) {
  const { count } = await tx.keyFingerprint.updateMany({
    where: {
      retiredAt: null,
      usedAt: { not: null },
      OR: Object.entries(keep).map(([name, version]) => ({ name, version: { not: version } })),
    },
    data: { retiredAt: now },
  })
  return count
}

/** Retires a key's version, or all of its versions in force; false where there is none. */
export async function retireKey(tx: Tx, name: KeyName, version: number | null, now: Instant) {
  const where = { name, ...(version !== null && { version }), retiredAt: null }
  return (await tx.keyFingerprint.updateMany({ where, data: { retiredAt: now } })).count > 0
}

/** Returns under which versions of the keys rows are; for a transaction that sees every case. */
export const listVersionsInRows = (tx: Tx) =>
  tx.$queryRaw<{ readonly name: 'ANTAM_KEY' | 'ANTAM_INDEX_KEY'; readonly version: number }[]>`
      SELECT DISTINCT 'ANTAM_KEY' AS name, wrap_key_version AS version FROM case_keys WHERE wrapped <> ''
      UNION SELECT DISTINCT 'ANTAM_INDEX_KEY', version::int FROM blind_index`

/** Returns the stored key of one case for each version of the wrapping key; for a transaction that sees every case. */
export const sampleKeys = (tx: Tx): Promise<(WrappedKey & { readonly caseId: string })[]> =>
  tx.$queryRaw`
      SELECT DISTINCT ON (wrap_key_version) case_id AS "caseId", wrapped, wrap_key_version AS "wrapKeyVersion"
      FROM case_keys WHERE wrapped <> '' ORDER BY wrap_key_version, created_at DESC`
