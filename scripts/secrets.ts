import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { LOG_NAME } from '#features/audit/sealing/rules.ts'

const SECRETS = z.object({
  ANTAM_KEY: z.string(),
  ANTAM_INDEX_KEY: z.string(),
  ANTAM_HASH_KEY: z.string(),
  /** Older installations get these at their next start. */
  ANTAM_AUDIT_KEY: z.string().optional(),
  ANTAM_EXCHANGE_KEY: z.string().optional(),
  ANTAM_PUSH_KEY: z.string().optional(),
  /** The audit log's name; a log from before names were introduced keeps the shared default. */
  AUDIT_ORIGIN: z.string().optional(),
  NEXTAUTH_SECRET: z.string(),
  database: z.object({ superuser: z.string(), owner: z.string(), application: z.string() }),
})

export type Secrets = Readonly<Required<z.output<typeof SECRETS>>>

const key = () => randomBytes(32).toString('base64')

function make(): Secrets {
  const password = () => randomBytes(24).toString('base64url')
  return {
    ANTAM_KEY: key(),
    ANTAM_INDEX_KEY: key(),
    ANTAM_HASH_KEY: key(),
    ANTAM_AUDIT_KEY: key(),
    ANTAM_EXCHANGE_KEY: key(),
    ANTAM_PUSH_KEY: key(),
    AUDIT_ORIGIN: `localhost/${randomBytes(8).toString('hex')}/log`,
    NEXTAUTH_SECRET: key(),
    database: { superuser: password(), owner: password(), application: password() },
  }
}

/** Returns the embedded installation's own secrets from `DATA_DIR/secrets.json` (0600), creating them the first time. */
export function secrets(dataDir: string): Secrets {
  const file = join(dataDir, 'secrets.json')
  if (existsSync(file)) {
    const parsed = SECRETS.safeParse(JSON.parse(readFileSync(file, 'utf8')))
    if (!parsed.success)
      throw new Error(`${file} is damaged: restore it; without it nothing stored can be read.`)
    const { data } = parsed
    const { ANTAM_AUDIT_KEY = key(), ANTAM_EXCHANGE_KEY = key(), ANTAM_PUSH_KEY = key() } = data
    const { AUDIT_ORIGIN = LOG_NAME } = data
    const whole = { ...data, ANTAM_AUDIT_KEY, ANTAM_EXCHANGE_KEY, ANTAM_PUSH_KEY, AUDIT_ORIGIN }
    return Object.keys(whole).length === Object.keys(data).length ? whole : keep(file, whole)
  }
  if (existsSync(join(dataDir, 'postgres'))) {
    throw new Error(
      `${file} is missing, but ${dataDir} has data that needs it: restore it, or remove ${dataDir}.`,
    )
  }
  return keep(file, make())
}

function keep(file: string, made: Secrets): Secrets {
  // Renamed into place, so that a half-written file is never taken for the real one.
  writeFileSync(`${file}.new`, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
  return made
}
