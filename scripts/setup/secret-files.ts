import { randomBytes, randomUUID } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { SECRETS } from '#platform/env-schema.ts'
import { verifierOf } from '../signing-key.ts'

/** Secrets that are merely random; the others come from a database, a mail server, a provider. */
const MADE: readonly string[] = [
  'ANTAM_KEY',
  'ANTAM_INDEX_KEY',
  'ANTAM_HASH_KEY',
  'ANTAM_EXCHANGE_KEY',
  'ANTAM_PUSH_KEY',
  'NEXTAUTH_SECRET',
]
const [SIGNING, VERIFYING] = ['ANTAM_AUDIT_KEY', 'ANTAM_AUDIT_PUBLIC_KEY'] as const

/** Writes a line into a new file atomically: it is on the disk as a whole, or not at all. */
function writeOnce(file: string, text: string, mode: number): void {
  const unfinished = `${file}.${randomUUID()}`
  const handle = openSync(unfinished, 'wx', mode)
  try {
    writeSync(handle, `${text}\n`)
    fsyncSync(handle)
    // Unlike a rename, a link fails if the file exists.
    linkSync(unfinished, file)
  } finally {
    closeSync(handle)
    rmSync(unfinished)
  }
}

/** Sets `NAME_FILE` for secrets that lie in a folder under their own names and are given in no other way. */
export function takeFromFolder(env: NodeJS.ProcessEnv, folder: string): void {
  for (const name of SECRETS) {
    const file = join(resolve(folder), name)
    if (!env[name] && !env[`${name}_FILE`] && existsSync(file)) env[`${name}_FILE`] = file
  }
}

interface Making {
  /** The folder for the missing secrets; null to make only the audit log's pair of keys, in `auditFolder`. */
  readonly folder: string | null
  readonly auditFolder: string
  /** Names of the keys that the database was used with: a new one in their place could decrypt nothing. */
  readonly known: ReadonlySet<string>
}

/** The files of the created secrets, or why none may be created. */
export interface Made {
  readonly files: readonly string[]
  readonly faults: readonly string[]
}

const has = (env: NodeJS.ProcessEnv, name: string): boolean => Boolean(env[name] || env[`${name}_FILE`])

/**
 * Creates the secrets missing in `env`, a file each (0600), and sets their variables. Existing files are never
 * overwritten, and nothing is created if the database was used with another key.
 */
export function makeMissing(env: NodeJS.ProcessEnv, { folder, auditFolder, known }: Making): Made {
  const auditLacks = !has(env, SIGNING) && !has(env, VERIFYING)
  const missing = [
    ...(folder === null ? [] : MADE.filter((name) => !has(env, name))),
    ...(auditLacks ? [SIGNING] : []),
  ]
  const faults = missing
    .filter((name) => known.has(name))
    .map(
      (name) =>
        `${name}: this database was used with one. Give that one; if it is lost: npm run keys:accept (docs/operations/configuration.md, "Secrets")`,
    )
  if (faults.length > 0) return { files: [], faults }
  const files: string[] = []
  const make = (name: string, text: string, mode: number) => {
    const into = resolve(folder ?? auditFolder)
    mkdirSync(into, { recursive: true, mode: 0o700 })
    const file = join(into, name)
    writeOnce(file, text, mode)
    env[`${name}_FILE`] = file
    files.push(file)
  }
  for (const name of missing) make(name, randomBytes(32).toString('base64'), 0o600)
  // Also when only the private half existed: web servers get this file, and never the other.
  if (has(env, SIGNING) && !has(env, VERIFYING) && (folder !== null || auditLacks)) {
    const seed = env[SIGNING] || readFileSync(env[`${SIGNING}_FILE`] ?? '', 'utf8')
    make(VERIFYING, verifierOf(Buffer.from(seed.trim(), 'base64'), env.AUDIT_ORIGIN || undefined), 0o644)
  }
  return { files, faults: [] }
}
