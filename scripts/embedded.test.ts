import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { ownerUrl, runningUrl } from './embedded.ts'
import { secrets } from './secrets.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'an-tam-embedded-'))
const { owner, application } = secrets(dataDir).database

afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(join(dataDir, 'postgres'), { recursive: true, force: true })
})

function given(env: Record<string, string>): void {
  for (const name of ['DATABASE_URL', 'DATABASE_OWNER_URL']) vi.stubEnv(name, undefined)
  vi.stubEnv('DATA_DIR', dataDir)
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value)
}

test('without a variable the embedded installation that runs is found, each role by its own password', () => {
  given({})
  expect(ownerUrl()).toBeNull()
  mkdirSync(join(dataDir, 'postgres'))
  writeFileSync(join(dataDir, 'postgres/postmaster.pid'), '1\n/somewhere\n1700000000\n54321\n')
  expect(ownerUrl()).toBe(`postgresql://antam_owner:${owner}@127.0.0.1:54321/antam`)
  expect(runningUrl(dataDir)).toBe(`postgresql://antam_app:${application}@127.0.0.1:54321/antam`)
})

test("the environment's database goes first, and its owner's URL before the application's", () => {
  given({ DATABASE_URL: 'postgresql://app@db/antam' })
  expect(ownerUrl()).toBe('postgresql://app@db/antam')
  given({ DATABASE_URL: 'postgresql://app@db/antam', DATABASE_OWNER_URL: 'postgresql://owner@db/antam' })
  expect(ownerUrl()).toBe('postgresql://owner@db/antam')
})
