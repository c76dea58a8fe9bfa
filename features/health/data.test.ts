import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { checkInstallation, recordUpkeep } from '#features/installation/acts.ts'
import { readInstallation } from '#features/installation/data.ts'
import { addMilliseconds, HOUR } from '#lib/time.ts'
import * as environment from '#platform/env.ts'
import { evidenceStorage } from '#platform/storage.ts'
import { reportTrouble } from '#platform/troubles.ts'
import { noteStoreSeen } from '#platform/unseen-stores.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { S3_KEYS, startS3 } from '#tests/s3-server.ts'
import { seedReference } from '../../prisma/seed/reference.ts'
import { checkReadiness, sharedReadiness } from './data.ts'

const standing = async () => (await checkReadiness()).map(({ name, ok }) => [name, ok])
const failing = async () => (await checkReadiness()).filter(({ ok }) => !ok).map(({ name }) => name)

const of = async (name: string) => (await checkReadiness()).find((check) => check.name === name)

beforeEach(async () => {
  expect(await checkInstallation(new Date())).toEqual([])
})
afterEach(async () => {
  await superuser.query(
    'GRANT SELECT ON audit_entries TO antam_app; GRANT SELECT ON pgboss.queue TO antam_app',
  )
})

test('everything is there', async () => {
  // On a busy machine the first checks may be late, as for a proxy that asks again and again.
  await expect.poll(standing).toEqual([
    ['database', true],
    ['schema', true],
    ['keys', true],
    ['queue', true],
    ['reference', true],
    ['storage', true],
    ['audit', true],
    ['messages', true],
    ['backup', true],
  ])
})

test('an audit log that cannot be read is named', async () => {
  await superuser.query('REVOKE SELECT ON audit_entries FROM antam_app')
  await expect.poll(failing).toEqual(['audit'])
})

test('queues that cannot be read, or are not all there, are named', async () => {
  await superuser.query('REVOKE SELECT ON pgboss.queue FROM antam_app')
  await expect.poll(failing).toEqual(['queue'])
})

test('a database without what every installation begins with is named, with the command that mends it', async () => {
  await superuser.query(`SET session_replication_role = replica; DELETE FROM carriers; DELETE FROM agencies;
    SET session_replication_role = DEFAULT`)
  await expect.poll(failing).toEqual(['reference'])
  expect((await of('reference'))?.problem).toBe('missing: carriers, agencies (run npm run db:migrate)')
  await seedReference(db)
  expect(await failing()).toEqual([])
})

test('a store that takes no files is named', async () => {
  const store = join(process.env.DATA_DIR ?? '', 'evidence')
  rmSync(store, { recursive: true, force: true })
  writeFileSync(store, 'no folder')
  await expect.poll(failing).toEqual(['storage'])
  rmSync(store)
})

test('a disk that is nearly full is told before it takes no more', async ({ skip }) => {
  const store = join(process.env.DATA_DIR ?? '', 'evidence')
  mkdirSync(store, { recursive: true })
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', store])
  skip(mounted.status !== 0, 'only root mounts a disk')
  try {
    await evidenceStorage().join((await readInstallation()).id, true)
    expect((await of('storage'))?.stopped).toBeUndefined()
    writeFileSync(join(store, 'full'), Buffer.alloc(1_000_000))
    expect(await of('storage')).toMatchObject({
      ok: true,
      stopped: expect.stringMatching(/^room for files: 0 MB/),
    })
  } finally {
    spawnSync('umount', [store])
  }
})

test('S3 that is away, or does not answer, stops proofs and nothing else', async () => {
  const s3 = await startS3()
  const { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY } = S3_KEYS
  const before = environment.env().STORAGE_URL
  Object.assign(environment.env(), { STORAGE_URL: s3.url, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY })
  try {
    await evidenceStorage().join((await readInstallation()).id)
    await expect.poll(failing).toEqual([])
    s3.fail('PutObject', { slow: 4_000 })
    expect(await of('storage')).toMatchObject({ ok: true, stopped: expect.stringContaining('proofs') })
    s3.mend()
    await s3.listen(false)
    await expect.poll(async () => (await of('storage'))?.stopped).toContain('proofs')
    expect(await failing()).toEqual([])
  } finally {
    Object.assign(environment.env(), { STORAGE_URL: before })
    await s3.close().catch(() => {})
  }
})

test('another key than the database’s, or one that it needs and this process lacks, is named', async () => {
  await superuser.query(`ALTER TABLE key_fingerprints DISABLE TRIGGER keep_key_fingerprint`)
  await superuser.query(`UPDATE key_fingerprints SET fingerprint = '\\x00' WHERE name = 'ANTAM_INDEX_KEY'`)
  await superuser.query(`ALTER TABLE key_fingerprints ENABLE TRIGGER keep_key_fingerprint`)
  await expect.poll(failing).toEqual(['keys'])
  expect((await of('keys'))?.problem).toContain('ANTAM_INDEX_KEY: is not version 1')
  await superuser.query(
    `INSERT INTO key_fingerprints (name, version, fingerprint, used_at) VALUES ('ANTAM_KEY', 2, '\\x01', now())`,
  )
  expect((await of('keys'))?.problem).toContain('ANTAM_KEY: version 2 is in use')
})

test('a store of another installation is named; one whose clearing waits stops nothing', async () => {
  await reportTrouble('evidence-sweep', 'too_many', { stored: 9, orphans: 9 })
  expect(await of('storage')).toMatchObject({ ok: true, stopped: expect.stringContaining('clearing') })
  await reportTrouble('virus-scan', 'away', {})
  const { stopped } = (await of('storage')) ?? {}
  expect(stopped).toMatch(/^clearing .*; looking for viruses: clamd does not answer/)
  await evidenceStorage().join('00000000-0000-4000-8000-000000000000', true)
  await expect.poll(failing).toEqual(['storage'])
  expect((await of('storage'))?.problem).toContain('other')
  rmSync(join(process.env.DATA_DIR ?? '', 'evidence'), { recursive: true, force: true })
})

test('a backup that is old is told, and one that was never made only where it is expected', async () => {
  const made = (hours: number) =>
    recordUpkeep('backup', { name: 'b' }, addMilliseconds(new Date(), -hours * HOUR))
  const stopped = async () => (await of('backup'))?.stopped
  await made(35)
  expect(await stopped()).toBeUndefined()
  await made(37)
  expect(await of('backup')).toMatchObject({ ok: true, stopped: expect.stringContaining('37 hours ago') })
  const whole = environment.env()
  const set = vi.spyOn(environment, 'env').mockReturnValue({ ...whole, BACKUP_MAX_HOURS: 40 })
  expect(await stopped()).toBeUndefined()
  await db.upkeep.deleteMany({})
  expect(await stopped()).toContain('ever made')
  set.mockRestore()
  expect(await stopped()).toBeUndefined()
})

test('a store in which this process does not see what the others see is named', async () => {
  noteStoreSeen('file', '/data/evidence', false)
  await expect.poll(failing).toEqual(['storage'])
  expect((await of('storage'))?.problem).toMatch(/does not see .*\/data\/evidence is another disk, or a copy/)
  noteStoreSeen('file', '/data/evidence', true)
  await expect.poll(failing).toEqual([])
})

test('an audit log that waits to be sealed stops blocking, and nothing else', async () => {
  expect((await checkReadiness()).find(({ name }) => name === 'audit')).toMatchObject({
    ok: true,
    sealedSecondsAgo: null,
  })
  await superuser.query(
    `INSERT INTO audit_entries (at, actor_kind, act, subject_kind, subject_id, facts)
     VALUES (now() - interval '16 minutes', 'system', 'case.note', 'case', 'c', '{}')`,
  )
  const [audit] = (await checkReadiness()).filter(({ stopped }) => stopped)
  expect(audit).toMatchObject({ name: 'audit', ok: true, stopped: expect.stringContaining('blocking') })
})

test('a schema that is older than this version, or was contracted beyond it, is named; a newer one is right', async () => {
  const history = (sql: string) => superuser.query(sql)
  await history(`INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at)
    VALUES ('newer', '', '20990101000000_newer', now())`)
  try {
    expect(await of('schema')).toMatchObject({ ok: true })
    await history("UPDATE _prisma_migrations SET logs = 'contract: since 999.0.0' WHERE id = 'newer'")
    expect(await of('schema')).toMatchObject({ ok: false, problem: expect.stringContaining('999.0.0') })
    await history(
      "UPDATE _prisma_migrations SET logs = NULL, rolled_back_at = now() WHERE migration_name = '0_init'",
    )
    expect(await of('schema')).toMatchObject({ ok: false, problem: expect.stringContaining('lacks 0_init') })
  } finally {
    await history("UPDATE _prisma_migrations SET rolled_back_at = NULL WHERE migration_name = '0_init'")
    await history("DELETE FROM _prisma_migrations WHERE id = 'newer'")
  }
})

test('many who ask at once are answered by one look', async () => {
  const answers = await Promise.all(Array.from({ length: 80 }, sharedReadiness))
  expect(new Set(answers).size).toBe(1)
  expect(await sharedReadiness()).toBe(answers[0])
  await expect.poll(sharedReadiness, { timeout: 5_000 }).not.toBe(answers[0])
})
