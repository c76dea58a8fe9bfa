import '#server-only'
import { rotateTotpSecrets } from '#features/accounts/factors/acts.ts'
import { rotateReceiverSecrets } from '#features/alerts/receivers/data.ts'
import { rotateContacts } from '#features/exchange/contacts/data.ts'
import { rotateWebhookSecrets } from '#features/exchange/keys/data.ts'
import { systemScope } from '#lib/access/scope.ts'
import { blindIndexVersion, rewrap, unseal, unwrap } from '#platform/crypto.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { keyWrapper, type WrappedKey } from '#platform/key-wrapper.ts'
import { inScope } from '#platform/scope.ts'
import { rotateZaloToken } from '#platform/zalo-token/commands.ts'
import { resealNotesAfter, resealUploads } from '../found/data.ts'
import { resealImports } from '../imports/data.ts'
import { indexPerson } from '../particulars/acts.ts'
import { opened, type Particulars } from '../particulars/rules.ts'

const START = '00000000-0000-0000-0000-000000000000'

/** The rows that one transaction changes: few, so that nobody waits for it long. */
const BATCH = 200

/** The steps with few rows, which take one transaction each. Each returns whether it found nothing to change. */
const FEW = [
  () => transaction(resealImports),
  () => transaction(resealUploads),
  rotateTotpSecrets,
  rotateContacts,
  rotateWebhookSecrets,
  rotateReceiverSecrets,
  rotateZaloToken,
]

/**
 * Reseals everything under the present wrapping key: the keys of cases, second factors of staff, contacts of carriers, notes on
 * found phones, uploaded files, secrets of webhooks and the token of Zalo. Renews the blind indexes under the present index key.
 * Runs while the product runs. Each batch is a transaction of its own: the next run continues a stopped one. Returns whether
 * nothing is left, so that the old keys can be removed.
 *
 * @throws Error if something is under a version that is not given; nothing of that batch is changed
 */
export const rotateKeys = (batch = BATCH, tell: (batches: number) => void = () => {}): Promise<boolean> =>
  inScope(systemScope(), () => rotate(batch, tell))

async function rotate(batch: number, tell: (batches: number) => void): Promise<boolean> {
  await walk((after) => transaction((tx) => rewrapAfter(tx, after, batch)), tell)
  await walk((after) => transaction((tx) => reindexAfter(tx, after, batch)), tell)
  await walk((after) => transaction((tx) => resealNotesAfter(tx, after, batch)), tell)
  for (const bring of FEW) await bring()
  for (const bring of FEW) if (!(await bring())) return false
  return !(await transaction(isUnderOldKeys))
}

/**
 * Rewraps the next keys after `after`, in order of their case, that are under another version than the present one. An erased
 * case has no key. Returns the case of the last one; null if there was none. A transaction that only reads a key does not wait.
 */
async function rewrapAfter(tx: Tx, after: string, limit: number): Promise<string | null> {
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

async function walk(
  step: (after: string) => Promise<string | null>,
  tell: (batches: number) => void,
): Promise<void> {
  let after: string | null = START
  for (let batches = 0; after !== null; batches++) {
    after = await step(after)
    if (after !== null) tell(batches + 1)
  }
}

async function reindexAfter(tx: Tx, after: string, limit: number): Promise<string | null> {
  const found = await takeIndexAfter(tx, after, limit)
  for (const { id, particulars } of found) await indexPerson(tx, id, particulars)
  return found.at(-1)?.id ?? null
}

/**
 * Deletes the index entries of the next cases after `after` that have entries under another version of the index key than the
 * present one, and returns these cases, opened. An erased case has no index.
 */
async function takeIndexAfter(
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

async function isUnderOldKeys(tx: Tx): Promise<boolean> {
  const version = keyWrapper.version()
  const key = await tx.caseKey.findFirst({
    where: { wrapKeyVersion: { not: version }, wrapped: { not: Buffer.alloc(0) } },
    select: { caseId: true },
  })
  const index = await tx.blindIndex.findFirst({
    where: { version: { not: blindIndexVersion() } },
    select: { caseId: true },
  })
  const [note] = await tx.$queryRaw<unknown[]>`SELECT FROM found_phones
    WHERE note <> '' OR substr(note_sealed, 1, 4) <> int4send(${version}::integer) LIMIT 1`
  return key !== null || index !== null || note !== undefined
}
