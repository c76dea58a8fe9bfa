import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { sealLog } from '#features/audit/sealing/acts.ts'
import { newCaseKey } from '#platform/crypto.ts'
import { env } from '#platform/env.ts'
import { evidenceStorage } from '#platform/storage.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeCase } from '#tests/factories/case.ts'
import { full } from '#tests/runs.ts'
import { run } from '../../scripts/run.ts'
import { acceptKey, checkInstallation, checkKeys, joinStore, retireOldKeys } from './acts.ts'
import { checkGivenKeys, checkStore } from './data.ts'

const NOW = new Date('2026-11-27T03:00:00Z')
const keys = env() as { -readonly [K in keyof ReturnType<typeof env>]: ReturnType<typeof env>[K] }
const real = { ...keys }
const another = (version: number) => ({ version, bytes: randomBytes(32) })

afterEach(() => {
  for (const name of ['ANTAM_KEY_ALSO', 'ANTAM_INDEX_KEY_ALSO', 'ANTAM_EXCHANGE_KEY_ALSO'] as const)
    delete keys[name]
  Object.assign(keys, real)
  for (const folder of ['evidence', 'checkpoints'])
    rmSync(join(process.env.DATA_DIR ?? '', folder), { recursive: true, force: true })
})

const text = (key: { version: number; bytes: Buffer }) => `${key.version}:${key.bytes.toString('base64')}`
const start = (script: string, variables: Record<string, string>) =>
  run(process.execPath, [script], { LOG_LEVEL: 'error', ...variables })

test('the first start learns the keys and joins the store; the next one finds both as they were', async () => {
  expect(await checkInstallation(NOW)).toEqual([])
  const id = await evidenceStorage().installation()
  expect((await db.installation.findFirstOrThrow()).id).toBe(id)
  expect(await db.keyFingerprint.count()).toBe(5)
  expect(await Promise.all([checkInstallation(NOW), checkInstallation(NOW), checkInstallation(NOW)])).toEqual(
    [[], [], []],
  )
  expect(await db.keyFingerprint.count()).toBe(5)
})

test('many first starts at once learn and join once', async () => {
  expect((await Promise.all(Array.from({ length: 6 }, () => checkInstallation(NOW)))).flat()).toEqual([])
  expect(await db.keyFingerprint.count()).toBe(5)
  expect((await checkStore()).verdict).toBe('joined')
})

test('an id and what is known of a key are written once, even by a superuser', async () => {
  await checkInstallation(NOW)
  for (const sql of [
    'UPDATE installation SET id = gen_random_uuid()',
    'UPDATE installation SET joined_at = NULL',
    'DELETE FROM installation',
    'TRUNCATE installation',
    `UPDATE key_fingerprints SET fingerprint = '\\x00'`,
    'DELETE FROM key_fingerprints',
    'TRUNCATE key_fingerprints',
  ])
    await expect(superuser.query(sql), sql).rejects.toThrow(/written once|does not change/)
  const application = new pg.Client({ connectionString: process.env.DATABASE_URL })
  await application.connect()
  await expect(application.query('INSERT INTO installation (id) VALUES (gen_random_uuid())')).rejects.toThrow(
    'permission denied',
  )
  await application.end()
})

test('a key that signs carriers’ files is changed as documented, and a strange one is refused', async () => {
  await checkInstallation(NOW)
  const next = randomBytes(32)
  keys.ANTAM_EXCHANGE_KEY = next
  expect(await checkKeys(NOW)).toEqual(['ANTAM_EXCHANGE_KEY: is not ANTAM_EXCHANGE_KEY of this database'])
  // First beside today's key, then the two exchanged, then alone.
  Object.assign(keys, { ANTAM_EXCHANGE_KEY: real.ANTAM_EXCHANGE_KEY, ANTAM_EXCHANGE_KEY_ALSO: next })
  expect(await checkKeys(NOW)).toEqual([])
  Object.assign(keys, { ANTAM_EXCHANGE_KEY: next, ANTAM_EXCHANGE_KEY_ALSO: real.ANTAM_EXCHANGE_KEY })
  expect(await checkKeys(NOW)).toEqual([])
  delete keys.ANTAM_EXCHANGE_KEY_ALSO
  expect(await checkKeys(NOW)).toEqual([])
  expect((await checkGivenKeys()).faults).toEqual([])
  // Another key in place of a lost one has to be accepted by name, which retires all earlier ones.
  keys.ANTAM_EXCHANGE_KEY = randomBytes(32)
  expect((await acceptKey('ANTAM_EXCHANGE_KEY', 1, 'Khóa cũ bị lộ.', NOW)).ok).toBe(true)
  expect(await checkKeys(NOW)).toEqual([])
  keys.ANTAM_EXCHANGE_KEY = next
  expect(await checkKeys(NOW)).toHaveLength(1)
})

test('the database’s address may stand in a file, for every process', async () => {
  await checkInstallation(NOW)
  const folder = mkdtempSync(join(tmpdir(), 'antam-url-'))
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), `${text}\n`)
    return join(folder, name)
  }
  const given = {
    ...{ DATABASE_URL: '', DATABASE_URL_FILE: file('url', process.env.DATABASE_URL ?? '') },
    ANTAM_HASH_KEY: randomBytes(32).toString('base64'),
  }
  // Only after reading the database does a process see that the key is another.
  for (const script of ['scripts/worker.ts', 'scripts/keys-rotate.ts', 'scripts/web.ts']) {
    const { code, output } = await start(script, given)
    expect([code, output], script).toEqual([78, expect.stringContaining('ANTAM_HASH_KEY: is not')])
  }
  rmSync(folder, { recursive: true })
})

test('a process with another key, exchanged keys, or without one that is in use does not start, and says which', async () => {
  await checkInstallation(NOW)
  await makeCase()
  keys.ANTAM_KEY = another(1)
  expect(await checkKeys(NOW)).toEqual(['ANTAM_KEY: is not version 1 of ANTAM_KEY of this database'])
  const wrong = { ANTAM_KEY: text(another(1)) }
  for (const script of ['scripts/worker.ts', 'scripts/keys-rotate.ts']) {
    const { code, output } = await start(script, wrong)
    expect([code, output], script).toEqual([78, expect.stringContaining('ANTAM_KEY: is not version 1')])
  }
  const swapped = {
    ANTAM_INDEX_KEY: real.ANTAM_HASH_KEY.toString('base64'),
    ANTAM_HASH_KEY: real.ANTAM_INDEX_KEY.bytes.toString('base64'),
  }
  const { code, output } = await start('scripts/worker.ts', swapped)
  expect(code).toBe(78)
  expect(output).toContain('(it is ANTAM_HASH_KEY)')
  const { code: signing, output: said } = await start('scripts/worker.ts', {
    ANTAM_AUDIT_KEY: randomBytes(32).toString('base64'),
  })
  expect([signing, said]).toEqual([78, expect.stringContaining('ANTAM_AUDIT_KEY: is not ANTAM_AUDIT_KEY')])
  const { code: web, output: words } = await start('scripts/web.ts', { ...wrong, PORT: '3999' })
  expect([web, words]).toEqual([78, expect.stringContaining('ANTAM_KEY: is not version 1')])
  expect(await db.keyFingerprint.count(), 'none of it was learnt').toBe(5)
}, 120_000)

test.runIf(full)(
  'a worker that runs stops once something is written under a key that it was not given',
  async () => {
    const ended = start('scripts/worker.ts', {})
    const scheduled = async () => (await superuser.query('SELECT FROM pgboss.schedule')).rowCount
    await expect.poll(scheduled, { timeout: 60_000 }).toBeGreaterThan(5)
    await superuser.query(
      `INSERT INTO key_fingerprints (name, version, fingerprint, used_at) VALUES ('ANTAM_KEY', 2, '\\x01', now())`,
    )
    const { code, output } = await ended
    expect([code, output]).toEqual([78, expect.stringContaining('version 2 is in use in this database')])
    expect(output).toContain('any more: it stops')
  },
  120_000,
)

test('after a rotation the old key alone does not start; a running process that lacks the new one is told', async () => {
  await checkInstallation(NOW)
  const [old, next] = [real.ANTAM_KEY, another(2)]
  keys.ANTAM_KEY_ALSO = next
  expect(await checkKeys(NOW)).toEqual([])
  Object.assign(keys, { ANTAM_KEY: next, ANTAM_KEY_ALSO: old })
  expect(await checkKeys(NOW)).toEqual([])
  // A process that did not get the new key is still running.
  Object.assign(keys, { ANTAM_KEY: old, ANTAM_KEY_ALSO: undefined })
  expect((await checkGivenKeys()).faults[0]).toContain('version 2 is in use')
  Object.assign(keys, { ANTAM_KEY: next, ANTAM_KEY_ALSO: old })
  expect(await retireOldKeys(NOW)).toBe(1)
  expect(await db.auditEntry.count({ where: { act: 'installation.keys_rotated' } })).toBe(1)
  Object.assign(keys, { ANTAM_KEY: next, ANTAM_KEY_ALSO: undefined })
  expect(await checkKeys(NOW)).toEqual([])
  Object.assign(keys, { ANTAM_KEY: old, ANTAM_KEY_ALSO: undefined })
  expect(await checkKeys(NOW)).toEqual([
    'ANTAM_KEY: version 1 was replaced; nothing may be written under it',
    'ANTAM_KEY: version 2 is in use in this database and is not given (ANTAM_KEY or ANTAM_KEY_ALSO)',
  ])
})

test('a database of before there were fingerprints takes what opens it, and nothing else', async () => {
  await makeCase()
  const right = keys.ANTAM_KEY
  keys.ANTAM_KEY = another(1)
  expect(await checkInstallation(NOW)).toEqual([
    'ANTAM_KEY: does not open what is sealed under version 1 in this database',
  ])
  keys.ANTAM_KEY = another(2)
  expect(await checkInstallation(NOW)).toEqual([
    'ANTAM_KEY: version 1 is in use in this database and is not given',
  ])
  keys.ANTAM_KEY_ALSO = right
  expect(await checkInstallation(NOW)).toEqual([])
  const versions = await db.keyFingerprint.findMany({ where: { name: 'ANTAM_KEY', usedAt: { not: null } } })
  expect(versions.map(({ version }) => version).sort()).toEqual([1, 2])
})

test('a log that another key signed is not gone on with by a database of before', async () => {
  await makeCase()
  await sealLog()
  keys.ANTAM_AUDIT_KEY = randomBytes(32)
  expect(await checkInstallation(NOW)).toEqual([
    'ANTAM_AUDIT_KEY: is not the key that signed this database’s audit log',
  ])
})

test('a key that was changed on purpose is accepted by name, with a reason, in the log', async () => {
  await checkInstallation(NOW)
  keys.ANTAM_HASH_KEY = randomBytes(32)
  expect(await checkKeys(NOW)).toHaveLength(1)
  expect(await acceptKey('ANTAM_HASH_KEY', 7, 'seen by a stranger', NOW)).toEqual({
    ok: false,
    error: 'not_found',
  })
  expect(await acceptKey('ANTAM_HASH_KEY', 1, 'seen by a stranger', NOW)).toMatchObject({ ok: true })
  expect(await checkKeys(NOW)).toEqual([])
  expect(await db.auditEntry.findFirst({ where: { act: 'installation.key_accepted' } })).toMatchObject({
    facts: { name: 'ANTAM_HASH_KEY', version: 1, reason: 'seen by a stranger' },
  })
  Object.assign(keys, { ANTAM_HASH_KEY: real.ANTAM_HASH_KEY })
  expect(await checkKeys(NOW), 'the one before is no more').toHaveLength(1)
})

const file = (id: string = randomUUID()) => evidenceStorage().put(`${id}.original`, Readable.from(['x']))
async function evidence(): Promise<string> {
  const { key, stored } = newCaseKey(randomUUID())
  await db.caseKey.create({ data: { caseId: key.caseId, ...stored, createdAt: NOW } })
  const id = randomUUID()
  const row = {
    kind: 'box',
    state: 'ready',
    mediaType: 'image/jpeg',
    byteSize: 1,
    originalKey: `${id}.original`,
  }
  const bytes = Buffer.from('x')
  await db.evidence.create({
    data: { id, caseId: key.caseId, ...row, sealed: bytes, sha256: bytes, createdAt: NOW } as never,
  })
  return id
}

test('an empty store, an empty database, and a store of another installation are refused, each in words of its own', async () => {
  await file()
  expect((await checkInstallation(NOW))[0]).toContain('has files, but the database knows of none')
  const id = await evidence()
  expect((await checkInstallation(NOW))[0]).toContain('the database knows none of them')
  rmSync(evidenceStorage().place, { recursive: true })
  expect((await checkInstallation(NOW))[0]).toContain(
    'is empty, but the database was used with one that is not',
  )
  // From before stores were marked: the files are the database's.
  await file(id)
  expect(await checkInstallation(NOW)).toEqual([])
  await evidenceStorage().join(randomUUID(), true)
  expect((await checkInstallation(NOW))[0]).toContain('belongs to the installation')
  const { code, output } = await start('scripts/worker.ts', {})
  expect([code, output]).toEqual([78, expect.stringContaining('npm run storage -- join --reason TEXT')])
})

test('a process of another city does not start, and one that knows no newer edition of areas does', async () => {
  await checkInstallation(NOW)
  for (const script of ['scripts/worker.ts', 'scripts/web.ts', 'scripts/agencies-load.ts']) {
    const { code, output } = await start(script, { CITY: 'da-nang', PORT: '3999' })
    expect([code, output], script).toEqual([
      78,
      expect.stringMatching(
        /CITY: this process is of Thành phố Đà Nẵng .* database of Thành phố Hồ Chí Minh/,
      ),
    ])
  }
  await superuser.query(
    `INSERT INTO police_areas SELECT (jsonb_populate_record(a, jsonb_build_object('id', 'next-' || id))).* FROM police_areas a
     WHERE edition_id = '2025'`,
  )
  expect(await checkInstallation(NOW)).toEqual([])
}, 120_000)

test('after a restore into a new place the two are joined on purpose, by a command that the log keeps', async () => {
  await checkInstallation(NOW)
  const elsewhere = randomUUID()
  await evidenceStorage().join(elsewhere, true)
  expect(await checkInstallation(NOW)).toHaveLength(1)
  const { to } = await joinStore('restored after a fire', NOW)
  expect(await checkInstallation(NOW)).toEqual([])
  expect(await db.auditEntry.findFirst({ where: { act: 'installation.join' } })).toMatchObject({
    facts: { from: elsewhere, to, reason: 'restored after a fire' },
  })
})
