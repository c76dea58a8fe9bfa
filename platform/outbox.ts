import '#server-only'
import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { HOUR, type Instant } from '#lib/time.ts'
import { env } from './env.ts'

/**
 * Returns the folder for unfinished messages: beside the outbox, so that a reader of the outbox sees only complete messages,
 * and on the same disk, so that a rename can move them.
 */
const partialsOf = (outbox: string): string => `${outbox}-partial`

/**
 * Puts a message into the outbox, for systems without a gateway. It appears completely or not at all, even after a crash;
 * writing the same message again replaces its file. Names sort by the time of writing.
 */
export async function putInOutbox(
  id: string,
  at: Instant,
  extension: 'eml' | 'json',
  content: Uint8Array | string,
): Promise<void> {
  const outbox = await outboxDirectory()
  const name = `${at.toISOString().replace(/[-:.]/g, '')}-${id}.${extension}`
  const partial = join(partialsOf(outbox), `${name}.${randomBytes(6).toString('hex')}`)
  await writeDurably(partial, content)
  await rename(partial, join(outbox, name))
  // A rename is only durable after the directory is synced.
  const directory = await open(/* turbopackIgnore: true */ outbox, 'r')
  await directory.sync().finally(() => directory.close())
}

/** The names from `putInOutbox`: the time of writing and the id. */
const NAME = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-[\w-]+\.(eml|json)$/

/** Deletes messages written before `until`, and no other files. Returns their number. */
export async function clearOutbox(until: Instant): Promise<number> {
  const outbox = join(env().DATA_DIR, 'outbox')
  const names = await readdir(outbox).catch(() => [])
  let cleared = 0
  for (const name of names) {
    const written = name.replace(NAME, '$1-$2-$3T$4:$5:$6.$7Z')
    // Another worker may be deleting too.
    if (Date.parse(written) < until.getTime() && (await unlink(join(outbox, name)).then(yes, no))) cleared++
  }
  return cleared
}
const yes = () => true
const no = () => false

async function writeDurably(path: string, content: Uint8Array | string): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
}

let ready: Promise<string> | undefined

/** Returns the outbox's folder, and creates it if it is missing. */
export const outboxDirectory = (): Promise<string> => {
  ready ??= prepare(join(env().DATA_DIR, 'outbox')).catch((error) => {
    ready = undefined
    throw error
  })
  return ready
}

/** Creates the folder, and deletes unfinished messages of a killed process. */
async function prepare(outbox: string): Promise<string> {
  const partials = partialsOf(outbox)
  for (const path of [outbox, partials]) await mkdir(path, { recursive: true, mode: 0o700 })
  for (const name of await readdir(partials)) {
    const path = join(partials, name)
    const abandoned = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs > HOUR,
      () => false,
    )
    if (abandoned) await unlink(path).catch(() => {})
  }
  return outbox
}
