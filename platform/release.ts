import '#server-only'
import { existsSync, readdirSync, readFileSync } from 'node:fs'

const MIGRATIONS = 'prisma/migrations'

function read(): string {
  try {
    return String(JSON.parse(readFileSync('package.json', 'utf8')).version)
  } catch {
    return 'unknown'
  }
}

/** The product's version, as package.json beside the running program has it. */
export const version = read()

/** Names of the migrations that stand beside the running program: the database has to have them all. */
export const expectedMigrations: readonly string[] = existsSync(MIGRATIONS)
  ? readdirSync(MIGRATIONS)
      .filter((name) => /^\d/.test(name))
      .sort()
  : []
