import { createHash, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { expect, test } from '@playwright/test'
import pg from 'pg'
import { PgBoss } from 'pg-boss'
import { S3_KEYS, type S3Server, startS3 } from '../../tests/s3-server.ts'
import { missingTools, Place } from './first-hour/place.ts'

// Three nights on call. Each is solved with the blocks of its runbook alone, run exactly as written.

test.describe.configure({ mode: 'serial', timeout: 300_000 })

const missing = missingTools()
test.skip(missing.length > 0, `the operator's programs are not here: ${missing.join(', ')}`)

const ADMIN = 'first@example.vn'
let place: Place
let superuser: pg.Client
let bucket: S3Server
test.beforeAll(async () => {
  test.setTimeout(300_000)
  place = await Place.make('archive_mode=on')
  place.run('folders')
  place.run('database')
  place.run('setup', { OUTBOX: 'on' })
  bucket = await startS3()
  give({}, bucket)
  superuser = new pg.Client({ connectionString: place.superuserUrl() })
  await superuser.connect()
})
test.afterAll(async () => {
  await superuser?.end()
  await place?.stop()
  await bucket?.close()
})

/** Adds variables to those that setup gave to the processes, as an operator does by editing their file. */
function give(variables: Readonly<Record<string, string>>, store: S3Server): void {
  const given = {
    ...{ STORAGE_URL: store.url, ...variables },
    ...{ AWS_ACCESS_KEY_ID: S3_KEYS.accessKeyId, AWS_SECRET_ACCESS_KEY: S3_KEYS.secretAccessKey },
  }
  const lines = Object.entries(given).map(([name, value]) => `${name}='${value}'`)
  const file = place.at('etc/an-tam/worker.env')
  const [ofSetup] = readFileSync(file, 'utf8').split('# given\n')
  writeFileSync(file, `${ofSetup}# given\n${lines.join('\n')}\n`)
}

test('an archive that stopped: the old command finds the piece there, and the new one goes on', async () => {
  const archived = async () =>
    (
      await superuser.query(
        'SELECT last_archived_wal AS piece, failed_count::int AS failed FROM pg_stat_archiver',
      )
    ).rows[0]
  mkdirSync(place.at('wal'))
  chmodSync(place.at('wal'), 0o777)
  await superuser.query(
    `ALTER SYSTEM SET archive_command = 'test ! -f ${place.at('wal')}/%f && cp %p ${place.at('wal')}/%f'`,
  )
  await superuser.query('SELECT pg_reload_conf(), pg_switch_wal()')
  await expect.poll(async () => (await archived()).piece).not.toBeNull()
  // Simulates that PostgreSQL ended after the copy and before it recorded it. It then archives the same piece again, forever.
  const { piece } = await archived()
  const status = place.at('db/data/pg_wal/archive_status', piece)
  renameSync(`${status}.done`, `${status}.ready`)
  await superuser.query('SELECT pg_switch_wal()')
  await expect.poll(async () => (await archived()).failed, { timeout: 120_000 }).toBeGreaterThan(0)

  const seen = place.run('archive look')
  expect(seen).toMatch(new RegExp(`last_failed_wal +\\| ${piece}`))
  expect(seen).toContain('test ! -f')
  place.run('archive command')
  expect(place.run('archive goes on')).toContain('goes on')
})

test('a queue of dead jobs: the mails that nobody took are listed, and sent again once there is a server', async () => {
  give({ SMTP_URL: 'smtp://127.0.0.1:1' }, bucket)
  const deaf = place.begin('worker')
  const { rows } = await superuser.query('SELECT id FROM staff_accounts WHERE email = $1', [ADMIN])
  const boss = new PgBoss({ connectionString: place.superuserUrl(), migrate: false, createSchema: false })
  await boss.start()
  const ids = Array.from({ length: 3 }, () => randomUUID())
  for (const id of ids)
    await boss.send(
      'account-notice',
      { id, accountId: rows[0]?.id, notice: 'password_changed' },
      // The job's last attempt. All attempts together would take most of a day.
      { retryLimit: 0 },
    )
  await boss.stop()
  await expect
    .poll(() => place.run('dead look').match(/account-notice/g)?.length, { timeout: 60_000 })
    .toBe(ids.length)
  await place.end(deaf, 'SIGTERM')

  give({}, bucket)
  const worker = place.begin('worker')
  expect(place.run('dead again')).toContain(`${ids.length} jobs are sent again`)
  const sent = () => readdirSync(place.at('lib/an-tam'), { recursive: true }).join()
  await expect.poll(() => ids.filter((id) => sent().includes(id)), { timeout: 60_000 }).toEqual(ids)
  expect(place.run('dead look')).toContain('No job has failed for good.')
  await place.end(worker, 'SIGTERM')
})

test('a bucket that is gone: its replica takes its place, and every file agrees', async () => {
  const [lost, replica] = [bucket, await startS3('replica')]
  const worker = place.begin('worker')
  await expect.poll(() => [...lost.objects.keys()]).toContain('evidence/installation-id')
  await storeFile(lost)
  // Simulates the bucket's own replication, which the operator has set up.
  for (const [key, object] of lost.objects) replica.objects.set(key, object)
  await lost.close()

  expect((await beside('bucket look')).code).toBe(1)
  await place.end(worker, 'SIGTERM')
  give({}, replica)
  expect(await beside('bucket replica')).toEqual({ code: 0, said: expect.stringContaining('"agrees":true') })
  const again = place.begin('worker')
  await expect
    .poll(async () => (await superuser.query(`SELECT name FROM stores WHERE left_at IS NULL`)).rows, {
      timeout: 60_000,
    })
    .toEqual([{ name: 's3://replica/' }])
  expect((await beside('bucket look')).said).toContain('1 files are known')
  await place.end(again, 'SIGTERM')
  await replica.close()
})

/** Runs a block asynchronously, because this process serves the buckets. */
async function beside(block: string): Promise<{ readonly code: number; readonly said: string }> {
  const child = place.begin(block)
  const [said, [code]] = await Promise.all([child.stdout ? text(child.stdout) : '', once(child, 'close')])
  return { code, said }
}

async function storeFile({ objects }: S3Server): Promise<void> {
  const [id, caseId, body] = [randomUUID(), randomUUID(), Buffer.from('sealed')]
  const sha256 = createHash('sha256').update(body).digest()
  objects.set(`evidence/${id}.original`, { body, etag: '"x"', at: new Date() })
  await superuser.query(`SET session_replication_role = replica`)
  await superuser.query(
    `INSERT INTO case_keys (case_id, wrapped, wrap_key_version, created_at) VALUES ($1, '', 1, now())`,
    [caseId],
  )
  await superuser.query(
    `INSERT INTO evidence (id, case_id, kind, state, sealed, media_type, byte_size, sha256, original_key, created_at)
     VALUES ($1::uuid, $2, 'box', 'ready', '', 'image/jpeg', $3, $4, $1 || '.original', now())`,
    [id, caseId, body.length, sha256],
  )
  await superuser.query(
    `INSERT INTO evidence_files (evidence_id, part, store, stored_at, byte_size, sha256) VALUES ($1, 'original', 's3://an-tam/', now(), $2, $3)`,
    [id, body.length, sha256],
  )
  await superuser.query(`SET session_replication_role = DEFAULT`)
}
