import '#server-only'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
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
