import { createHash, type Hash } from 'node:crypto'
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'

/** The version of this format; another number needs another version of the code. */
export const FORMAT = 1

const file = { bytes: z.number(), sha256: z.string().regex(/^[0-9a-f]{64}$/) }

const MANIFEST = z.object({
  format: z.literal(FORMAT),
  /** The start of the backup in UTC; also the name of its folder. */
  name: z.string().regex(/^\d{8}T\d{6}Z$/),
  version: z.string(),
  installation: z.uuid(),
  begunAt: z.iso.datetime(),
  snapshotAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  postgres: z.string(),
  /** The schema: the applied migrations with their checksums, and the version of the queues' schema. */
  migrations: z.array(z.object({ name: z.string(), checksum: z.string() })),
  queues: z.number(),
  /** The newest sealed head of the audit log; null before the first sealing. */
  log: z.object({ size: z.number(), note: z.string() }).nullable(),
  /** The check values of the keys that the database needs, never the keys themselves. */
  keys: z.array(
    z.object({
      name: z.string(),
      version: z.number(),
      fingerprint: z.string(),
      used: z.boolean(),
      retired: z.boolean(),
    }),
  ),
  tables: z.array(
    z.object({ name: z.string(), columns: z.array(z.string()), rows: z.number(), file: z.string(), ...file }),
  ),
  sequences: z.array(z.object({ name: z.string(), value: z.string(), called: z.boolean() })),
  /**
   * `missing`: files that the database refers to and the store did not have. `gone`: files whose rows were deleted
   * meanwhile too.
   */
  evidence: z.object({
    files: z.number(),
    bytes: z.number(),
    copied: z.number(),
    list: z.object(file),
    missing: z.array(z.string()),
    gone: z.array(z.string()),
  }),
  reports: z.object({
    files: z.number(),
    bytes: z.number(),
    list: z.object(file),
    missing: z.array(z.string()),
  }),
  checkpoints: z.object({ files: z.number(), erasures: z.number() }),
})
export type Manifest = z.output<typeof MANIFEST>

/** Names in the folder of backups: first the shared ones, then those inside each backup. */
export const SHARED = {
  evidence: 'evidence',
  reports: 'reports',
  checkpoints: 'checkpoints',
  mark: 'installation-id',
}
export const OWN = {
  manifest: 'manifest.json',
  database: 'database',
  evidence: 'evidence.list',
  reports: 'reports.list',
}

/** Returns the complete backups in a folder, oldest first. */
export function backupsIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => /^\d{8}T\d{6}Z$/.test(name) && existsSync(join(folder, name, OWN.manifest)))
    .sort()
}

/** Returns the backup at a path: the path itself, or the newest backup in it. */
export function backupAt(path: string): { readonly folder: string; readonly name: string } {
  if (existsSync(join(path, OWN.manifest))) {
    const name = path.replace(/\/+$/, '').split('/').at(-1) ?? ''
    return { folder: join(path, '..'), name }
  }
  const name = backupsIn(path).at(-1)
  if (name === undefined) throw new Error(`${path} is no backup and has none that is complete.`)
  return { folder: path, name }
}

export function readManifest(folder: string, name: string): Manifest {
  const path = join(folder, name, OWN.manifest)
  const parsed = MANIFEST.safeParse(JSON.parse(readFileSync(path, 'utf8')))
  if (!parsed.success) throw new Error(`${path} is not of this version: ${z.prettifyError(parsed.error)}`)
  return parsed.data
}

export class Measured {
  readonly #hash: Hash = createHash('sha256')
  bytes = 0

  async *through(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of source) {
      this.bytes += chunk.length
      this.#hash.update(chunk)
      yield chunk
    }
  }

  sha256(): string {
    return this.#hash.copy().digest('hex')
  }
}

export async function measure(
  source: Readable,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const measured = new Measured()
  await pipeline(
    source,
    (chunks: AsyncIterable<Buffer>) => measured.through(chunks),
    async (chunks) => {
      for await (const _ of chunks) {
        // Reads only to compute the hash.
      }
    },
  )
  return { bytes: measured.bytes, sha256: measured.sha256() }
}

export const measureFile = (path: string) => measure(createReadStream(path))
