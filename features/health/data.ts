import '#server-only'
import { statfs } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  findLastSealed,
  findSealingTrouble,
  hasSealingFailed,
  isUnwitnessed,
} from '#features/audit/sealing/data.ts'
import { saySealingFault } from '#features/audit/sealing/rules.ts'
import { checkBackup, checkDatabaseSchema, checkGivenKeys, checkStore } from '#features/installation/data.ts'
import { listMessageTroubles } from '#features/notices/data.ts'
import { remembered } from '#lib/remembered.ts'
import { db } from '#platform/db.ts'
import { tablesWithRowsOutside } from '#platform/monthly-tables.ts'
import { isOverloaded } from '#platform/overload.ts'
import { poolerFault } from '#platform/pooler.ts'
import { QUEUE_OPTIONS } from '#platform/queue.ts'
import { replicaState } from '#platform/read-replica.ts'
import { evidenceStorage, storageAnswers, storesOf } from '#platform/storage.ts'
import { troubleOf } from '#platform/troubles.ts'
import { unseenStores } from '#platform/unseen-stores.ts'
import { CHECK_NAMES, type CheckName, diskSpaceFault } from './rules.ts'

const databaseAnswers = (): Promise<unknown> => db.$queryRaw`SELECT 1`

/** Throws if a queue that this version uses is missing. */
async function queueAnswers(): Promise<void> {
  const names = Object.keys(QUEUE_OPTIONS)
  const [row] = await db.$queryRaw<{ found: bigint }[]>`
    SELECT count(*) AS found FROM pgboss.queue WHERE name = ANY (${names})`
  if (Number(row?.found ?? 0) !== names.length) throw new Error('a queue is missing: run npm run db:migrate')
}

const auditAnswers = (): Promise<unknown> => db.auditEntry.findFirst({ select: { id: true } })

/** Returns the kinds of missing reference data. `npm run db:migrate` loads them, and the product never deletes all of a kind. */
async function missingReference(): Promise<string[]> {
  const [row] = await db.$queryRaw<Record<string, boolean>[]>`
    SELECT EXISTS (SELECT FROM carriers) AS carriers,
      EXISTS (SELECT FROM area_editions WHERE in_force) AND EXISTS (SELECT FROM police_areas) AS areas,
      EXISTS (SELECT FROM police_units) AS units, EXISTS (SELECT FROM agencies) AS agencies,
      EXISTS (SELECT FROM questionnaires WHERE published_at IS NOT NULL) AS questionnaire,
      EXISTS (SELECT FROM holidays) AS holidays, EXISTS (SELECT FROM banks) AS banks`
  return Object.entries(row ?? {})
    .filter(([, there]) => !there)
    .map(([name]) => name)
}

interface Said {
  /** For the audit log: seconds since the last sealing; null before the first. */
  readonly sealedSecondsAgo?: number | null
  /** A known fault: the check fails. */
  readonly problem?: string
  /** The parts that have stopped, although the check passes because the site works without it. */
  readonly stopped?: string
}

export interface Check extends Said {
  readonly name: CheckName
  readonly ok: boolean
  readonly milliseconds: number
}

/** Checks one thing. The check fails if the probe throws, returns a problem, or takes longer than {@link CHECK_TIMEOUT_MS}. */
type Probe = () => Promise<Said>

const CHECK_TIMEOUT_MS = 3_000

const answers =
  (probe: () => Promise<unknown>): Probe =>
  async () => {
    await probe()
    return {}
  }

const problem = (faults: readonly string[]): Said => (faults.length > 0 ? { problem: faults.join('; ') } : {})

const LOAD = 'run npm run db:migrate'

const databaseProbe: Probe = async () => {
  try {
    await databaseAnswers()
    const fault = replicaState()?.fault
    return fault ? { stopped: `reading from the replica: ${fault}` } : {}
  } catch (error) {
    const pooler = poolerFault()
    if (pooler === null) throw error
    return { problem: pooler }
  }
}

/**
 * Checks that the database has this version's schema, or a later one that only adds to it, and that no row is outside its
 * month's partition.
 */
const schemaProbe: Probe = async () => {
  const said = problem(await checkDatabaseSchema())
  if (said.problem !== undefined) return said
  const outside = await tablesWithRowsOutside()
  return outside.length > 0
    ? { stopped: `rows lie outside of their months: ${outside.join(', ')} (docs/operations/retention.md)` }
    : {}
}

/** Checks for the data that every installation begins with: without carriers or agencies it is of no use. */
const referenceProbe: Probe = async () => {
  const missing = await missingReference()
  return problem(missing.length > 0 ? [`missing: ${missing.join(', ')} (${LOAD})`] : [])
}

const STOPPED = 'clearing the store: too many files belong to nothing (npm run storage -- status)'

const AWAY = 'proofs: the store does not answer, they can be neither sent nor opened'
/** Shorter than {@link CHECK_TIMEOUT_MS}, to tell a silent service from a failing disk. */
const STORE_TIMEOUT_MS = 2_000

/**
 * Checks that the store works and belongs to this database. Returns null if it is a service that does not answer: it is away for
 * all servers, and if all of them turned red, nobody could report, rate or check. A failing disk concerns only this server.
 */
async function lookAtStore(): Promise<Awaited<ReturnType<typeof checkStore>> | null> {
  const looked = Promise.all([checkStore(), storageAnswers(evidenceStorage())]).then(([verdict]) => verdict)
  if (storesOf('evidence').every(({ name }) => name === 'file')) return looked
  const there = looked.catch((error) => {
    if (isOverloaded(error)) return null
    throw error
  })
  return Promise.race([there, sleep(STORE_TIMEOUT_MS, null, { ref: false })])
}

/**
 * Checks that the store works, belongs to this database, and is the one that the other processes see. Reports a nearly full
 * disk, and a clearing that waits for a person.
 */
const storageProbe: Probe = async () => {
  const [unseen] = unseenStores()
  if (unseen !== undefined)
    return {
      problem: `this process does not see the files that the others see: ${unseen} is another disk, or a copy of one`,
    }
  const found = await lookAtStore()
  if (found === null) return { stopped: AWAY }
  const { verdict, fault } = found
  if (verdict === 'join')
    return { problem: 'no process has started on this store yet: the first start joins it' }
  if (verdict !== 'joined' || fault !== null) return { problem: `not this database's store: ${verdict}` }
  const [sweep, scan] = [await troubleOf('evidence-sweep'), await troubleOf('virus-scan')]
  const room = await littleRoom()
  const stopped = [
    ...(room ? [room] : []),
    ...(sweep ? [STOPPED] : []),
    ...(scan ? [SCANNING[scan.code] ?? SCANNING.away] : []),
  ]
  return stopped.length > 0 ? { stopped: stopped.join('; ') } : {}
}

async function littleRoom(): Promise<string | null> {
  const [main] = storesOf('evidence')
  if (main?.name !== 'file') return null
  const disk = await statfs(main.place).catch(() => null)
  return disk && diskSpaceFault({ free: disk.bavail * disk.bsize, size: disk.blocks * disk.bsize })
}

/** The words for each fault of the virus scan. Meanwhile new files wait, and police cannot open them (ADR 91). */
const SCANNING: Readonly<Record<string, string>> & { readonly away: string } = {
  away: 'looking for viruses: clamd does not answer, new files wait',
  failed: 'looking for viruses: clamd fails, see the worker’s log; new files wait',
  limit: 'looking for viruses: clamd takes no file of 10 MB (StreamMaxLength), such files wait',
}

/** Checks that the audit log can be read. Reports its last sealing, and what stops without sealing. */
const auditProbe: Probe = async () => {
  const [sealed, fails, unwitnessed, trouble, tiles, tables, files] = await Promise.all([
    findLastSealed(),
    hasSealingFailed(),
    isUnwitnessed(),
    findSealingTrouble(),
    troubleOf('audit-tiles'),
    troubleOf('figures-log'),
    troubleOf('report-files'),
    auditAnswers(),
  ])
  const stopped = [
    ...(fails && !unwitnessed ? ['blocking: entries have waited for 15 minutes to be sealed'] : []),
    ...(unwitnessed ? ['blocking: for an hour too few witnesses have signed the audit log'] : []),
    ...(tiles ? ['public files of the audit log: the store does not take them'] : []),
    ...(trouble ? [`sealing: ${saySealingFault(trouble.fault, trouble.facts)}`] : []),
    ...(tables ? [`public figures are not what the log says: ${tables.facts.tables}`] : []),
    ...(files ? [`${files.facts.file} of report ${files.facts.report} was not what the log says`] : []),
  ]
  return {
    sealedSecondsAgo: sealed && Math.round((Date.now() - sealed.getTime()) / 1000),
    ...(stopped.length > 0 && { stopped: stopped.join('; ') }),
  }
}

/** Reports messages that reach nobody: their gateway is not set up, or has been failing for a while. */
const messagesProbe: Probe = async () => {
  const troubles = await listMessageTroubles(new Date())
  return troubles.length > 0 ? { stopped: troubles.join('; ') } : {}
}

/** Checks the age of the last full backup, if one is expected. The site works without it. */
const backupProbe: Probe = async () => {
  const stopped = await checkBackup(new Date())
  return stopped === null ? {} : { stopped }
}

const PROBES: Readonly<Record<CheckName, Probe>> = {
  database: databaseProbe,
  schema: schemaProbe,
  keys: async () => problem((await checkGivenKeys()).faults),
  queue: answers(queueAnswers),
  reference: referenceProbe,
  storage: storageProbe,
  audit: auditProbe,
  messages: messagesProbe,
  backup: backupProbe,
}

async function check(name: CheckName): Promise<Check> {
  const started = performance.now()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((answer) => {
    timer = setTimeout(() => answer(null), CHECK_TIMEOUT_MS)
  })
  const said = await Promise.race([PROBES[name]().catch(() => null), late])
  clearTimeout(timer)
  const ok = said !== null && said.problem === undefined
  return { name, ok, milliseconds: Math.round(performance.now() - started), ...said }
}

export const checkReadiness = (): Promise<Check[]> => Promise.all(CHECK_NAMES.map(check))

/** Milliseconds for which an answer is reused: less than the two seconds after which a proxy asks again. */
const REUSED_FOR_MS = 1_000

/**
 * Checks everything that the site needs. Requests within a second share one check, so that a stranger's repeated requests cannot
 * slow the probes and turn this server red for the proxies.
 */
export const sharedReadiness = remembered(REUSED_FOR_MS, checkReadiness)
