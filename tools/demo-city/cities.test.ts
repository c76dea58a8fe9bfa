import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { CASE_STATES } from '#features/cases/record/state-rules.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { full } from '#tests/runs.ts'

const TABLES = ['area_editions', 'police_areas', 'police_units', 'area_successions', 'unit_services']
const OF_SURVEY = ['agencies', 'agency_versions', 'agency_successions', 'catalogue_changes']

afterEach(() => {
  vi.unstubAllEnvs()
  vi.resetModules()
})

// The smallest city puts every story into three areas; a large one has more areas than the demo has stories.
test.runIf(full).each(['example', 'da-nang'])(
  'the demo of %s is of its own areas, with cases in every state',
  async (city) => {
    await superuser.query(
      `SET session_replication_role = replica; ${[...TABLES, ...OF_SURVEY].map((table) => `DELETE FROM ${table}`).join(';')}; SET session_replication_role = DEFAULT`,
    )
    vi.stubEnv('CITY', city)
    vi.resetModules()
    const [{ seedReference }, { makeDemo }, { CITY }] = await Promise.all([
      import('../../prisma/seed/reference.ts'),
      import('./make.ts'),
      import('#cities/city.ts'),
    ])
    await seedReference(db)
    const dataDir = mkdtempSync(join(tmpdir(), 'an-tam-demo-of-'))
    try {
      expect(await makeDemo(db, dataDir, 'city')).toBe('city')
      const told = JSON.parse(readFileSync(join(dataDir, 'demo-accounts.json'), 'utf8'))
      const officer = told.find(({ email }: { email: string }) => email === 'officer-1@demo.example')
      expect(officer.scope).toBe(CITY.example)
    } finally {
      rmSync(dataDir, { recursive: true })
    }
    const states = await db.case.groupBy({ by: ['state'] })
    expect(states.map(({ state }) => state).toSorted()).toEqual(CASE_STATES.toSorted())
    const [{ number } = { number: '' }] = await db.case.findMany({ take: 1, select: { number: true } })
    expect(number.startsWith(`${CITY.number_prefix}-`)).toBe(true)
    expect(await db.surveyResponse.count()).toBeGreaterThan(0)
  },
)
