import '#server-only'
import { sealVersion } from './crypto.ts'
import { keyWrapper } from './key-wrapper.ts'

type Sealed = Uint8Array<ArrayBuffer>

/** A table of Prisma's client whose rows have an `id` and `sealed` bytes, such as `tx.carrierContact`. */
interface SealedTable {
  findMany(query: { select: { id: true } }): PromiseLike<{ id: string }[]>
  findUnique(query: {
    where: { id: string }
    select: { sealed: true }
  }): PromiseLike<{ sealed: Sealed } | null>
  updateMany(query: { where: { id: string; sealed: Sealed }; data: { sealed: Sealed } }): PromiseLike<unknown>
}

/**
 * Seals each row with an old wrapping key again. Returns true if there was none. Reads one row at a time, as a row may contain
 * a whole file. A row that changed in the meantime is skipped.
 */
export async function resealAll(
  table: SealedTable,
  reseal: (id: string, sealed: Sealed) => Sealed,
): Promise<boolean> {
  let old = 0
  for (const { id } of await table.findMany({ select: { id: true } })) {
    const row = await table.findUnique({ where: { id }, select: { sealed: true } })
    if (!row || sealVersion(row.sealed) === keyWrapper.version()) continue
    await table.updateMany({
      where: { id, sealed: row.sealed },
      data: { sealed: reseal(id, row.sealed) },
    })
    old++
  }
  return old === 0
}
