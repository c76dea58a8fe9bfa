import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { signIn } from '#server/accounts/commands/session.ts'
import { db } from '#server/platform/db.ts'
import { demoAccountsFile, seedDemoAccounts } from './demo-accounts.ts'

let directory: string
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'an-tam-demo-'))
})
afterEach(() => rmSync(directory, { recursive: true }))

const carriers = async () => [{ role: 'carrier', carrier: 'viettel', apiKey: 'k' } as const]
const read = () => JSON.parse(readFileSync(demoAccountsFile(directory), 'utf8'))

test('makes everybody that the contract names, once, in a file for its owner alone', async () => {
  expect(await seedDemoAccounts(directory, carriers)).toBe(true)
  const accounts = read() as { role: string; scope?: string }[]
  const count = (role: string, scope?: string) =>
    accounts.filter((one) => one.role === role && (scope === undefined || one.scope === scope)).length
  expect([count('officer', 'quan-3'), count('supervisor', 'quan-3'), count('officer', 'quan-1')]).toEqual([
    2, 2, 1,
  ])
  expect([count('city_police'), count('relay')]).toEqual([2, 2])
  for (const role of ['survey_manager', 'agency_viewer', 'auditor', 'admin', 'carrier'])
    expect(count(role)).toBe(1)
  expect(statSync(demoAccountsFile(directory)).mode & 0o777).toBe(0o600)

  const before = readFileSync(demoAccountsFile(directory), 'utf8')
  expect(await seedDemoAccounts(directory, carriers)).toBe(false)
  expect(readFileSync(demoAccountsFile(directory), 'utf8')).toBe(before)
  expect(await db.staffAccount.count()).toBe(13)
})

test('each can sign in with the password that was written down', async () => {
  await seedDemoAccounts(directory, carriers)
  for (const { email, password } of read()) {
    if (!email) continue
    expect((await signIn({ email, password, device: undefined }, new Date())).ok).toBe(true)
  }
})

test('after a crash between database and file they are made again, with new passwords', async () => {
  const failing = () => Promise.reject(new Error('no carriers'))
  await expect(seedDemoAccounts(directory, failing)).rejects.toThrow('no carriers')
  expect(await seedDemoAccounts(directory, carriers)).toBe(true)
  const [{ email, password }] = read()
  expect((await signIn({ email, password, device: undefined }, new Date())).ok).toBe(true)
})
