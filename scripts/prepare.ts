/**
 * Migrates and seeds the database for `npm start`, and tells it whether the demo city is present. A separate process,
 * because the code it loads (the product's commands, pg-boss, image libraries) would stay in memory of the one that only
 * watches.
 *
 * --own: the database is the embedded one of `npm start`.
 */
import { readEnv } from '#platform/env.ts'
import { migrate } from './migrate.ts'

process.on('disconnect', () => process.exit(1))
try {
  const own = process.argv.includes('--own')
  const { DATABASE_URL, DATABASE_OWNER_URL, DEMO } = readEnv(process.env)
  await migrate(DATABASE_OWNER_URL ?? DATABASE_URL, DATABASE_URL)
  // Loaded only now, so that a fault of the environment is reported first.
  const { checkInstallation } = await import('#features/installation/acts.ts')
  const faults = await checkInstallation(new Date())
  if (faults.length > 0) throw new Error(faults.join('\n'))
  const { db } = await import('#platform/db.ts')
  const { makeDemo } = await import('../tools/demo-city/make.ts')
  const demo = await makeDemo(db, own ? process.env.DATA_DIR || '.data' : null, DEMO)
  // Exists from the first minute, for readers who look where messages will appear.
  if (own) await (await import('#platform/outbox.ts')).outboxDirectory()
  process.send?.(demo, () => process.exit())
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
