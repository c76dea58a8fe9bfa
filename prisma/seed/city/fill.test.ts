import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { db } from '#tests/db.ts'
import { seedDemo } from '../demo.ts'
import { fillCity, hasCity } from './fill.ts'

let dataDir: string
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'an-tam-city-'))
})
afterEach(() => rmSync(dataDir, { recursive: true }))

test('an installation that nobody has used is filled once', async () => {
  await seedDemo(db, dataDir)
  const t = performance.now()
  const c = process.cpuUsage()
  expect(await fillCity(db, dataDir)).toBe(true)
  console.log('filled', performance.now() - t, process.cpuUsage(c))
  console.log(
    await db.case.groupBy({ by: ['state'], _count: true }),
    await db.surveyResponse.count(),
    await db.auditEntry.count(),
    await db.bookEntry.groupBy({ by: ['carrierId'], _count: true }),
  )
})
