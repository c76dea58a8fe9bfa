import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { checkInstallation } from '#features/installation/acts.ts'
import { recordProcess } from '#features/installation/data.ts'
import { env } from '#platform/env.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { run } from '../../../scripts/run.ts'
import { examine, readState } from './data.ts'
import { examineForGoLive } from './go-live-data.ts'
import type { Fact } from './rules.ts'

const before = { ...env() }
beforeEach(async () => {
  expect(await checkInstallation(new Date())).toEqual([])
  await superuser.query('UPDATE pgboss.queue SET monitor_on = now()')
  for (const kind of ['web', 'worker'] as const)
    await recordProcess({
      id: crypto.randomUUID(),
      kind,
      version: '0.1.0',
      startedAt: new Date(),
      stores: ['file'],
    })
})
afterEach(() => {
  for (const name of Object.keys(env())) if (!(name in before)) Reflect.deleteProperty(env(), name)
  Object.assign(env(), before)
})

const stateOf = (facts: readonly Fact[] | null, name: string) => facts?.find((fact) => fact.name === name)
const red = (facts: readonly Fact[]) => facts.filter(({ state }) => state === 'red').map(({ name }) => name)

test('a sound installation has nothing red, every document it names is there, and no secret is told', async () => {
  const facts = await examine(new Date())
  expect(red(facts)).toEqual([])
  for (const { see } of facts) if (see !== undefined) expect(existsSync(see)).toBe(true)
  const said = JSON.stringify(facts)
  for (const secret of ['ANTAM_KEY', 'ANTAM_HASH_KEY', 'NEXTAUTH_SECRET', 'ANTAM_AUDIT_KEY'])
    expect(said).not.toContain(process.env[secret])
  expect(said).not.toContain(new URL(process.env.DATABASE_URL ?? '').password)
  expect(stateOf(facts, 'worker')?.value).toBe('1 × 0.1.0')
  expect(new Set(facts.map(({ name }) => name)).size).toBe(facts.length)
})

test('what is wrong is red: no worker, queues nobody looks after, a mail server that is away', async () => {
  const away = createServer().listen(0, '127.0.0.1')
  const { port } = await new Promise<{ port: number }>((done) =>
    away.on('listening', () => done(away.address() as { port: number })),
  )
  await new Promise((done) => away.close(done))
  Object.assign(env(), { SMTP_URL: `smtp://user:geheim@127.0.0.1:${port}` })
  await superuser.query(
    `UPDATE pgboss.queue SET monitor_on = now() - interval '5 minutes'; DELETE FROM processes WHERE kind = 'worker'`,
  )
  const facts = await examine(new Date())
  expect(red(facts).toSorted()).toEqual(['attended', 'mail', 'worker'])
  expect(stateOf(facts, 'mail')).toMatchObject({
    value: `127.0.0.1:${port} ECONNREFUSED`,
    see: 'docs/runbooks/AnTamMessagesFail.md',
  })
  expect(JSON.stringify(facts)).not.toContain('geheim')
})

test('admins and auditors read it, and nobody else', async () => {
  for (const role of ['admin', 'auditor'] as const)
    expect(stateOf(await readState(await makeStaff(role), new Date()), 'app')?.value).toMatch(/^0\.\d/)
  for (const role of ['officer', 'relay'] as const)
    expect(await readState(await makeStaff(role), new Date())).toBeNull()
})

const MAIL: Readonly<Record<string, readonly string[]>> = {
  'antam.example.vn': ['v=spf1 mx -all'],
  's1._domainkey.antam.example.vn': ['v=DKIM1; p=MIGfMA0'],
  '_dmarc.antam.example.vn': ['v=DMARC1; p=reject'],
}
const dns = async (name: string) => MAIL[name] ?? []

test('before people come: units without an address, one admin, a carrier without a key are red', async () => {
  await makeStaff('admin')
  const facts = await examineForGoLive(new Date(), dns)
  expect(red(facts)).toEqual(
    expect.arrayContaining([
      'go_address',
      'go_admins',
      'go_auditors',
      'go_relay',
      'go_keys',
      'go_spf',
      'go_mail',
      'go_alerts',
      'go_backup',
    ]),
  )
  expect(stateOf(facts, 'go_admins')?.value).toBe('1')
  expect(stateOf(facts, 'go_survey')).toMatchObject({ state: 'look', value: '0' })
})

test('an installation that has everything may go live; a unit that loses its address may not', async () => {
  Object.assign(env(), {
    PUBLIC_URL: 'https://antam.example.vn',
    MAIL_FROM: 'An Tâm <khong-tra-loi@antam.example.vn>',
    SMTP_URL: 'smtp://mail.example.vn',
    OUTBOX: 'off',
    ALERT_MAIL: 'thanh-tra@example.vn',
    MAIL_BOUNCE: 'tra-lai@antam.example.vn',
    SECURITY_CONTACT: 'mailto:lo-hong@antam.example.vn',
    DKIM_DOMAIN: 'antam.example.vn',
    DKIM_SELECTOR: 's1',
  })
  for (const role of ['admin', 'auditor', 'relay', 'city_police', 'survey_manager'] as const)
    for (let n = 0; n < 2; n++) await makeStaff(role)
  await superuser.query(
    `UPDATE police_units SET address = coalesce(address, '1 Lê Lợi'), phone = coalesce(phone, '+842838387200')`,
  )
  await superuser.query(`UPDATE holidays SET basis = 'announced'`)
  await superuser.query(
    `INSERT INTO holidays (date, name) SELECT make_date(extract(year FROM now())::int + n, 2, 10), 'tet' FROM generate_series(0, 2) n
     ON CONFLICT (date) DO UPDATE SET name = 'tet'`,
  )
  for (const { id } of await db.carrier.findMany({ select: { id: true } }))
    await db.carrierKey.create({
      data: { carrierId: id, keyHash: crypto.getRandomValues(new Uint8Array(32)), createdAt: new Date() },
    })
  await db.upkeep.create({ data: { kind: 'backup', doneAt: new Date(), facts: {} } })
  const ready = await examineForGoLive(new Date(), dns)
  expect([red(ready), stateOf(ready, 'go_survey')?.state]).toEqual([[], 'ok'])
  await superuser.query(`UPDATE police_units SET address = NULL WHERE id = 'quan-3'`)
  const facts = await examineForGoLive(new Date(), dns)
  expect(red(facts)).toEqual(['go_units'])
  expect(stateOf(facts, 'go_units')?.value).toBe('Quận 3')
  // Without a name server, nothing is known.
  expect(stateOf(await examineForGoLive(new Date(), async () => null), 'go_spf')).toMatchObject({
    state: 'look',
  })
})

test('`npm run doctor` prints the page and ends with 1 where something is red', async () => {
  const doctor = (...args: string[]) => run(process.execPath, ['scripts/doctor.ts', ...args])
  const sound = await doctor()
  expect(sound.output).toMatch(/Versions\n {2}✓ An Tâm +\d+\.\d+\.\d+\+[0-9a-f]{12}\n/)
  expect(sound.output).toContain('Nothing is red.')
  expect(sound.code).toBe(0)
  const [before, wrong] = await Promise.all([doctor('--go-live'), doctor('--all')])
  const elsewhere = await run(process.execPath, ['scripts/doctor.ts'], { CITY: 'da-nang' })
  expect(before.output).toContain('Before people come')
  expect([before.code, wrong.code, elsewhere.code]).toEqual([1, 2, 78])
  expect(elsewhere.output).toMatch(/^CITY: this process is of .+$/m)
})
