import '#server-only'
import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { checkpointFile, VERIFIER_FILE } from '#domain/audit/log.ts'
import { env } from '#server/platform/env.ts'

/** Where checkpoints lie: a place that who can write to the database should not be able to write to. */
const checkpointDirectory = (): string => env().AUDIT_DIR ?? join(env().DATA_DIR, 'checkpoints')

/** Writes a checkpoint outside the database, for good. The same one again is harmless. */
export async function keepCheckpoint(size: number, note: string, verifier: string): Promise<void> {
  const directory = checkpointDirectory()
  await mkdir(directory, { recursive: true, mode: 0o755 })
  await keep(directory, VERIFIER_FILE, `${verifier}\n`)
  await keep(directory, checkpointFile(size), note)
}

/** A file appears whole, and never in the place of another: two of one name say the same, or it fails. */
async function keep(directory: string, name: string, text: string): Promise<void> {
  const target = join(directory, name)
  if (await says(target, text)) return
  const half = join(directory, `.${name}.${randomUUID()}`)
  try {
    const file = await open(half, 'wx', 0o644)
    await file
      .writeFile(text)
      .then(() => file.sync())
      .finally(() => file.close())
    // Unlike a rename, a link takes nobody's place; somebody else may have written the same meanwhile.
    await link(half, target).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST' || !(await says(target, text))) throw error
    })
  } finally {
    await rm(half, { force: true })
  }
  const folder = await open(directory, 'r')
  await folder.sync().finally(() => folder.close())
}

/** Whether a file is there and says `text`; one that says something else is an error. */
async function says(target: string, text: string): Promise<boolean> {
  const there = await readFile(target, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (there !== null && there !== text) throw new Error(`${target} is there already and says something else`)
  return there !== null
}
