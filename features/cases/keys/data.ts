import '#server-only'
import { blindIndexVersion, rewrap, unseal, unwrap } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { keyWrapper, type WrappedKey } from '#platform/key-wrapper.ts'
import { opened, type Particulars } from '../particulars/rules.ts'

/**
 * Wraps anew the next keys after `after`, in order of their case, that are under another version than today's; an
 * erased case has none. Returns the last one's case, or null where there is none. A transaction that only reads a key
 * does not wait.
 */
export async function rewrapAfter(tx: Tx, after: string, limit: number): Promise<string | null> {
  const version = keyWrapper.version()
  const rows = await tx.$queryRaw<(WrappedKey & { readonly caseId: string })[]>`
    SELECT case_id AS "caseId", wrapped, wrap_key_version AS "wrapKeyVersion" FROM case_keys
    WHERE case_id > ${after}::uuid AND wrap_key_version <> ${version} AND wrapped <> ''
    ORDER BY case_id LIMIT ${limit} FOR NO KEY UPDATE`
  const ids = rows.map(({ caseId }) => caseId)
  const wrapped = rows.map((row) => rewrap(row.caseId, row).wrapped)
  await tx.$executeRaw`UPDATE case_keys k SET wrapped = n.wrapped, wrap_key_version = ${version}
    FROM unnest(${ids}::uuid[], ${wrapped}::bytea[]) n (id, wrapped) WHERE k.case_id = n.id`
  return ids.at(-1) ?? null
}

/**
 * Takes the index from the next cases after `after` that are found under another version of the index's key than
 * today's, and returns these cases, opened. An erased case has no index.
 */
export async function takeIndexAfter(
  tx: Tx,
  after: string,
  limit: number,
): Promise<{ readonly id: string; readonly particulars: Particulars }[]> {
  const rows = await tx.$queryRaw<(WrappedKey & { id: string; sealed: Uint8Array })[]>`
    SELECT c.id, c.sealed, k.wrapped, k.wrap_key_version AS "wrapKeyVersion"
    FROM cases c JOIN case_keys k ON k.case_id = c.id
    WHERE c.id > ${after}::uuid
      AND EXISTS (SELECT FROM blind_index b WHERE b.case_id = c.id AND b.version <> ${blindIndexVersion()})
    ORDER BY c.id LIMIT ${limit} FOR NO KEY UPDATE OF k`
  await tx.blindIndex.deleteMany({ where: { caseId: { in: rows.map(({ id }) => id) } } })
  return rows.map(({ id, sealed, ...key }) => ({
    id,
    particulars: opened(unseal<Particulars>(unwrap(id, key), 'particulars', sealed)),
  }))
}

/** Tells whether anything is still under another version of a key than today's. */
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
