import '#server-only'
import { findAgenciesUpTo } from '#features/agencies/data.ts'
import { findChanged, lockPublished, publishChanged } from '#features/audit/published/acts.ts'
import { readDispersion } from '#features/results/data.ts'
import { type Month, monthOf } from '#features/results/rules.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import type { Snapshot } from './rules.ts'

/**
 * Takes the snapshot of a month, once, as soon as anything is public: the hash of every table, whose content is stored
 * already. A snapshot is a public table itself, so its log entry proves it. Returns its month; null where it exists
 * already.
 */
export async function takeSnapshot(now: Instant): Promise<Month | null> {
  const month = monthOf(now)
  const [known, { factor, compared }] = await Promise.all([
    findAgenciesUpTo(localDate(now)),
    readDispersion(now),
  ])
  return transaction(async (tx) => {
    await lockPublished(tx)
    const rows = await tx.publishedTable.findMany({
      select: { name: true, sha256: true },
      orderBy: { name: 'asc' },
    })
    const tables = rows
      .filter(({ name }) => !name.startsWith('archive.'))
      .map(({ name, sha256 }) => ({ table: name, sha256: Buffer.from(sha256).toString('hex') }))
    if (tables.length === 0 || rows.some(({ name }) => name === `archive.${month}`)) return null
    const content: Snapshot = {
      month,
      takenOn: localDate(now),
      dispersion: { factor, compared },
      agencies: known.map(({ id, nameVi, nameEn }) => ({ id, vi: nameVi, en: nameEn })),
      tables,
    }
    await publishChanged(tx, await findChanged(tx, [{ name: `archive.${month}`, content }]), now)
    return month
  })
}
