/**
 * `npm run db:migration -- NAME`: writes the next migration: the difference between the existing migrations and the
 * schema.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MIGRATIONS, migrationsOnDisk } from './migrations.ts'
import { startPostgres } from './postgres.ts'
import { differenceToSchema } from './schema-engine.ts'

const name = process.argv[2]
if (!name || !/^[a-z][a-z0-9_]*$/.test(name)) {
  console.error('usage: npm run db:migration -- NAME   (lower-case letters, digits and underscores)')
  process.exit(2)
}

const directory = mkdtempSync(join(tmpdir(), 'an-tam-migration-'))
const server = await startPostgres({
  directory: join(directory, 'data'),
  password: 'scratch',
  durable: false,
})
try {
  const url = server.url('postgres', 'scratch', 'postgres')
  const sql = await differenceToSchema(url, migrationsOnDisk())
  if (sql === '') {
    console.log('The migrations already make what the schema says; nothing written.')
  } else {
    const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14)
    const target = `${MIGRATIONS}/${stamp}_${name}`
    mkdirSync(target)
    writeFileSync(`${target}/migration.sql`, `${sql}\n`)
    console.log(`Wrote ${target}/migration.sql: read it, and add by hand what the schema cannot say.`)
  }
} finally {
  await server.stop()
  rmSync(directory, { recursive: true, force: true })
}
