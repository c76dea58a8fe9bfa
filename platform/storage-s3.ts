import '#server-only'
import { addAbortSignal, Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import type { CompletedPart, GetObjectCommandOutput, S3Client } from '@aws-sdk/client-s3'
import { askS3, away, isGone, isMissing, isS3Conflict, type Sdk } from './s3-client.ts'
import { type S3Address, storageName } from './storage-address.ts'
import { FileExists, isStorageKey, MissingFile, type Storage, storageKeyOf } from './storage-port.ts'

/** Bytes in memory at once: the minimum size of a part in a multipart upload. */
const PART_BYTES = 5 * 1024 * 1024
/** Number of consecutive resumptions of a read without another byte. */
const RESUMPTIONS = 3
/**
 * Returns a store in a bucket of S3 or a compatible service, in a folder below the address's prefix. A large file is uploaded
 * in parts, each verified on arrival by its SHA-256; an interrupted read is resumed. Only {@link Storage.list} and
 * {@link Storage.tidy} list objects.
 *
 * @throws Overloaded if S3 is away, too slow, refuses, or asks to slow down too often
 */
export function s3Storage(address: S3Address, folder: string): Storage {
  const { bucket: Bucket, prefix } = address
  const top = `${prefix}${folder}/`
  const at = (key: string) => ({ Bucket, Key: `${top}${storageKeyOf(key)}` })
  const named = (name: string) => ({ Bucket, Key: `${top}${name}` })

  const ask = <T>(
    operation: string,
    request: (client: S3Client, sdk: Sdk) => Promise<T>,
    signal?: AbortSignal,
  ): Promise<T> => askS3(address, operation, request, signal)

  const putWhole = (
    object: { readonly Bucket: string; readonly Key: string },
    Body: Buffer,
    onlyNew: boolean,
    signal?: AbortSignal,
  ) =>
    ask(
      'PutObject',
      (client, { PutObjectCommand }) =>
        client.send(
          new PutObjectCommand({
            ...object,
            Body,
            ContentLength: Body.length,
            ChecksumAlgorithm: 'SHA256',
            ...(onlyNew && { IfNoneMatch: '*' }),
          }),
          signal ? { abortSignal: signal } : {},
        ),
      signal,
    ).catch(conflictToFileExists)

  /** Uploads the parts with only one in memory at a time; after a failure no part remains. */
  async function putInParts(
    object: { readonly Bucket: string; readonly Key: string },
    parts: AsyncIterable<Buffer>,
    onlyNew: boolean,
    signal?: AbortSignal,
  ): Promise<void> {
    const { UploadId } = await ask(
      'CreateMultipartUpload',
      (client, { CreateMultipartUploadCommand }) =>
        client.send(
          new CreateMultipartUploadCommand({
            ...object,
            ChecksumAlgorithm: 'SHA256',
            ChecksumType: 'COMPOSITE',
          }),
        ),
      signal,
    )
    const upload = { ...object, UploadId }
    let bytes = 0
    try {
      const Parts: CompletedPart[] = []
      for await (const Body of parts) {
        const PartNumber = Parts.length + 1
        const { ETag, ChecksumSHA256 } = await ask(
          'UploadPart',
          (client, { UploadPartCommand }) =>
            client.send(
              new UploadPartCommand({
                ...upload,
                PartNumber,
                Body,
                ContentLength: Body.length,
                ChecksumAlgorithm: 'SHA256',
              }),
              signal ? { abortSignal: signal } : {},
            ),
          signal,
        )
        bytes += Body.length
        Parts.push({ PartNumber, ETag, ChecksumSHA256 })
      }
      await ask(
        'CompleteMultipartUpload',
        (client, { CompleteMultipartUploadCommand }) =>
          client.send(
            new CompleteMultipartUploadCommand({
              ...upload,
              MultipartUpload: { Parts },
              ...(onlyNew && { IfNoneMatch: '*' }),
            }),
          ),
        signal,
      ).catch(conflictToFileExists)
    } catch (error) {
      // If the answer to the last request was lost, the library's retry finds that the upload is already complete and gone.
      if (isGone(error) && (await sizeOf(object)) === bytes) return
      await abort(upload).catch(() => {})
      throw isGone(error) ? away('CompleteMultipartUpload', error) : error
    }
  }

  const abort = (upload: {
    readonly Bucket: string
    readonly Key: string
    readonly UploadId?: string | undefined
  }) =>
    ask('AbortMultipartUpload', (client, { AbortMultipartUploadCommand }) =>
      client.send(new AbortMultipartUploadCommand({ ...upload, UploadId: upload.UploadId })),
    )

  const sizeOf = (object: { readonly Bucket: string; readonly Key: string }): Promise<number | null> =>
    ask('HeadObject', async (client, { HeadObjectCommand }) => {
      const { ContentLength } = await client.send(new HeadObjectCommand(object))
      return ContentLength ?? null
    }).catch((error) => {
      if (isMissing(error)) return null
      throw error
    })

  /** Gets an object from a byte on, of the version with the ETag `IfMatch`. */
  const get = (object: { readonly Bucket: string; readonly Key: string }, from = 0, IfMatch?: string) =>
    ask('GetObject', (client, { GetObjectCommand }) =>
      client.send(
        new GetObjectCommand({
          ...object,
          ...(from > 0 && { Range: `bytes=${from}-` }),
          ...(IfMatch && { IfMatch }),
        }),
      ),
    )

  async function* reading(
    object: { readonly Bucket: string; readonly Key: string },
    first: GetObjectCommandOutput,
  ): AsyncGenerator<Buffer> {
    const bytes = first.ContentLength ?? 0
    let [got, failures, answer] = [0, 0, first]
    while (true) {
      const body = answer.Body as Readable
      const before = got
      try {
        for await (const chunk of body) {
          got += (chunk as Buffer).length
          yield chunk as Buffer
        }
        if (got >= bytes) return
        throw new Error('it ended early')
      } catch (error) {
        failures = got > before ? 0 : failures + 1
        if (failures === RESUMPTIONS) throw away('GetObject', error)
      } finally {
        body.destroy()
      }
      await sleep(failures * 200)
      answer = await get(object, got, first.ETag)
    }
  }

  async function readTop(name: string): Promise<string | null> {
    try {
      const object = named(name)
      return (await buffer(Readable.from(reading(object, await get(object))))).toString()
    } catch (error) {
      if (isMissing(error)) return null
      throw error
    }
  }

  const remove = (object: { readonly Bucket: string; readonly Key: string }) =>
    ask('DeleteObject', (client, { DeleteObjectCommand }) => client.send(new DeleteObjectCommand(object)))

  return {
    name: storageName(address),
    place: `s3://${Bucket}/${top}${address.endpoint ? ` at ${address.endpoint}` : ''}`,

    async put(key, content, { signal, onlyNew = false } = {}) {
      const object = at(key)
      if (signal) addAbortSignal(signal, content)
      const parts = inParts(content, PART_BYTES)
      try {
        const first = await parts.next()
        const second = first.done ? first : await parts.next()
        if (second.done) await putWhole(object, first.value ?? Buffer.alloc(0), onlyNew, signal)
        else await putInParts(object, chained([first.value as Buffer, second.value], parts), onlyNew, signal)
      } finally {
        content.destroy()
      }
    },

    async open(key) {
      const object = at(key)
      const first = await get(object).catch((error) => {
        throw isMissing(error) ? new MissingFile(key) : error
      })
      const content = Readable.from(reading(object, first), { objectMode: false })
      // If it is closed before it is read, `reading` never ran, and the answer would keep its connection for 23 s.
      return content.once('close', () => (first.Body as Readable).destroy())
    },

    size: async (key) => sizeOf(at(key)),

    async remove(key) {
      await remove(at(key))
    },

    async tidy(key) {
      const object = at(key)
      const { Uploads = [] } = await ask('ListMultipartUploads', (client, { ListMultipartUploadsCommand }) =>
        client.send(new ListMultipartUploadsCommand({ Bucket, Prefix: object.Key })),
      )
      for (const { Key, UploadId } of Uploads)
        if (Key === object.Key && UploadId) await abort({ ...object, UploadId })
    },

    async *list(after = '') {
      let StartAfter = `${top}${after}`
      while (true) {
        const { Contents = [], IsTruncated } = await ask(
          'ListObjectsV2',
          (client, { ListObjectsV2Command }) =>
            client.send(new ListObjectsV2Command({ Bucket, Prefix: top, StartAfter })),
        )
        for (const { Key = '', Size = 0, LastModified = new Date() } of Contents) {
          StartAfter = Key
          const key = Key.slice(top.length)
          if (isStorageKey(key)) yield { key, bytes: Size, at: LastModified }
        }
        if (!IsTruncated || Contents.length === 0) return
      }
    },

    installation: async () => (await readTop('installation-id'))?.trim() ?? null,
    async join(id, instead = false) {
      await putWhole(named('installation-id'), Buffer.from(`${id}\n`), !instead)
    },
    liveTokens: async () => (await readTop('live-token'))?.split('\n').filter((line) => line !== '') ?? [],
    async setLiveTokens(tokens) {
      await putWhole(named('live-token'), Buffer.from(`${tokens.join('\n')}\n`), false)
    },
  }
}

const conflictToFileExists = (error: unknown): never => {
  throw isS3Conflict(error) ? new FileExists() : error
}

async function* chained(first: readonly Buffer[], rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield* first
  yield* rest
}

/** Splits a stream into pieces of `size` bytes, the last of which is shorter; an empty stream gives one empty piece. */
async function* inParts(content: Readable, size: number): AsyncGenerator<Buffer, undefined> {
  let [held, bytes]: [Buffer[], number] = [[], 0]
  for await (const chunk of content) {
    let rest = Buffer.from(chunk)
    while (bytes + rest.length > size) {
      const taken = rest.subarray(0, size - bytes)
      yield Buffer.concat([...held, taken], size)
      rest = rest.subarray(taken.length)
      ;[held, bytes] = [[], 0]
    }
    held.push(rest)
    bytes += rest.length
  }
  yield Buffer.concat(held, bytes)
}
