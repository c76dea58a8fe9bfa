import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { sealLog } from '#features/audit/sealing/acts.ts'
import { runClocks } from '#features/cases/clocks/acts.ts'
import { CASE_STATES } from '#features/cases/record/state-rules.ts'
import { settleCase } from '#features/cases/settling/acts.ts'
import { remindOfPromises } from '#features/city-report/jobs.ts'
import { beginRecords, verifyData } from '#features/data-audit/acts.ts'
import { inSnapshot } from '#features/data-audit/data.ts'
import { openBytes } from '#features/evidence/files.ts'
import { readEvidence } from '#features/evidence/readings/acts.ts'
import type { ReadImei } from '#features/evidence/readings/rules.ts'
import { watchCarriers } from '#features/exchange/flags/jobs.ts'
import { listPublicVersions } from '#features/questionnaires/versions/data.ts'
import { readPublicFacts } from '#features/statistics/data.ts'
import { sameBytes, unseal, unwrap } from '#platform/crypto.ts'
import { sha256 } from '#platform/signatures.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { full } from '#tests/runs.ts'
import { fillSurvey } from '../load/survey.ts'
import { makeDemo } from './make.ts'

let dataDir: string
const stored = () => join(process.env.DATA_DIR ?? '', 'evidence')
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'an-tam-city-'))
})
afterEach(() => {
  rmSync(dataDir, { recursive: true })
  rmSync(stored(), { recursive: true, force: true })
})

const filesStored = () =>
  existsSync(stored())
    ? readdirSync(stored(), { recursive: true }).filter((name) => /\.(original|view)$/.test(String(name)))
        .length
    : 0
const rows = async <Row>(query: string): Promise<Row[]> => (await superuser.query(query)).rows
const amounts = async () =>
  Promise.all([db.case.count(), db.surveyResponse.count(), db.auditEntry.count(), db.evidence.count()])

test('a new embedded installation is filled once, with cases in every state and no message on its way', async () => {
  expect(await makeDemo(db, dataDir, 'city')).toBe('city')
  const states = await db.case.groupBy({ by: ['state'], _count: true })
  expect(states.map(({ state }) => state).toSorted()).toEqual(CASE_STATES.toSorted())
  expect(await db.case.count({ where: { held: 'conflict' } })).toBe(4)
  expect(await db.surveyResponse.count()).toBeGreaterThan(1_900)
  expect((await db.surveyTally.findMany()).filter(({ published }) => published < 10)).toHaveLength(1)
  expect(await db.surveyTally.count({ where: { questionnaireVersion: 1 } })).toBe(await db.agency.count())
  expect((await listPublicVersions(new Date())).map(({ version, state }) => [version, state])).toEqual([
    [2, 'retired'],
    [1, 'current'],
  ])
  expect(await db.notice.count({ where: { state: { not: 'sent' } } })).toBe(0)
  expect(await rows(`SELECT name FROM pgboss.job`)).toEqual([])
  // The data agrees with its entries in the audit log.
  await beginRecords(new Date())
  expect((await inSnapshot((read) => verifyData(read, null))).faults).toEqual([])

  const before = await amounts()
  expect(await makeDemo(db, dataDir, 'city')).toBe('city')
  // A filled installation stays `city`, even when it is started as `empty`.
  expect(await makeDemo(db, dataDir, 'empty')).toBe('city')
  expect(await amounts()).toEqual(before)
})

test('it is left as the product itself would have left it: no clock, carrier or reminder finds anything to do', async () => {
  await makeDemo(db, dataDir, 'city')
  const now = new Date()
  const versions = () =>
    db.case.findMany({ orderBy: { id: 'asc' }, select: { id: true, state: true, version: true } })
  const before = await versions()
  const { receipts: _, ...moved } = await runClocks(now)
  expect(Object.values(moved).every((count) => count === 0)).toBe(true)
  for (const { id } of before) await settleCase(id, now)
  expect(await watchCarriers(now)).toBe(0)
  await remindOfPromises(now)
  expect(await versions()).toEqual(before)
  expect(await db.carrierFlag.count()).toBe(0)
  expect(await rows(`SELECT name FROM pgboss.job WHERE name <> 'objection-settle'`)).toEqual([])
  // A visitor's own report is on the first page of everybody's queue.
  const tomorrow = new Date(now.getTime() + 24 * 3_600_000)
  expect(await db.case.count({ where: { needsWork: true, actBy: { lt: tomorrow } } })).toBeLessThan(20)
})

test('answers for measuring are loaded beside the city, and no month of fewer than ten is told', async () => {
  await makeDemo(db, dataDir, 'city')
  const before = await db.surveyResponse.count()
  const url = new URL(inject('server').superuser)
  url.pathname = new URL(process.env.DATABASE_URL ?? '').pathname
  await fillSurvey(url.href, 2_000, () => {})
  expect(await db.surveyResponse.count()).toBe(before + 2_000)
  expect(await db.surveyMonth.count({ where: { respondents: { lt: 10 } } })).toBe(0)
  expect(await db.surveyMonth.count()).toBeGreaterThan(0)
})

test('figures, books, log and files agree with what they are made of', async () => {
  await makeDemo(db, dataDir, 'city')
  const file = await db.evidence.findFirstOrThrow({ include: { key: true } })
  const bytes = await openBytes(unwrap(file.caseId, file.key), file.id, 'original')
  expect(sameBytes(sha256(bytes), file.sha256)).toBe(true)
  expect(bytes.length).toBe(file.byteSize)
  expect(
    await rows(`SELECT id FROM carriers c WHERE book_head <> (SELECT count(*) FROM book_entries WHERE carrier_id = c.id)
      OR book_head <> (SELECT max(seq) FROM book_entries WHERE carrier_id = c.id)
      OR blocklist_size <> (SELECT count(*) FROM (SELECT DISTINCT ON (imei) action FROM book_entries
        WHERE carrier_id = c.id ORDER BY imei, seq DESC) last WHERE action = 'block')`),
  ).toEqual([])
  // Each act begins with the case as the previous act left it.
  expect(
    await rows(`SELECT case_id FROM (SELECT case_id, before_hash, lag(after_hash) OVER (PARTITION BY case_id ORDER BY id) AS left_as
      FROM audit_entries WHERE after_hash IS NOT NULL) acts WHERE before_hash IS DISTINCT FROM left_as`),
  ).toEqual([])
  expect(await sealLog()).toBe(await db.auditEntry.count())
  expect((await readPublicFacts(null))?.months.length).toBeGreaterThan(3)
  for (const register of readdirSync(join(dataDir, 'eir'))) {
    const { seq } = JSON.parse(readFileSync(join(dataDir, 'eir', register), 'utf8')) as { seq: number }
    expect(BigInt(seq)).toBe(
      (await db.carrier.findUniqueOrThrow({ where: { id: register.replace('.json', '') } })).bookHead,
    )
  }
})

test('what stands as read in a proof is what the reader finds in it', async () => {
  await makeDemo(db, dataDir, 'city')
  const readingOf = async (id: string) => {
    const file = await db.evidence.findUniqueOrThrow({ where: { id }, include: { reading: true, key: true } })
    expect(file.reading).toMatchObject({ outcome: 'read', pages: 1, pagesRead: 1, attempts: 1 })
    const key = unwrap(file.caseId, file.key)
    return unseal<{ found: ReadImei[] }>(key, `reading:${id}`, file.reading?.sealed as Buffer).found
  }
  expect(await db.evidenceReading.count()).toBe(await db.evidence.count())
  for (const kind of ['box', 'invoice', 'warranty', 'account'] as const) {
    const { id } = await db.evidence.findFirstOrThrow({
      where: { kind, key: { case: { imeis: { some: {} } } } },
      orderBy: { createdAt: 'desc' },
    })
    const written = await readingOf(id)
    expect(written.length, kind).toBeGreaterThan(0)
    await db.evidenceReading.delete({ where: { evidenceId: id } })
    await readEvidence(id, new Date())
    const read = await readingOf(id)
    const told = (found: readonly ReadImei[]) =>
      found.map(({ imei, key, page, method }) => [imei, key, page, method])
    expect(told(read), kind).toEqual(told(written))
    for (const [at, { box }] of read.entries())
      for (const side of ['x', 'y', 'width', 'height'] as const)
        expect(
          Math.abs((box?.[side] ?? 9) - (written[at]?.box?.[side] ?? 0)),
          `${kind} ${side}`,
        ).toBeLessThan(0.06)
  }
})

test.runIf(full)('what was broken off leaves nothing, and the next start fills it whole', async () => {
  await superuser.query(`CREATE FUNCTION break_off() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'killed'; END $$;
    CREATE TRIGGER break_off BEFORE INSERT ON audit_entries FOR EACH ROW
    WHEN (NEW.act = 'installation.demo_filled') EXECUTE FUNCTION break_off()`)
  try {
    await expect(makeDemo(db, dataDir, 'city')).rejects.toThrow('killed')
  } finally {
    await superuser.query('DROP FUNCTION break_off CASCADE')
  }
  expect([await db.case.count(), await db.surveyResponse.count()]).toEqual([0, 0])
  expect(await makeDemo(db, dataDir, 'city')).toBe('city')
  expect(filesStored()).toBe(2 * (await db.evidence.count()))
})

test('nothing is filled where that is not asked for, somebody has begun something, or the database is their own', async () => {
  expect(await makeDemo(db, dataDir, 'empty')).toBe('empty')
  expect(await makeDemo(db, null, 'city')).toBe('empty')
  expect(await db.case.count()).toBe(0)
  const id = 'ec0f5a4e-7a8c-4d6a-9a53-0a4a3a0e5b11'
  await db.caseKey.create({
    data: { caseId: id, wrapped: Buffer.alloc(40), wrapKeyVersion: 1, createdAt: new Date() },
  })
  expect(await makeDemo(db, dataDir, 'city')).toBe('empty')
  expect([await db.case.count(), filesStored()]).toEqual([0, 0])
})
