import '#server-only'
import { randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { env } from './env.ts'
import { askS3, isMissing } from './s3-client.ts'
import { type S3Address, storageAddress } from './storage-address.ts'

/** A store of public files, under readable paths, so that any web server can serve them directly. */
export interface PublicStore {
  /** Replaces a file, completely or not at all. A bucket stores the headers with it. */
  put(
    path: string,
    bytes: Uint8Array,
    headers: { readonly 'content-type': string; readonly 'cache-control': string },
  ): Promise<void>
  get(path: string): Promise<Uint8Array | null>
  remove(path: string): Promise<void>
  /** The store's place, for the operator. */
  readonly place: string
}

const PATH = /^[a-z0-9][a-z0-9.-]*(?:\/[a-z0-9][a-z0-9.-]*)*$/

function pathOf(path: string): string {
  if (!PATH.test(path)) throw new Error('not a path of a public file')
  return path
}

/** Returns the store of the audit log's files: `log` beside evidence and reports, on a disk or S3. */
export function logStore(): PublicStore {
  const { STORAGE_URL, DATA_DIR } = env()
  const address = storageAddress(STORAGE_URL ?? `file:${DATA_DIR}`)
  if (!address) throw new Error('STORAGE_URL is not right')
  return address.kind === 'file' ? onDisk(join(address.path, 'log')) : inBucket(address, 'log/')
}

const onDisk = (root: string): PublicStore => ({
  place: root,
  async put(path, bytes) {
    const target = join(root, pathOf(path))
    await mkdir(dirname(target), { recursive: true, mode: 0o755 })
    const half = `${target}.${randomUUID()}`
    try {
      const file = await open(/* turbopackIgnore: true */ half, 'wx', 0o644)
      await file
        .writeFile(bytes)
        .then(() => file.sync())
        .finally(() => file.close())
      await rename(half, target)
    } finally {
      await rm(half, { force: true })
    }
  },
  get: (path) =>
    readFile(join(/* turbopackIgnore: true */ root, pathOf(path))).catch((error: NodeJS.ErrnoException) => {
      // A parent of the path is a file.
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null
      throw error
    }),
  remove: (path) => rm(join(root, pathOf(path)), { force: true }),
})

function inBucket(address: S3Address, folder: string): PublicStore {
  const { bucket: Bucket, prefix, endpoint } = address
  const at = (path: string) => ({ Bucket, Key: `${prefix}${folder}${pathOf(path)}` })
  return {
    place: `s3://${Bucket}/${prefix}${folder}${endpoint ? ` at ${endpoint}` : ''}`,
    async put(path, bytes, headers) {
      const object = at(path)
      await askS3(address, 'PutObject', (client, { PutObjectCommand }) =>
        client.send(
          new PutObjectCommand({
            ...object,
            Body: bytes,
            ChecksumAlgorithm: 'SHA256',
            ContentLength: bytes.length,
            ContentType: headers['content-type'],
            CacheControl: headers['cache-control'],
          }),
        ),
      )
    },
    async get(path) {
      const object = at(path)
      return askS3(address, 'GetObject', async (client, { GetObjectCommand }) => {
        const { Body } = await client.send(new GetObjectCommand(object))
        return (await Body?.transformToByteArray()) ?? null
      }).catch((error) => {
        if (isMissing(error)) return null
        throw error
      })
    },
    async remove(path) {
      const object = at(path)
      await askS3(address, 'DeleteObject', (client, { DeleteObjectCommand }) =>
        client.send(new DeleteObjectCommand(object)),
      )
    },
  }
}
