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

export const version = read()

/** The file with a release's commit, because a release has no git repository. */
export const REVISION_FILE = 'REVISION'

// One per process: each of Next's bundles contains this module, and each would run git.
const shared = globalThis as { antamRevision?: string }

/** Returns the program's commit in twelve digits; `unknown` if neither a release nor git provides it. */
export function revision(): string {
  shared.antamRevision ??= readRevision().slice(0, 12)
  return shared.antamRevision
}

/** Returns the version with its commit as build metadata of a semantic version: 1.2.0+0a1b2c3d4e5f. */
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

/** The names of the program's migrations; the database must have all of them. */
export const expectedMigrations: readonly string[] = existsSync(MIGRATIONS)
  ? readdirSync(MIGRATIONS)
      .filter((name) => /^\d/.test(name))
      .sort()
  : []
