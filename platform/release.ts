import '#server-only'
import { execFileSync } from 'node:child_process'
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

/** The file in which a release names the commit that it was made of: there git is not. */
export const REVISION_FILE = 'REVISION'

// One for the process: each of Next's bundles has this module, and each would ask git.
const shared = globalThis as { antamRevision?: string }

/** Returns the commit that the running program is of, in twelve digits; `unknown` where neither a release nor git says it. */
export function revision(): string {
  shared.antamRevision ??= readRevision().slice(0, 12)
  return shared.antamRevision
}

/** Returns the version with its commit, as semantic versions name a build: 1.2.0+0a1b2c3d4e5f. */
export const release = (): string => `${version}+${revision()}`

function readRevision(): string {
  try {
    return existsSync(REVISION_FILE)
      ? readFileSync(REVISION_FILE, 'utf8').trim()
      : execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  } catch {
    return 'unknown'
  }
}

/** Names of the migrations that stand beside the running program: the database has to have them all. */
export const expectedMigrations: readonly string[] = existsSync(MIGRATIONS)
  ? readdirSync(MIGRATIONS)
      .filter((name) => /^\d/.test(name))
      .sort()
  : []
