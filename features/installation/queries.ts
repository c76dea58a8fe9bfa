import '#server-only'
import { verifierLine } from '#features/audit/sealing/data.ts'
import type { Instant } from '#lib/time.ts'
import { fingerprintOf } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { expectedMigrations, version } from '#platform/release.ts'
import { type Storage, stores } from '#platform/storage.ts'
import {
  appliedMigrations,
  everKnew,
  hasEvidence,
  installation,
  lastUpkeep,
} from './repository/installation.ts'
import { knownKeys } from './repository/keys.ts'
import { type GivenKey, judgeKeys, KEY_NAMES, type KeyName, type KeyVerdict } from './rules/keys.ts'
import { judgeStore, type Pair, type StoreVerdict, sayStoreFault } from './rules/store.ts'
import { backupFault } from './rules/upkeep.ts'
import { schemaFaults } from './rules/versions.ts'

export { lastUpkeep } from './repository/installation.ts'
export { runningProcesses } from './repository/processes.ts'
export { wasLeft } from './repository/stores.ts'

/** The number of stored files that are looked up to tell whether a store without a mark is this database's. */
const SAMPLED_FILES = 200

/** Returns the keys of this process, with their check values. */
export function givenKeys(): GivenKey[] {
  const { ANTAM_KEY, ANTAM_KEY_ALSO, ANTAM_INDEX_KEY, ANTAM_INDEX_KEY_ALSO, ANTAM_HASH_KEY } = env()
  const { ANTAM_EXCHANGE_KEY, ANTAM_EXCHANGE_KEY_ALSO } = env()
  const prints = (bytes: Buffer): Record<KeyName, Uint8Array> =>
    Object.fromEntries(KEY_NAMES.map((name) => [name, fingerprintOf(name, bytes)])) as Record<
      KeyName,
      Uint8Array
    >
  const versioned = (
    name: KeyName,
    main: { readonly version: number; readonly bytes: Buffer },
    also: typeof main | undefined,
  ): GivenKey[] => [
    { name, variable: name, version: main.version, writes: true, fingerprints: prints(main.bytes) },
    ...(also
      ? [
          {
            name,
            variable: `${name}_ALSO`,
            version: also.version,
            writes: false,
            fingerprints: prints(also.bytes),
          },
        ]
      : []),
  ]
  const single = (name: KeyName, bytes: Buffer): GivenKey => ({
    name,
    variable: name,
    version: null,
    writes: true,
    fingerprints: prints(bytes),
  })
  return [
    ...versioned('ANTAM_KEY', ANTAM_KEY, ANTAM_KEY_ALSO),
    ...versioned('ANTAM_INDEX_KEY', ANTAM_INDEX_KEY, ANTAM_INDEX_KEY_ALSO),
    single('ANTAM_HASH_KEY', ANTAM_HASH_KEY),
    // By its public half, which web servers have as well.
    single('ANTAM_AUDIT_KEY', Buffer.from(verifierLine())),
    single('ANTAM_EXCHANGE_KEY', ANTAM_EXCHANGE_KEY),
    ...(ANTAM_EXCHANGE_KEY_ALSO
      ? [
          {
            ...single('ANTAM_EXCHANGE_KEY', ANTAM_EXCHANGE_KEY_ALSO),
            variable: 'ANTAM_EXCHANGE_KEY_ALSO',
            writes: false,
          },
        ]
      : []),
  ]
}

/** Returns why this version cannot work on the database's schema: it is older, or lost what this version uses. */
export const schemaVerdict = async (): Promise<string[]> =>
  schemaFaults(version, expectedMigrations, await appliedMigrations())

/** Returns what is wrong with the last backup, in words for an operator; null where nothing is. */
export async function backupVerdict(now: Instant): Promise<string | null> {
  const made = (await lastUpkeep()).find(({ kind }) => kind === 'backup')
  return backupFault(made?.doneAt ?? null, env().BACKUP_MAX_HOURS, now)
}

/** Tells whether this process has the keys that the database's rows were made with. */
export const keyVerdict = async (tx?: Tx): Promise<KeyVerdict> => judgeKeys(givenKeys(), await knownKeys(tx))

/**
 * Tells whether the store of evidence and the database belong together and, while files move, the other store too. It
 * looks at files only where a store has no mark.
 */
export async function storeVerdict(): Promise<{
  readonly verdict: StoreVerdict
  /** The fault and what to do about it, where there is one. */
  readonly fault: string | null
  readonly pair: Pair
  /** The stores that belong to this database and have no mark yet. */
  readonly unmarked: readonly Storage[]
}> {
  const { main, also } = stores('evidence')
  const { id, joined } = await installation()
  // A store that files move to, or come from, is new or this database's; whether it should have some its mark says.
  const other = also && (await pairOf(also, { database: id, joined: false, evidence: false }))
  const beside = other !== null && judgeStore(other) === 'joined'
  const pair = await pairOf(main, { database: id, joined, evidence: null, beside })
  const judged = [
    { storage: main, pair, verdict: judgeStore(pair) },
    ...(also && other ? [{ storage: also, pair: other, verdict: judgeStore(other) }] : []),
  ]
  const faults = judged.flatMap(({ storage, pair: one, verdict }) =>
    isRight(verdict) ? [] : [sayStoreFault(verdict, one, storage.place)],
  )
  return {
    verdict: judged[0]?.verdict ?? 'join',
    fault: faults[0] ?? null,
    pair,
    unmarked: judged.flatMap(({ storage, verdict }) => (verdict === 'join' ? [storage] : [])),
  }
}

const isRight = (verdict: StoreVerdict): verdict is 'joined' | 'join' =>
  verdict === 'joined' || verdict === 'join'

/** Compares a store with what is known of its database; where `evidence` is null it is looked up if it matters. */
async function pairOf(
  storage: Storage,
  { evidence, ...known }: Omit<Pair, 'store' | 'files' | 'evidence'> & { readonly evidence: boolean | null },
): Promise<Pair> {
  const store = await storage.installation()
  const unmarked = store === null
  return {
    ...known,
    store,
    evidence: evidence ?? (unmarked && (await hasEvidence())),
    files: unmarked ? await filesIn(storage) : 'none',
  }
}

async function filesIn(storage: Storage): Promise<Pair['files']> {
  const ids: string[] = []
  for await (const { key } of storage.list()) {
    if (!key.endsWith('.probe')) ids.push(key.slice(0, key.lastIndexOf('.')))
    if (ids.length === SAMPLED_FILES) break
  }
  if (ids.length === 0) return 'none'
  return (await everKnew(ids)) ? 'known' : 'strange'
}
