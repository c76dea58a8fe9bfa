import { mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate } from '../../scripts/migrate.ts'
import { type Secrets, secrets } from '../../scripts/secrets.ts'
import { clocksCanBeWrong } from './kept.ts'
import type { Draw } from './seeded.ts'

/** The ground of every fault run, made before its processes start: a folder, a migrated database, the demo city. */
export interface Ground<Database> {
  readonly dataDir: string
  readonly database: Database
  readonly passwords: Secrets['database']
  readonly carrierKeys: ReadonlyMap<string, string>
}

interface Addresses {
  readonly DATABASE_URL: string
  readonly DATABASE_OWNER_URL: string
}

/** Makes a folder for a run. The database's system user must be able to traverse it. */
export function makeDataDir(): string {
  const dataDir = mkdtempSync(join(tmpdir(), 'antam-faults-'))
  mkdirSync(dataDir, { recursive: true, mode: 0o711 })
  return dataDir
}

/** Sets the environment variables that the product's modules read. Modules that use the database are imported only afterwards. */
export async function layGround<Database extends Addresses>(
  dataDir: string,
  start: (passwords: Secrets['database']) => Promise<Database>,
  env: Readonly<Record<string, string>>,
): Promise<Ground<Database>> {
  const { database: passwords, ...keys } = secrets(dataDir)
  const database = await start(passwords)
  const { DATABASE_URL, DATABASE_OWNER_URL } = database
  Object.assign(process.env, {
    ...keys,
    DATABASE_URL,
    DATA_DIR: dataDir,
    LIMIT_SCALE: '100000',
    // Faults cause warnings, so the log is off; the run examines how processes end. LOG_LEVEL=error shows the warnings anyway.
    LOG_LEVEL: process.env.LOG_LEVEL ?? 'silent',
    ...env,
  })
  await migrate(DATABASE_OWNER_URL, DATABASE_URL)
  const { db } = await import('#platform/db.ts')
  const { seedDemo } = await import('../../tools/demo-city/accounts.ts')
  await seedDemo(db, dataDir)
  // Every process does this when it starts. Cases are prepared before the first process starts, and their
  // proofs are in this store.
  const { checkInstallation } = await import('#features/installation/acts.ts')
  await checkInstallation(new Date())
  return { dataDir, database, passwords, carrierKeys: keysOf(dataDir) }
}

/** Draws a clock for each process that starts, until `setRight` is called. */
export class Clocks {
  readonly #draw: Draw
  readonly #wrong: readonly string[]
  #right = !clocksCanBeWrong
  /** Number of processes that started with a wrong clock. */
  wrong = 0

  constructor(draw: Draw, wrong: readonly string[]) {
    this.#draw = draw
    this.#wrong = wrong
  }

  readonly next = (): string => {
    const drawn = this.#right ? '' : this.#draw.oneOf(this.#wrong)
    if (drawn !== '') this.wrong++
    return drawn
  }

  setRight(): void {
    this.#right = true
  }
}

/** Returns the environment of the carriers. They know their keys and the public interface, and nothing of the authority. */
export const carrierEnv = (
  dataDir: string,
  keys: Iterable<readonly [carrier: string, key: string]>,
): NodeJS.ProcessEnv => ({
  NODE_ENV: 'production',
  PATH: process.env.PATH,
  DATA_DIR: dataDir,
  CARRIER_KEYS: [...keys].map(([name, key]) => `${name}=${key}`).join(','),
})

export function keysOf(dataDir: string): Map<string, string> {
  const accounts = JSON.parse(readFileSync(join(dataDir, 'demo-accounts.json'), 'utf8')) as {
    readonly carrier?: string
    readonly apiKey?: string
  }[]
  return new Map(
    accounts.flatMap(({ carrier, apiKey }) => (carrier && apiKey ? [[carrier, apiKey] as const] : [])),
  )
}
