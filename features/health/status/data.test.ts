import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { checkInstallation } from '#features/installation/acts.ts'
import { superuser } from '#tests/database.ts'
import { run } from '../../../scripts/run.ts'
import { readStatus } from './data.ts'

test('a part that goes away is told with its time, also after a restart, and comes back by itself', async () => {
  expect(await checkInstallation(new Date())).toEqual([])
  const first = new Date('2026-12-01T01:00:00.000Z')
  const sound = await readStatus(first)
  expect(sound.report).toEqual({ state: 'works', since: first.toISOString() })
  await superuser.query('REVOKE SELECT ON pgboss.queue FROM antam_app')
  try {
    // A reading is shared for a second.
    await sleep(1_100)
    const later = new Date('2026-12-01T02:00:00.000Z')
    const broken = await readStatus(later)
    expect(broken.report).toEqual({ state: 'away', since: later.toISOString() })
    expect(broken.check).toEqual(sound.check)
    const kept = JSON.parse(readFileSync(join(process.env.DATA_DIR ?? '', 'status.json'), 'utf8'))
    expect(kept.report).toEqual(broken.report)
    Reflect.deleteProperty(globalThis, 'antamStatus')
    expect((await readStatus(new Date('2026-12-01T03:00:00.000Z'))).report).toEqual(broken.report)
  } finally {
    await superuser.query('GRANT SELECT ON pgboss.queue TO antam_app')
  }
  await sleep(1_100)
  const mended = new Date('2026-12-01T04:00:00.000Z')
  expect((await readStatus(mended)).report).toEqual({ state: 'works', since: mended.toISOString() })
})

test('`npm run maintenance` puts the page up with its end, says so, takes it down, and refuses what it cannot read', async () => {
  const maintenance = (...args: string[]) => run(process.execPath, ['scripts/maintenance.ts', ...args])
  expect((await maintenance()).output).toContain('There is no maintenance')
  const on = await maintenance('on', '--until', '23:59')
  expect([on.code, on.output]).toEqual([0, expect.stringMatching(/until \d{4}-\d\d-\d\dT16:59:00/)])
  const refused = await Promise.all([
    maintenance('on', '--until', '25:00'),
    maintenance('on', '--until', '2020-01-01T00:00:00Z'),
    maintenance('pause'),
    maintenance('off', '--until', '12:00'),
  ])
  expect(refused.map(({ code }) => code)).toEqual([2, 2, 2, 2])
  expect((await maintenance('off')).output).toContain('There is no maintenance')
})
