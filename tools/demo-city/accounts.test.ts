import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { signIn } from '#features/accounts/sign-in/acts.ts'
import { authenticateReceiver, openReceivers } from '#features/alerts/receivers/data.ts'
import { authenticateCarrier } from '#features/exchange/keys/data.ts'
import { db } from '#tests/db.ts'
import { codeOf } from '#tests/factories/staff.ts'
import { seedDemo } from './accounts.ts'

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'an-tam-demo-'))
})
afterEach(() => rmSync(dataDir, { recursive: true }))

interface Told {
  readonly role: string
  readonly email: string
  readonly password: string
  readonly totpSecret: string
  readonly scope?: string
  readonly carrier: string
  readonly apiKey: string
}
const file = () => join(dataDir, 'demo-accounts.json')
const anySecrets = { password: expect.any(String), totpSecret: expect.any(String) }
const told = (): Told[] => JSON.parse(readFileSync(file(), 'utf8'))

test('the accounts of the contract are made, and the file opens every one of them', async () => {
  await seedDemo(db, dataDir)
  const people = told().filter(({ role }) => role !== 'carrier')
  expect(people.map(({ role, scope }) => (scope ? `${role} ${scope}` : role)).sort()).toEqual([
    'admin',
    'agency_viewer quan-3',
    'auditor',
    'city_police',
    'city_police',
    'officer quan-1',
    'officer quan-3',
    'officer quan-3',
    'relay',
    'relay',
    'shop',
    'supervisor quan-3',
    'supervisor quan-3',
    'survey_manager',
    'survey_manager',
  ])
  const now = new Date()
  for (const { email, password, totpSecret } of told()) {
    const entered = await signIn({ email, password, otp: codeOf(totpSecret, now), device: undefined }, now)
    expect(entered.ok, email).toBe(true)
  }
  const carriers = told().filter(({ role }) => role === 'carrier')
  for (const { carrier, email, apiKey } of carriers) {
    expect(await authenticateCarrier(apiKey, now)).toMatchObject({ carrierId: carrier })
    expect(await db.staffAccount.findUnique({ where: { email } })).toMatchObject({ carrierId: carrier })
  }
  expect(carriers).toHaveLength(5)
  expect(statSync(file()).mode & 0o777).toBe(0o600)
})

test('two banks and wallets are told in the demonstration, each with a key of its own', async () => {
  await seedDemo(db, dataDir)
  const path = join(dataDir, 'demo-receivers.json')
  const keys: Record<string, string> = JSON.parse(readFileSync(path, 'utf8'))
  for (const [id, key] of Object.entries(keys)) expect(await authenticateReceiver(key, new Date())).toBe(id)
  expect((await openReceivers()).map(({ id }) => id).toSorted()).toEqual(Object.keys(keys).toSorted())
  expect(statSync(path).mode & 0o777).toBe(0o600)
})

test('a second start changes nothing', async () => {
  await seedDemo(db, dataDir)
  const before = told()
  await seedDemo(db, dataDir)
  expect(told()).toEqual(before)
  expect(await db.staffAccount.count()).toBe(20)
})

test('a lost file is made anew, and the old keys end', async () => {
  await seedDemo(db, dataDir)
  const lost = told().find(({ role }) => role === 'carrier')
  rmSync(file())
  await seedDemo(db, dataDir)
  expect(await authenticateCarrier(lost?.apiKey ?? '', new Date())).toBeNull()
  expect(await db.staffAccount.count()).toBe(20)
})

test('accounts of before there was a second factor get one, once, and keep the rest', async () => {
  await seedDemo(db, dataDir)
  const before = told().map(({ totpSecret: _, ...one }) => one)
  writeFileSync(file(), JSON.stringify(before), { mode: 0o600 })
  await db.staffAccount.updateMany({ data: { totpSecret: null } })
  await seedDemo(db, dataDir)
  const after = told()
  expect(after.map(({ totpSecret: _, ...one }) => one)).toEqual(before)
  const now = new Date()
  const { email = '', password = '', totpSecret = '' } = after[0] ?? {}
  expect((await signIn({ email, password, otp: codeOf(totpSecret, now), device: undefined }, now)).ok).toBe(
    true,
  )
  await seedDemo(db, dataDir)
  expect(told()).toEqual(after)
  expect(statSync(file()).mode & 0o777).toBe(0o600)
})

test('a file of before carriers had people gets them, once, and keeps the keys', async () => {
  await seedDemo(db, dataDir)
  const before = told().map(({ role, carrier, apiKey, ...one }) =>
    role === 'carrier' ? { role, carrier, apiKey } : { role, ...one },
  )
  writeFileSync(file(), JSON.stringify(before), { mode: 0o600 })
  await db.staffAccount.deleteMany({ where: { role: 'carrier' } })
  await seedDemo(db, dataDir)
  const after = told()
  expect(after).toMatchObject(before)
  expect(after.filter(({ role, password }) => role === 'carrier' && password)).toHaveLength(5)
  await seedDemo(db, dataDir)
  expect(told()).toEqual(after)
  expect(await db.staffAccount.count({ where: { role: 'carrier' } })).toBe(5)
})

test('a file of before there was somebody gets that account, once', async () => {
  await seedDemo(db, dataDir)
  const before = told().filter(({ role }) => role !== 'shop')
  writeFileSync(file(), JSON.stringify(before), { mode: 0o600 })
  await db.staffAccount.deleteMany({ where: { role: 'shop' } })
  await seedDemo(db, dataDir)
  const after = told()
  expect(after).toEqual([...before, { role: 'shop', email: 'shop@demo.example', ...anySecrets }])
  await seedDemo(db, dataDir)
  expect(told()).toEqual(after)
  expect(await db.staffAccount.count({ where: { role: 'shop' } })).toBe(1)
})
