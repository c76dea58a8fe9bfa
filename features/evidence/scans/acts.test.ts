import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { openPapers } from '#features/disclosures/openings/acts.ts'
import { askForAnotherFile } from '#features/disputes/objections/acts.ts'
import { citizenScope, staffScope } from '#lib/access/scope.ts'
import * as environment from '#platform/env.ts'
import type { Env } from '#platform/env-schema.ts'
import { troubleOf } from '#platform/troubles.ts'
import { ScannerAway, scan } from '#platform/virus-scanner.ts'
import { keyOf } from '#tests/case-key.ts'
import { Clamd, VIRUS } from '#tests/clamd.ts'
import { superuser } from '#tests/database.ts'
import { db, transaction } from '#tests/db.ts'
import { type MadeCase, makeCase } from '#tests/factories/case.ts'
import { attach as attachTo } from '#tests/factories/evidence.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { jpeg, pdfOfPages } from '#tests/proof.ts'
import { openOriginal } from '../files/acts.ts'
import { listEvidence, openPage, openSmall } from '../files/page-data.ts'
import { readEvidence } from '../readings/acts.ts'
import { queueUnscanned, scanEvidence } from './acts.ts'

const NOW = new Date()
type Officer = Awaited<ReturnType<typeof makeStaff>>
let clamd: Clamd
let port: number
let made: MadeCase
let officer: Officer

/** Sets the scanner's address for one test; null: no scanner. */
function scanner(at: { readonly CLAMD_PORT?: number; readonly CLAMD_SOCKET?: string } | null): void {
  const whole = { ...environment.env(), CLAMD_HOST: at?.CLAMD_PORT ? '127.0.0.1' : undefined, ...at }
  vi.spyOn(environment, 'env').mockReturnValue(whole as Env)
}

beforeAll(async () => {
  clamd = new Clamd()
  port = await clamd.start()
})
afterAll(() => clamd.stop())
beforeEach(async () => {
  clamd.manner = 'well'
  scanner({ CLAMD_PORT: port })
  made = await makeCase()
  officer = await makeStaff('officer', { unitId: 'quan-3' })
})
afterEach(() => vi.restoreAllMocks())

const attach = (bytes: Buffer) => attachTo(made.id, bytes, NOW)
const infectedPicture = async () => Buffer.concat([await jpeg(), VIRUS])
const openItsCase = async (at = NOW) => {
  const key = await keyOf(made.id)
  await transaction((tx) => openPapers(tx, officer, { key, reason: 'ownership', note: '', files: 1 }, at))
}
const police = () => {
  const scope = staffScope(officer)
  if (!scope) throw new Error('no scope')
  return { scope, actor: officer }
}
const citizen = () => ({ scope: citizenScope(made.id, 'full'), actor: { kind: 'citizen' } }) as const
const originalFor = async (reader: ReturnType<typeof police> | ReturnType<typeof citizen>, id: string) => {
  const file = await openOriginal(reader, id, NOW, 'twice')
  return file && buffer(file.content)
}
const queued = async (queue: string): Promise<unknown[]> => {
  const { rows } = await superuser.query('SELECT data FROM pgboss.job WHERE name = $1', [queue])
  return rows.map(({ data }) => data)
}
const said = async (id: string) => {
  const { scan: result, scanFinding } = await db.evidence.findUniqueOrThrow({ where: { id } })
  return [result, scanFinding]
}
const shownTo = async (reader: ReturnType<typeof police> | ReturnType<typeof citizen>, id: string) =>
  (await listEvidence(reader.scope, made.id, true)).find((item) => item.id === id)

test('police open nothing of a file before it was found clean; its person does', async () => {
  const bytes = await jpeg()
  const id = await attach(bytes)
  expect(await queued('evidence-scan')).toEqual([{ id }])
  await openItsCase()
  expect(await shownTo(police(), id)).toMatchObject({ closed: 'checking', view: null, pages: [] })
  expect(await originalFor(police(), id)).toBeNull()
  expect(await openSmall(police(), id, NOW)).toBeNull()
  expect(await openPage(police(), id, { page: 1, side: 1280 }, NOW)).toBeNull()
  expect(await originalFor(citizen(), id)).toEqual(bytes)
  const version = async () =>
    (await db.caseKey.findUniqueOrThrow({ where: { caseId: made.id } })).proofVersion
  const before = await version()
  await scanEvidence(id, NOW)
  expect(await said(id)).toEqual(['clean', null])
  expect(await shownTo(police(), id)).toMatchObject({ closed: null, pages: [{}] })
  expect(await originalFor(police(), id)).toEqual(bytes)
  // The file could not be seen before, so the evidence has a new version: nobody decides on it unseen.
  expect(await version()).toBe(before + 1)
  // It is scanned only once.
  const looked = clamd.scanned
  await scanEvidence(id, NOW)
  expect(clamd.scanned).toBe(looked)
  const { facts } = await db.auditEntry.findFirstOrThrow({ where: { act: 'evidence.scan' } })
  expect(facts).toEqual({ clean: true })
})

test('an infected file opens for nobody, also once nothing is looked at any more; its person is asked for another', async () => {
  const id = await attach(await infectedPicture())
  await Promise.all([scanEvidence(id, NOW), scanEvidence(id, NOW)])
  expect(await said(id)).toEqual(['infected', 'An-Tam.Test.Virus'])
  await openItsCase()
  for (const at of [{ CLAMD_PORT: port }, null]) {
    scanner(at)
    for (const reader of [police(), citizen()]) {
      expect(await shownTo(reader, id)).toMatchObject({ closed: 'infected', view: null, pages: [] })
      expect(await originalFor(reader, id)).toBeNull()
      expect(await openSmall(reader, id, NOW)).toBeNull()
    }
  }
  const entries = await db.auditEntry.findMany({ where: { act: 'evidence.scan' } })
  expect(entries.map(({ facts }) => facts)).toEqual([{ clean: false, finding: 'An-Tam.Test.Virus' }])
  expect(await queued('file-refused')).toEqual([{ caseId: made.id }])
  await askForAnotherFile(made.id, NOW)
  const notices = await db.notice.findMany({ where: { caseId: made.id, template: 'file_refused' } })
  expect(notices).toHaveLength(1)
})

test('what a machine drew of an infected PDF is as closed as the file', async () => {
  const document = await pdfOfPages([`IMEI ${made.imeis[0]}`])
  const at = document.lastIndexOf('%%EOF')
  const bytes = Buffer.concat([
    document.subarray(0, at),
    Buffer.from('% '),
    VIRUS,
    Buffer.from('\n'),
    document.subarray(at),
  ])
  const id = await attach(bytes)
  await readEvidence(id, NOW)
  await openItsCase()
  await scanEvidence(id, NOW)
  expect(await said(id)).toEqual(['infected', 'An-Tam.Test.Virus'])
  expect(await openPage(police(), id, { page: 1, side: 1280 }, NOW)).toBeNull()
})

test('while the scanner is away, full, odd or cut off, a file waits, and it is asked again', async () => {
  const id = await attach(await jpeg())
  await openItsCase()
  for (const [manner, code] of [
    ['hangs up', 'away'],
    ['broken', 'away'],
    ['limit', 'limit'],
    ['odd', 'failed'],
  ] as const) {
    clamd.manner = manner
    await scanEvidence(id, NOW)
    expect(await said(id), manner).toEqual([null, null])
    expect(await originalFor(police(), id), manner).toBeNull()
    expect(await troubleOf('virus-scan'), manner).toMatchObject({ code })
  }
  // Nothing listens on this port.
  scanner({ CLAMD_PORT: 1 })
  await superuser.query("DELETE FROM pgboss.job WHERE name = 'evidence-scan'")
  await scanEvidence(id, NOW)
  expect(await queueUnscanned()).toBe(0)
  expect(await queued('evidence-scan')).toEqual([])
  expect(await originalFor(police(), id)).toBeNull()
  clamd.manner = 'well'
  scanner({ CLAMD_PORT: port })
  expect(await queueUnscanned()).toBe(1)
  expect(await queued('evidence-scan')).toEqual([{ id }])
  await scanEvidence(id, NOW)
  expect(await said(id)).toEqual(['clean', null])
  expect(await troubleOf('virus-scan')).toBeNull()
})

test('where no scanner is named, nothing is looked at and files open as before', async () => {
  scanner(null)
  const bytes = await infectedPicture()
  const id = await attach(bytes)
  expect(await queued('evidence-scan')).toEqual([])
  await openItsCase()
  expect(await originalFor(police(), id)).toEqual(bytes)
  await scanEvidence(id, NOW)
  expect(await queueUnscanned()).toBe(0)
  expect(await said(id)).toEqual([null, null])
})

const CLAMD = '/usr/sbin/clamd'

// Debian's clamav-daemon with one signature of ours, because its own database would be a download.
describe.runIf(process.env.TEST_FULL && existsSync(CLAMD))('a real clamd', () => {
  let folder: string
  let daemon: ReturnType<typeof spawn>
  const socket = () => join(folder, 'clamd.sock')

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'an-tam-clamd-'))
    writeFileSync(join(folder, 'local.ndb'), `An-Tam.Test.Virus:0:*:${VIRUS.toString('hex')}\n`)
    const settings = [
      `DatabaseDirectory ${folder}`,
      `LocalSocket ${socket()}`,
      'Foreground yes',
      'StreamMaxLength 1M',
      'ConcurrentDatabaseReload no',
    ]
    writeFileSync(join(folder, 'clamd.conf'), `${settings.join('\n')}\n`)
    daemon = spawn(CLAMD, ['-c', join(folder, 'clamd.conf')], { stdio: 'ignore' })
    for (let tries = 0; tries < 300 && !existsSync(socket()); tries++) await sleep(100)
  }, 40_000)
  afterAll(async () => {
    const ended = new Promise((resolve) => daemon.once('exit', resolve))
    daemon.kill()
    await ended
    rmSync(folder, { recursive: true, force: true })
  })
  beforeEach(() => scanner({ CLAMD_SOCKET: socket() }))

  test('finds a virus in a picture and none in another, and says when a file is too long', async () => {
    const [bad, good] = [await attach(await infectedPicture()), await attach(await jpeg())]
    await Promise.all([scanEvidence(bad, NOW), scanEvidence(good, NOW)])
    expect(await said(bad)).toEqual(['infected', expect.stringContaining('An-Tam.Test.Virus')])
    expect(await said(good)).toEqual(['clean', null])
    const long = scan(Readable.from(Array.from({ length: 64 }, () => Buffer.alloc(64 * 1024, 1))))
    const fault = await long.then(
      () => null,
      (error: unknown) => error,
    )
    expect(fault).toBeInstanceOf(ScannerAway)
    expect(['limit', 'away']).toContain((fault as ScannerAway).reason)
  })
})
