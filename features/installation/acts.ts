import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import { readLogSigners, readLogVerifier } from '#features/audit/sealing/data.ts'
import { readCheckpoint } from '#features/audit/sealing/rules.ts'
import { systemScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { blindIndexVersion, unwrap } from '#platform/crypto.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { keyWrapper, type WrappedKey } from '#platform/key-wrapper.ts'
import { log } from '#platform/log.ts'
import { release } from '#platform/release.ts'
import { inScope } from '#platform/scope.ts'
import { sha256, verifyEd25519 } from '#platform/signatures.ts'
import { evidenceStorage, storesOf } from '#platform/storage.ts'
import {
  checkStore,
  findOtherCity,
  forgetProcess,
  lockInstallation,
  markJoined,
  readGivenKeys,
  readInstallation,
  recordProcess,
} from './data.ts'
import { learnKey, listKnownKeys } from './keys/data.ts'
import { judgeKeys, type KeyName, type KeyVerdict, PAIRED_KEY, VERSIONED } from './keys/rules.ts'
import { watchStores } from './stores/acts.ts'
import { markLeft } from './stores/data.ts'

/** Checks that this process may use the database and the store, and returns the faults. Call it before anything is stored. */
export async function checkInstallation(now: Instant): Promise<readonly string[]> {
  const faults = await checkKeys(now)
  if (faults.length > 0) return faults
  const { fault, pair, unmarked } = await checkStore()
  if (fault !== null) return [fault]
  // Another process may do the same at this moment.
  for (const storage of unmarked) await storage.join(pair.database).catch(unlessJoined)
  const names = storesOf('evidence').map(({ name }) => name)
  return transaction(async (tx) => {
    if (!pair.joined) await markJoined(tx, now)
    const others = await tx.store.findMany({
      where: { writtenAt: { not: null }, leftAt: null, name: { notIn: names } },
      orderBy: { name: 'asc' },
    })
    if (others.length === 0)
      await tx.$executeRaw`
        INSERT INTO stores (name, written_at) VALUES (${names[0] ?? ''}, now())
        ON CONFLICT (name) DO UPDATE SET written_at = coalesce(stores.written_at, now()), left_at = NULL
          WHERE stores.written_at IS NULL OR stores.left_at IS NOT NULL`
    return others.map(({ name }) => sayLeftBehind(name))
  })
}

const sayLeftBehind = (name: string): string =>
  `Storage: files of this database lie in ${name}, which this process does not read. Give it as STORAGE_URL_ALSO, and move them: npm run storage -- move (docs/operations/evidence.md)`

async function unlessJoined(error: NodeJS.ErrnoException): Promise<void> {
  if (error.code !== 'EEXIST') throw error
}

/** Does the key part of {@link checkInstallation}, for a command that needs no files. */
export async function checkKeys(now: Instant): Promise<readonly string[]> {
  const city = await findOtherCity()
  if (city !== null) return [city]
  // Without a scope, row-level security would hide all rows of an older database, and no key would seem to be in use.
  return inScope(systemScope(), () =>
    transaction(async (tx) => {
      await lockInstallation(tx)
      const known = await listKnownKeys(tx)
      const verdict = known.length === 0 ? await firstKeys(tx) : judgeKeys(readGivenKeys(), known)
      if (verdict.faults.length > 0) return Promise.all(verdict.faults.map((fault) => sayOfLog(tx, fault)))
      for (const key of verdict.news) await learnKey(tx, key, now)
      return []
    }),
  )
}

/** Replaces the fault about the audit log's key if only the log's name is wrong. */
async function sayOfLog(tx: Tx, fault: string): Promise<string> {
  const head = await tx.auditHead.findFirst({ orderBy: { size: 'desc' }, select: { note: true } })
  const [own, named] = [head?.note.split('\n')[0], (await readLogVerifier()).name]
  return fault.startsWith('ANTAM_AUDIT_KEY:') && own !== undefined && own !== named
    ? `AUDIT_ORIGIN: this process calls the audit log ${named}, and its checkpoints are those of ${own}. Put ${own} back; to begin a new log on purpose: npm run audit:resume -- --reason TEXT (docs/operations/audit-log.md, A new name or key)`
    : fault
}

/** Checks the given keys on a database from before fingerprints were stored: it accepts only keys that open its rows. */
async function firstKeys(tx: Tx): Promise<KeyVerdict> {
  const given = readGivenKeys()
  const faults: string[] = []
  const rows = await tx.$queryRaw<{ readonly name: KeyName; readonly version: number }[]>`
    SELECT DISTINCT 'ANTAM_KEY' AS name, wrap_key_version AS version FROM case_keys WHERE wrapped <> ''
    UNION SELECT DISTINCT 'ANTAM_INDEX_KEY', version::int FROM blind_index`
  for (const { name, version } of rows) {
    if (!given.some((key) => key.name === name && key.version === version))
      faults.push(`${name}: version ${version} is in use in this database and is not given`)
  }
  if (faults.length === 0) faults.push(...(await unopened(tx)))
  const head = await tx.auditHead.findFirst({ orderBy: { size: 'desc' }, select: { note: true } })
  if (head && !(await readCheckpoint(sha256, head.note, await readLogSigners(), verifyEd25519)))
    faults.push('ANTAM_AUDIT_KEY: is not the key that signed this database’s audit log')
  const { news } = judgeKeys(given, [])
  const inRows = (name: KeyName, version: number) =>
    rows.some((row) => row.name === name && row.version === version)
  return { faults, news: news.map((key) => ({ ...key, used: key.used || inRows(key.name, key.version) })) }
}

/** Returns a fault for each version of the wrapping key that does not open a stored key of its own. */
async function unopened(tx: Tx): Promise<string[]> {
  const samples = await tx.$queryRaw<(WrappedKey & { readonly caseId: string })[]>`
    SELECT DISTINCT ON (wrap_key_version) case_id AS "caseId", wrapped, wrap_key_version AS "wrapKeyVersion"
    FROM case_keys WHERE wrapped <> '' ORDER BY wrap_key_version, created_at DESC`
  return samples.flatMap(({ caseId, ...stored }) => {
    try {
      unwrap(caseId, stored)
      return []
    } catch {
      return [
        `ANTAM_KEY: does not open what is sealed under version ${stored.wrapKeyVersion} in this database`,
      ]
    }
  })
}

/** Records that every row is under today's keys: no process needs the older ones any more, or may write under them. */
export function retireOldKeys(now: Instant): Promise<number> {
  const keep = { ANTAM_KEY: keyWrapper.version(), ANTAM_INDEX_KEY: blindIndexVersion() }
  return transaction(async (tx) => {
    await lockInstallation(tx)
    const others = Object.entries(keep).map(([name, version]) => ({ name, version: { not: version } }))
    const where = { retiredAt: null, usedAt: { not: null }, OR: others }
    const { count: retired } = await tx.keyFingerprint.updateMany({ where, data: { retiredAt: now } })
    if (retired > 0) await written(tx, 'installation.keys_rotated', { ...keep, retired }, now)
    return retired
  })
}

/** Accepts this process's key for one that was lost or changed. Data of the former key can be neither opened nor found. */
export function acceptKey(
  name: KeyName,
  version: number,
  reason: string,
  now: Instant,
): Promise<Result<null, 'not_found'>> {
  return transaction(async (tx) => {
    await lockInstallation(tx)
    const where = { name, ...(name !== PAIRED_KEY && { version }), retiredAt: null }
    const { count } = await tx.keyFingerprint.updateMany({ where, data: { retiredAt: now } })
    if (count === 0) return err('not_found')
    const key = readGivenKeys().find(
      (one) => one.name === name && (VERSIONED.includes(name) ? one.version === version : true),
    )
    if (key) {
      const fingerprint = key.fingerprints[name]
      await learnKey(tx, { name, version, fingerprint, used: key.writes }, now)
    }
    await written(tx, 'installation.key_accepted', { name, version, reason }, now)
    return ok(null)
  })
}

/** Makes the store this database's only one, even if it was another's, and audits that. */
export async function joinStore(reason: string, now: Instant): Promise<{ from: string | null; to: string }> {
  const storage = evidenceStorage()
  const { id } = await readInstallation()
  const from = await storage.installation()
  await transaction(async (tx) => {
    await markJoined(tx, now)
    await markLeft(tx, { but: storesOf('evidence').map(({ name }) => name) })
    await written(tx, 'installation.join', { from, to: id, reason }, now)
  })
  await storage.join(id, true)
  return { from, to: id }
}

export const leaveStore = (from: string, to: string, files: number, now: Instant): Promise<void> =>
  transaction(async (tx) => {
    await markLeft(tx, { only: from })
    await written(tx, 'installation.moved', { from, to, files }, now)
  })

export const noteCleared = (from: string, files: number, now: Instant): Promise<void> =>
  transaction((tx) => written(tx, 'installation.cleared', { from, files }, now))

const written = (
  tx: Tx,
  act: `installation.${'join' | 'keys_rotated' | 'key_accepted' | 'moved' | 'cleared'}`,
  facts: Readonly<Record<string, string | number | null>>,
  at: Instant,
): Promise<void> =>
  audit(tx, {
    actor: { kind: 'system' },
    act,
    subject: { kind: 'installation', id: 'installation' },
    facts,
    at,
  })

export const recordUpkeep = (
  kind: 'backup' | 'drill' | 'restore',
  facts: Readonly<Record<string, string | number | boolean>>,
  now: Instant,
) =>
  transaction((tx) =>
    tx.upkeep.upsert({
      where: { kind },
      create: { kind, doneAt: now, facts },
      update: { doneAt: now, facts },
    }),
  )

/** Milliseconds between two announcements: a quarter of the time after which a process counts as gone. */
const SAY_EVERY = 15_000

/** Announces this process repeatedly, until the returned function is called, and checks that all see the same stores. */
export function announceProcess(kind: 'web' | 'worker', startedAt: Instant): () => Promise<void> {
  const names = storesOf('evidence').map(({ name }) => name)
  const process = { id: crypto.randomUUID(), kind, version: release(), startedAt, stores: names }
  const say = () =>
    recordProcess(process).catch((err: unknown) =>
      log().debug({ err }, 'could not say that this process runs'),
    )
  void say()
  const timer = setInterval(say, SAY_EVERY).unref()
  const watched = watchStores(process.id)
  return async () => {
    clearInterval(timer)
    await watched()
    await forgetProcess(process.id).catch(() => {})
  }
}
