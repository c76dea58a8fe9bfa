import '#server-only'
import { randomUUID } from 'node:crypto'
import { link, mkdir, open, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { env } from '#platform/env.ts'
import { readErasureFile } from './erasures/rules.ts'
import {
  type CheckpointName,
  readCheckpointFile,
  readResumptionFile,
  VERIFIER_FILE,
} from './sealing/rules.ts'

/** Returns a directory that people who can write to the database should not be able to write to. */
export const checkpointDirectory = (): string => env().AUDIT_DIR ?? join(env().DATA_DIR, 'checkpoints')

export interface Folder {
  readonly there: boolean
  /** The public key of the checkpoints, as one line; null if the folder has none. */
  readonly verifier: string | null
  readonly checkpoints: readonly CheckpointName[]
  readonly resumptions: readonly number[]
}

export async function readFolder(): Promise<Folder> {
  const names = await orNull(readdir(/* turbopackIgnore: true */ checkpointDirectory()))
  const verifier = await orNull(readFile(join(checkpointDirectory(), VERIFIER_FILE), 'utf8'))
  return {
    there: names !== null,
    verifier: verifier?.trim() ?? null,
    checkpoints: (names ?? []).flatMap((name) => readCheckpointFile(name) ?? []),
    resumptions: (names ?? []).flatMap((name) => readResumptionFile(name) ?? []),
  }
}

/** @param name as returned by `readFolder` or `erasureNotes` */
export const readKept = (name: string): Promise<string> => readFile(join(checkpointDirectory(), name), 'utf8')

export async function erasureNotes(since: Date | null): Promise<string[]> {
  const names = (await orNull(readdir(/* turbopackIgnore: true */ checkpointDirectory()))) ?? []
  return names
    .filter((name) => {
      const at = readErasureFile(name)
      return at !== null && (since === null || at >= since)
    })
    .sort()
}

/** Replaces the log's name or key. The former line stays in a file of its own, named by the new history. */
export async function replaceVerifier(before: string, next: string, history: number): Promise<void> {
  const directory = checkpointDirectory()
  const file = join(directory, VERIFIER_FILE)
  const there = await orNull(readFile(file, 'utf8'))
  if (there?.trim() === next) return
  if (there?.trim() !== before) throw new Error(`${file} names neither the log's key before nor the next one`)
  await keep(directory, `${VERIFIER_FILE}-before-${history}`, `${before}\n`)
  await rm(file)
  await keep(directory, VERIFIER_FILE, `${next}\n`)
}

/** Writes a signed note outside the database, beside the checkpoints, permanently. Safe to repeat. */
export async function keepNote(name: string, note: string, verifier: string): Promise<void> {
  const directory = checkpointDirectory()
  await mkdir(directory, { recursive: true, mode: 0o755 })
  await keep(directory, VERIFIER_FILE, `${verifier}\n`)
  await keep(directory, name, note)
}

const orNull = <T>(reading: Promise<T>): Promise<T | null> =>
  reading.catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })

/** Writes a file at once as a whole, and never replaces another. If the name is taken, throws unless the text is the same. */
async function keep(directory: string, name: string, text: string): Promise<void> {
  const target = join(directory, name)
  if (await says(target, text)) return
  const half = join(/* turbopackIgnore: true */ directory, `.${name}.${randomUUID()}`)
  try {
    const file = await open(/* turbopackIgnore: true */ half, 'wx', 0o644)
    await file
      .writeFile(text)
      .then(() => file.sync())
      .finally(() => file.close())
    // Unlike a rename, a link replaces no file: another process may have written the same one meanwhile.
    await link(half, target).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST' || !(await says(target, text))) throw error
    })
  } finally {
    await rm(half, { force: true })
  }
  const folder = await open(directory, 'r')
  await folder.sync().finally(() => folder.close())
}

/** Checks whether a file exists with this text; throws if it has another. */
async function says(target: string, text: string): Promise<boolean> {
  const there = await orNull(readFile(target, 'utf8'))
  if (there !== null && there !== text) throw new Error(`${target} is there already and says something else`)
  return there !== null
}
