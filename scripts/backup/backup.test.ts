import { randomBytes, randomUUID } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, expect, inject, test } from 'vitest'
import { keepErasures } from '#features/audit/erasures/acts.ts'
import { sealLog } from '#features/audit/sealing/acts.ts'
import { storeBytes } from '#features/evidence/files.ts'
import { revokeKey } from '#features/exchange/keys/acts.ts'
import { checkInstallation } from '#features/installation/acts.ts'
import { eraseCase } from '#features/privacy/erasure/acts.ts'
import { maskByHand } from '#features/ratings/comments/acts.ts'
import { eraseAgain } from '#features/retention/acts.ts'
import { systemScope } from '#lib/access/scope.ts'
import { addMilliseconds, DAY } from '#lib/time.ts'
import { seal as sealValue, unwrap } from '#platform/crypto.ts'
import { env } from '#platform/env.ts'
import { inScope } from '#platform/scope.ts'
import { evidenceStorage } from '#platform/storage.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { resetSignIn, setStaffActive } from '#tests/factories/accounts.ts'
import { makeCase, move } from '#tests/factories/case.ts'
import { makeTen } from '#tests/factories/rating.ts'
import { confirmLast, issueKey } from '#tests/factories/second-person.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { S3_KEYS, startS3 } from '#tests/s3-server.ts'
import { run } from '../run.ts'
import { makeBackup } from './make.ts'
import { backupsIn, OWN, readManifest, SHARED } from './manifest.ts'

// A backup reads the machine's clock, so erasures and closings in this test must be on the same day.
const NOW = new Date()
const dataDir = process.env.DATA_DIR ?? ''
const room = mkdtempSync(join(tmpdir(), 'antam-backup-'))
const made: string[] = []

const on = (url: string, database: string): string => {
  const target = new URL(url)
  target.pathname = `/${database}`
  return target.href
}
const here = new URL(process.env.DATABASE_URL ?? '').pathname.slice(1)
const owner = on(inject('server').owner, here)
/** Returns the URL of an installation with failover: an unreachable server first, then this one. */
const withAnother = (url: string): string => url.replace(/@/, '@127.0.0.1:1,')

async function asAdministrator(sql: string): Promise<void> {
  const admin = new pg.Client({ connectionString: on(inject('server').superuser, 'postgres') })
  await admin.connect()
  await admin.query(sql).finally(() => admin.end())
}

afterEach(async () => {
  for (const folder of ['evidence', 'checkpoints'])
    rmSync(join(dataDir, folder), { recursive: true, force: true })
  for (const name of made.splice(0)) await asAdministrator(`DROP DATABASE ${name} WITH (FORCE)`)
  rmSync(room, { recursive: true, force: true })
  mkdirSync(room)
})

afterAll(() => rmSync(room, { recursive: true, force: true }))

async function emptyPlace() {
  const name = `r_${randomBytes(6).toString('hex')}`
  await asAdministrator(`CREATE DATABASE ${name} OWNER antam_owner`)
  made.push(name)
  const place = join(room, name)
  mkdirSync(place)
  return {
    name,
    place,
    variables: {
      DATABASE_URL: on(inject('server').application, name),
      DATABASE_OWNER_URL: on(inject('server').owner, name),
      DATA_DIR: place,
      LOG_LEVEL: 'error',
    },
  }
}
type Place = Awaited<ReturnType<typeof emptyPlace>>
const restore = (from: string, { variables }: Place, others: Record<string, string> = {}) =>
  run(process.execPath, ['scripts/restore.ts', from], { ...variables, ...others })
async function rows<T>({ variables }: Place, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: variables.DATABASE_OWNER_URL })
  await client.connect()
  return (await client.query(sql).finally(() => client.end())).rows as T[]
}

async function addFile(caseId: string, text: string): Promise<string> {
  const id = randomUUID()
  const bytes = Buffer.from(text)
  await db.evidence.create({
    data: {
      id,
      caseId,
      kind: 'box',
      state: 'ready',
      sealed: sealValue(await keyOf(caseId), `evidence:${id}`, { fileName: null }),
      mediaType: 'image/jpeg',
      byteSize: bytes.length,
      sha256: bytes,
      originalKey: `${id}.original`,
      createdAt: NOW,
    },
  })
  await inScope(systemScope(), async () => storeBytes(await keyOf(caseId), id, 'original', bytes))
  return id
}
async function keyOf(caseId: string) {
  return unwrap(caseId, await db.caseKey.findUniqueOrThrow({ where: { caseId } }))
}
async function over(): Promise<string> {
  const { id } = await makeCase({ now: addMilliseconds(NOW, -DAY) })
  await move(id, { kind: 'citizen' }, { move: 'withdraw' }, addMilliseconds(NOW, -DAY))
  await move(id, { kind: 'system' }, { move: 'finish_withdrawal' }, NOW)
  return id
}

async function inForce() {
  const [admin, manager, relay, left, reset] = [
    await makeStaff('admin'),
    await makeStaff('survey_manager'),
    await makeStaff('relay'),
    await makeStaff('officer'),
    await makeStaff('auditor'),
  ]
  await issueKey(relay, { carrierId: 'viettel', submitKey: randomUUID() }, NOW)
  await makeTen('quan-3', NOW, ['Cô lan quầy 3 cau có.'])
  return { admin, manager, relay, left, reset }
}
const STANDING = `SELECT (SELECT array_agg(id::text) FROM staff_accounts WHERE NOT active) AS disabled,
  (SELECT array_agg(id::text) FROM staff_accounts WHERE active AND password_hash IS NULL) AS without,
  (SELECT count(*)::int FROM carrier_keys WHERE revoked_at IS NULL) AS keys,
  (SELECT review::text FROM survey_comments) AS comment`

type InForce = Awaited<ReturnType<typeof inForce>>

async function close({ admin, manager, relay, left, reset }: InForce): Promise<void> {
  expect(await setStaffActive(admin, left.id, false, NOW)).toMatchObject({ ok: true })
  expect(await resetSignIn(admin, reset.id, NOW)).toMatchObject({ ok: true })
  await confirmLast(NOW)
  const key = await db.carrierKey.findFirstOrThrow({ include: { carrier: true } })
  expect(
    await revokeKey(relay, { keyId: key.id, carrierName: key.carrier.name, submitKey: randomUUID() }, NOW),
  ).toMatchObject({ ok: true })
  const { id: commentId, revision } = await db.surveyComment.findFirstOrThrow()
  const words = { agency: 'quan-3', masked: 'Cô [tên người] quầy 3 cau có.' }
  const masked = { commentId, revision, ...words, submitKey: randomUUID() }
  expect(await maskByHand(manager, masked, NOW)).toMatchObject({ ok: true })
}

test('what was backed up comes back whole, and what was erased since is erased again', async () => {
  expect(await checkInstallation(NOW)).toEqual([])
  const [kept, gone] = [(await makeCase()).id, await over()]
  const [keptFile, goneFile] = [await addFile(kept, 'kept'), await addFile(gone, 'gone')]
  const people = await inForce()
  await sealLog()
  const to = join(room, 'backups')
  const { manifest, folder } = await makeBackup(to, withAnother(owner), { keepDays: 35 })
  expect(manifest).toMatchObject({ evidence: { files: 2, copied: 2, missing: [], gone: [] } })

  // The disk with the checkpoints survives; the database and the files are lost.
  expect(await inScope(systemScope(), () => eraseCase(gone, 'asked', NOW))).toEqual({ ok: true, value: null })
  await close(people)
  await keepErasures(NOW)
  expect(await db.erasure.count({ where: { keptAt: null } })).toBe(0)
  await sealLog()
  const place = await emptyPlace()
  cpSync(join(dataDir, 'checkpoints'), join(place.place, 'checkpoints'), { recursive: true })

  const { code, output } = await restore(to, place, {
    DATABASE_URL: withAnother(place.variables.DATABASE_URL),
    DATABASE_OWNER_URL: withAnother(place.variables.DATABASE_OWNER_URL),
  })
  expect([code, output]).toEqual([0, expect.stringContaining('Erased again, as since the backup: 1 cases')])
  expect(output).toContain('npm run audit:resume -- --reason')
  expect(output).toContain('1 accounts, 1 sign-ins, 1 keys of carriers, 1 comments')
  expect(await rows(place, STANDING)).toEqual([
    { disabled: [people.left.id], without: [people.reset.id], keys: 0, comment: 'doubtful' },
  ])
  expect(await rows(place, 'SELECT id, erased_at IS NULL AS there FROM cases ORDER BY erased_at')).toEqual([
    { id: gone, there: false },
    { id: kept, there: true },
  ])
  expect(
    await rows(place, `SELECT octet_length(wrapped) AS bytes FROM case_keys WHERE case_id = '${gone}'`),
  ).toEqual([{ bytes: 0 }])
  expect(await rows(place, 'SELECT id FROM evidence')).toEqual([{ id: keptFile }])
  const stored = join(place.place, 'evidence')
  expect(existsSync(join(stored, goneFile.slice(0, 2), `${goneFile}.original`)), 'its file too').toBe(false)
  expect(existsSync(join(stored, keptFile.slice(0, 2), `${keptFile}.original`))).toBe(true)

  // The shape is unchanged: each constraint, trigger, index and policy.
  const SHAPE = `SELECT string_agg(what, ';' ORDER BY what) AS all FROM (
    SELECT concat(conname, pg_get_constraintdef(oid), convalidated) AS what FROM pg_constraint
      WHERE connamespace = 'public'::regnamespace
    UNION ALL SELECT concat(tgname, tgenabled, pg_get_triggerdef(oid)) FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
    UNION ALL SELECT concat(relname, relforcerowsecurity, relacl) FROM pg_class
      WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    ) x`
  expect(await rows(place, SHAPE)).toEqual((await superuser.query(SHAPE)).rows)
  const at = await rows<{ last: string }>(place, `SELECT nextval('audit_entries_id_seq') AS last`)
  expect(Number(at[0]?.last)).toBeGreaterThan(
    Number((await rows<{ id: string }>(place, 'SELECT max(id) AS id FROM audit_entries'))[0]?.id),
  )

  // The notes are this database's own, so a later reactivation stays: nobody is dismissed twice.
  await setStaffActive(people.admin, people.left.id, true, NOW)
  await confirmLast(NOW)
  expect(await eraseAgain(null, NOW)).toMatchObject({ again: 0, closed: {} })
  expect(await db.staffAccount.count({ where: { active: false } })).toBe(0)

  // The database is in use now, so a restore over it is refused.
  expect(await restore(folder, place)).toMatchObject({
    code: 1,
    output: expect.stringContaining('is in use'),
  })
  // The next backup also removes the file from the folder that all copies share.
  await makeBackup(to, owner, { keepDays: 35 })
  expect(existsSync(join(to, SHARED.evidence, goneFile.slice(0, 2), `${goneFile}.original`))).toBe(false)
}, 120_000)

test('a backup is not restored without its keys, from damaged parts, or into another’s place, and says so first', async () => {
  await checkInstallation(NOW)
  await addFile((await makeCase()).id, 'kept')
  const to = join(room, 'backups')
  const { manifest, folder } = await makeBackup(to, owner, { keepDays: 35 })
  const place = await emptyPlace()
  const untouched = async () => [
    (await rows(place, `SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace`)).length,
    readdirSync(place.place),
  ]
  const cases = manifest.tables.find(({ name }) => name === 'public.cases')
  cpSync(folder, join(room, 'damaged', manifest.name), { recursive: true })
  writeFileSync(join(room, 'damaged', manifest.name, cases?.file ?? ''), 'x')
  mkdirSync(join(place.place, 'evidence'))
  writeFileSync(join(place.place, 'evidence/installation-id'), `${randomUUID()}\n`)
  const { code, output } = await restore(join(room, 'damaged'), place, {
    ANTAM_KEY: randomBytes(32).toString('base64'),
  })
  expect(code).toBe(1)
  expect(output).toContain('ANTAM_KEY: is not version 1')
  expect(output).toContain('cases.copy.gz is not what was written')
  expect(output).toContain('belongs to the installation')
  expect(await untouched()).toEqual([0, ['evidence']])
}, 120_000)

test('a backup copies only what is new, goes on where one ended, tells what is missing, and removes what is old', async () => {
  await checkInstallation(NOW)
  const { id } = await makeCase()
  const files = [await addFile(id, 'one'), await addFile(id, 'two')]
  const to = join(room, 'backups')
  const first = await makeBackup(to, owner, { keepDays: 35 })
  files.push(await addFile(id, 'three'))
  // A run that ended in the middle leaves nothing that counts as a backup.
  mkdirSync(join(to, '.half-20261128T000000Z'))
  await sleepToNextSecond()
  const second = await makeBackup(to, owner, { keepDays: 35 })
  expect(second.manifest.evidence).toMatchObject({ files: 3, copied: 1 })
  expect(readdirSync(to).filter((name) => name.startsWith('.'))).toEqual([])

  await evidenceStorage().remove(`${files[0]}.original`)
  await db.evidence.delete({ where: { id: files[1] ?? '' } })
  rmSync(join(to, SHARED.evidence), { recursive: true })
  await sleepToNextSecond()
  const third = await makeBackup(to, owner, { keepDays: 35 })
  expect(third.manifest.evidence).toMatchObject({ files: 1, copied: 1, missing: [`${files[0]}.original`] })
  // This backup is incomplete, so the last complete one stays the last good one.
  expect((await db.upkeep.findUniqueOrThrow({ where: { kind: 'backup' } })).facts).toMatchObject({
    name: second.manifest.name,
  })

  await sleepToNextSecond()
  const { pruned } = await makeBackup(to, owner, { keepDays: -1 })
  expect(pruned.backups).toBe(3)
  expect(backupsIn(to)).toHaveLength(1)
  expect(existsSync(join(to, first.manifest.name, OWN.manifest))).toBe(false)
  expect(readManifest(to, backupsIn(to)[0] ?? '').evidence.files).toBe(1)

  // When one role does everything, the policies bind it too; still every row must be copied.
  const forceAll = (words: string) =>
    superuser.query(`DO $$ DECLARE t record; BEGIN
      FOR t IN SELECT oid::regclass AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relrowsecurity
      LOOP EXECUTE format('ALTER TABLE %s ${words} ROW LEVEL SECURITY', t.name); END LOOP; END $$`)
  await forceAll('FORCE')
  await sleepToNextSecond()
  const bound = await makeBackup(to, owner, { keepDays: 35 })
  await forceAll('NO FORCE')
  for (const name of ['public.cases', 'public.case_keys', 'public.evidence'])
    expect(bound.manifest.tables.find((table) => table.name === name)?.rows, name).toBeGreaterThan(0)

  await superuser.query('SELECT pg_advisory_lock(8273404)')
  await expect(makeBackup(to, owner, { keepDays: 35 })).rejects.toThrow('Another backup')
  await superuser.query('SELECT pg_advisory_unlock(8273404)')
  // Refuses to write into the folder of another installation.
  writeFileSync(join(to, SHARED.mark), `${randomUUID()}\n`)
  await expect(makeBackup(to, owner, { keepDays: 35 })).rejects.toThrow('has the backups of the installation')
}, 120_000)

const sleepToNextSecond = () => new Promise((done) => setTimeout(done, 1_010 - (Date.now() % 1_000)))

test.skipIf(!process.env.TEST_FULL)(
  'a drill restores into a place of its own, says what came back, and leaves nothing but its report',
  async () => {
    await checkInstallation(NOW)
    await addFile((await makeCase()).id, 'kept')
    await sealLog()
    // As documented: URLs are in files.
    const address = join(dataDir, 'DATABASE_OWNER_URL')
    writeFileSync(address, owner)
    const { code, output } = await run(process.execPath, ['scripts/drill.ts', '--in', room], {
      DATABASE_OWNER_URL_FILE: address,
      LOG_LEVEL: 'error',
    })
    expect([code, output]).toEqual([0, expect.stringContaining('All came back')])
    expect(readdirSync(room)).toEqual([])
    const reports = readdirSync(join(dataDir, 'drills')).filter((name) => name.endsWith('.json'))
    const report = JSON.parse(readFileSync(join(dataDir, 'drills', reports[0] ?? ''), 'utf8'))
    expect(report).toMatchObject({ good: true, files: 1, opened: { tried: 1, failed: 0 } })
    expect(await db.upkeep.findMany({ select: { kind: true } })).toEqual([{ kind: 'drill' }])
  },
  120_000,
)

test.skipIf(!process.env.TEST_FULL)(
  'evidence on S3 is backed up, comes back into S3 or onto a disk, and the bucket of what runs is left as it was',
  async () => {
    const s3 = await startS3()
    const kept = { ...env() }
    const variables = {
      AWS_ACCESS_KEY_ID: S3_KEYS.accessKeyId,
      AWS_SECRET_ACCESS_KEY: S3_KEYS.secretAccessKey,
      STORAGE_URL: s3.url,
    }
    Object.assign(env(), variables)
    try {
      expect(await checkInstallation(NOW)).toEqual([])
      const [stays, gone] = [(await makeCase()).id, await over()]
      const [file, erased] = [await addFile(stays, 'kept'), await addFile(gone, 'gone')]
      await sealLog()
      const to = join(room, 'backups')
      // Reading continues after the connection breaks in the middle of a file.
      s3.fail('GetObject', 'cut-answer', 1)
      const { manifest } = await makeBackup(to, owner, { keepDays: 35 })
      expect(manifest.evidence).toMatchObject({ files: 2, copied: 2, missing: [], gone: [] })
      expect(await inScope(systemScope(), () => eraseCase(gone, 'asked', NOW))).toMatchObject({ ok: true })
      await keepErasures(NOW)
      await sealLog()
      const original = [...s3.objects.keys()].filter((name) => name.startsWith('evidence/'))

      const place = await emptyPlace()
      cpSync(join(dataDir, 'checkpoints'), join(place.place, 'checkpoints'), { recursive: true })
      const elsewhere = s3.url.replace('s3://an-tam?', 's3://an-tam/restored?')
      // Refuses a second store beside the product's own: erasing again would delete the product's files.
      const both = { ...variables, STORAGE_URL: elsewhere, STORAGE_URL_ALSO: s3.url }
      expect((await restore(to, place, both)).output).toContain('restored into one store')
      const back = await restore(to, place, { ...variables, STORAGE_URL: elsewhere })
      expect([back.code, back.output]).toEqual([0, expect.stringContaining('were opened with their cases')])
      expect([...s3.objects.keys()].filter((name) => name.startsWith('restored/')).toSorted()).toEqual(
        [`restored/evidence/${file}.original`, 'restored/evidence/installation-id'].toSorted(),
      )
      expect(await rows(place, 'SELECT DISTINCT store FROM evidence_files')).toEqual([
        { store: 's3://an-tam/restored/' },
      ])
      expect(original).not.toContain(`evidence/${erased}.original`)

      const drill = await run(process.execPath, ['scripts/drill.ts', '--in', room], {
        ...variables,
        DATABASE_OWNER_URL: owner,
        STORAGE_URL_ALSO: `file:${place.place}`,
        LOG_LEVEL: 'error',
      })
      expect([drill.code, drill.output]).toEqual([0, expect.stringContaining('All came back')])
      expect([...s3.objects.keys()].filter((name) => name.startsWith('evidence/'))).toEqual(original)
    } finally {
      for (const name of Object.keys(variables)) delete (env() as Record<string, unknown>)[name]
      Object.assign(env(), kept)
      await s3.close()
    }
  },
  240_000,
)
