import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { superuser } from '#tests/database.ts'
import { readiness } from './loaders.ts'

const standing = async () => (await readiness()).map(({ name, ok }) => [name, ok])
const failing = async () => (await readiness()).filter(({ ok }) => !ok).map(({ name }) => name)

afterEach(async () => {
  await superuser.query(
    'GRANT SELECT ON audit_entries TO antam_app; GRANT SELECT ON pgboss.queue TO antam_app',
  )
})

test('everything is there', async () => {
  // The first checks of a busy machine may be late, as a proxy that asks again and again would see.
  await expect.poll(standing).toEqual([
    ['database', true],
    ['queue', true],
    ['storage', true],
    ['audit', true],
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

test('a store that takes no files is named', async () => {
  const store = join(process.env.DATA_DIR ?? '', 'evidence')
  rmSync(store, { recursive: true, force: true })
  writeFileSync(store, 'no folder')
  await expect.poll(failing).toEqual(['storage'])
})

test('an audit log that waits to be sealed stops blocking, and nothing else', async () => {
  expect((await readiness()).find(({ name }) => name === 'audit')).toMatchObject({
    ok: true,
    sealedSecondsAgo: null,
  })
  await superuser.query(
    `INSERT INTO audit_entries (at, actor_kind, act, subject_kind, subject_id, facts)
     VALUES (now() - interval '16 minutes', 'system', 'case.note', 'case', 'c', '{}')`,
  )
  const [audit] = (await readiness()).filter(({ stopped }) => stopped)
  expect(audit).toMatchObject({ name: 'audit', ok: true, stopped: expect.stringContaining('blocking') })
})
