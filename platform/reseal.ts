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
 * Seals anew each row that is not under the wrapping key of today; returns whether there was none. Reads a row at a time,
 * as it may be a whole file. A row that was changed meanwhile stays as it is.
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
