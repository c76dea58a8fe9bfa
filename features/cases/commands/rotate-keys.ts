import '#server-only'
import { rotateTotpSecrets } from '#features/accounts/commands/second-factor.ts'
import { rotateContacts } from '#features/exchange/commands/contacts.ts'
import { rotateWebhookSecrets } from '#features/exchange/commands/secrets.ts'
import { systemScope } from '#lib/access/scope.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { rotateZaloToken } from '#platform/zalo-token/commands.ts'
import { resealNotesAfter, resealUploads } from '../repository/found-sealed.ts'
import { isUnderOldKeys, rewrapAfter, takeIndexAfter } from '../repository/keys.ts'
import { indexPerson } from './blind-index.ts'
import { rotateImports } from './import-run.ts'

/** Before every other id. */
const START = '00000000-0000-0000-0000-000000000000'

/** The number of rows that one transaction changes: small, so that nobody waits for it. */
const BATCH = 200

/**
 * The steps for things that are few enough for one transaction a kind; each answers whether there was nothing left to
 * bring.
 */
const FEW = [
  rotateImports,
  () => transaction(resealUploads),
  rotateTotpSecrets,
  rotateContacts,
  rotateWebhookSecrets,
  rotateZaloToken,
]

/**
 * Brings every case's key, staff's second factors, carriers' contacts, notes on found phones, files that were read in
 * and the secrets of webhooks under today's wrapping key, and what people are found by under today's index key, while
 * the product runs. Each batch is a transaction of its own: whenever it is stopped, the next run goes on with what is
 * left. Answers whether nothing is left, so that the keys before can be taken away.
 *
 * @throws Error when something is under a version that is not given; nothing of that batch is changed
 */
export const rotateKeys = (batch = BATCH, tell: (batches: number) => void = () => {}): Promise<boolean> =>
  inScope(systemScope(), () => rotate(batch, tell))

async function rotate(batch: number, tell: (batches: number) => void): Promise<boolean> {
  await walk((after) => transaction((tx) => rewrapAfter(tx, after, batch)), tell)
  await walk((after) => transaction((tx) => reindexAfter(tx, after, batch)), tell)
  await walk((after) => transaction((tx) => resealNotesAfter(tx, after, batch)), tell)
  for (const bring of FEW) await bring()
  for (const bring of FEW) if (!(await bring())) return false
  return !(await isUnderOldKeys())
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
