import { createHash, createHmac, randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { SignatureV4 } from '@smithy/signature-v4'

/**
 * A small in-memory S3 on loopback. It has the operations that the product uses, and refuses what S3 refuses
 * (signatures, checksums, sizes of parts, conditions). It can also simulate the faults of a network and a
 * service. The same tests also run against another vendor's server (S3_TEST_URL).
 */
export interface S3Server {
  readonly url: string
  readonly objects: Map<string, { readonly body: Buffer; readonly etag: string; readonly at: Date }>
  /** Uploads that were neither completed nor aborted, by their id. */
  readonly uploads: Map<string, Upload>
  /** The requested operations in order, whether or not they succeeded. */
  readonly asked: Operation[]
  /** Makes the next `times` requests of an operation fail. */
  fail(operation: Operation, fault: Fault, times?: number): void
  mend(): void
  /** `false` refuses connections, like a server that is down; `true` brings it back at the same address. */
  listen(there: boolean): Promise<void>
  close(): Promise<void>
}

interface Upload {
  readonly key: string
  readonly parts: Map<number, { readonly body: Buffer; readonly etag: string }>
}

/**
 * A number: S3's own error with this status. `cut-request`: the connection ends in the middle of the request.
 * `cut-answer`: the connection ends in the middle of the answer. `lose-answer`: the request is carried out, but
 * its answer is lost. `slow`: the answer is late by this many milliseconds.
 */
export type Fault = 403 | 500 | 503 | 'cut-request' | 'cut-answer' | 'lose-answer' | { readonly slow: number }

export type Operation =
  | 'PutObject'
  | 'GetObject'
  | 'HeadObject'
  | 'DeleteObject'
  | 'CreateMultipartUpload'
  | 'UploadPart'
  | 'CompleteMultipartUpload'
  | 'AbortMultipartUpload'
  | 'ListObjectsV2'
  | 'ListMultipartUploads'

export const S3_KEYS = { accessKeyId: 'AKIATEST', secretAccessKey: 'not-a-secret-of-anybody' }
const REGION = 'us-east-1'
const MIN_PART = 5 * 1024 * 1024

class Refusal extends Error {
  readonly status: number
  readonly code: string
  constructor(status: number, code: string) {
    super(code)
    this.status = status
    this.code = code
  }
}

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes)
const etagOf = (body: Buffer) => `"${createHash('md5').update(body).digest('hex')}"`

/** SHA-256 with the interface that the library's signer expects. */
class NodeSha256 {
  readonly #hash
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash =
      secret === undefined ? createHash('sha256') : createHmac('sha256', Buffer.from(secret as Uint8Array))
  }
  update(data: Uint8Array | string) {
    this.#hash.update(data)
  }
  async digest() {
    return new Uint8Array(this.#hash.digest())
  }
}

const signer = new SignatureV4({
  service: 's3',
  region: REGION,
  credentials: S3_KEYS,
  sha256: NodeSha256 as never,
  uriEscapePath: false,
  applyChecksum: false,
})

/** Signs the request as the library does, and compares. A signature that S3 would refuse is refused here too. */
async function proveSignature(request: IncomingMessage, url: URL, body: Buffer): Promise<void> {
  const given = String(request.headers.authorization)
  const names = /SignedHeaders=([^,]+)/.exec(given)?.[1]?.split(';') ?? []
  const headers = Object.fromEntries(names.map((name) => [name, String(request.headers[name] ?? '')]))
  const [, y, mo, d, h, mi, s] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(headers['x-amz-date'] ?? '') ?? []
  const signed = await signer.sign(
    {
      method: request.method ?? '',
      protocol: 'http:',
      hostname: String(request.headers.host).split(':')[0] ?? '',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers,
    },
    { signingDate: new Date(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`) },
  )
  if (signed.headers.authorization !== given) throw new Refusal(403, 'SignatureDoesNotMatch')
  const hash = headers['x-amz-content-sha256']
  if (hash !== 'UNSIGNED-PAYLOAD' && hash !== sha256(body).digest('hex'))
    throw new Refusal(400, 'XAmzContentSHA256Mismatch')
}

function operationOf(method: string, key: string, query: URLSearchParams): Operation {
  if (key === '') return query.has('uploads') ? 'ListMultipartUploads' : 'ListObjectsV2'
  const upload = query.has('uploadId')
  const named = {
    GET: 'GetObject',
    HEAD: 'HeadObject',
    PUT: upload ? 'UploadPart' : 'PutObject',
    POST: upload ? 'CompleteMultipartUpload' : 'CreateMultipartUpload',
    DELETE: upload ? 'AbortMultipartUpload' : 'DeleteObject',
  } as const
  return named[method as keyof typeof named]
}

const xml = (name: string, content: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content}</${name}>`

interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer | string
}

export async function startS3(bucket = 'an-tam'): Promise<S3Server> {
  const objects: S3Server['objects'] = new Map()
  const uploads: S3Server['uploads'] = new Map()
  const asked: Operation[] = []
  const faults: { operation: Operation; fault: Fault; times: number }[] = []

  function nextFault(operation: Operation): Fault | null {
    const found = faults.find((one) => one.operation === operation && one.times > 0)
    if (!found) return null
    found.times--
    return found.fault
  }

  const store = (key: string, body: Buffer, request: IncomingMessage, etag = etagOf(body)): string => {
    if (request.headers['if-none-match'] === '*' && objects.has(key))
      throw new Refusal(412, 'PreconditionFailed')
    objects.set(key, { body, etag, at: new Date() })
    return etag
  }

  function proven(request: IncomingMessage, body: Buffer): string {
    const claimed = request.headers['x-amz-checksum-sha256']
    // The product always sends a checksum. S3 itself accepts a body without one.
    if (!claimed) throw new Refusal(400, 'MissingChecksum')
    const real = sha256(body).digest('base64')
    if (claimed !== real) throw new Refusal(400, 'BadDigest')
    return real
  }

  function uploadOf(query: URLSearchParams, key: string): Upload {
    const upload = uploads.get(query.get('uploadId') ?? '')
    if (upload?.key !== key) throw new Refusal(404, 'NoSuchUpload')
    return upload
  }

  function complete(request: IncomingMessage, upload: Upload, body: string): Answer {
    const wanted = [...body.matchAll(/<PartNumber>(\d+)<\/PartNumber>/g)].map(([, n]) => Number(n))
    const etags = [...body.matchAll(/<ETag>(?:"|&quot;)?([0-9a-f]+)(?:"|&quot;)?<\/ETag>/g)].map(
      ([, e]) => `"${e}"`,
    )
    const parts = wanted.map((n, at) => {
      const part = upload.parts.get(n)
      if (!part || part.etag !== etags[at]) throw new Refusal(400, 'InvalidPart')
      return part.body
    })
    if (parts.slice(0, -1).some((part) => part.length < MIN_PART)) throw new Refusal(400, 'EntityTooSmall')
    const whole = Buffer.concat(parts)
    const etag = store(upload.key, whole, request, `"${randomUUID().replaceAll('-', '')}-${parts.length}"`)
    return { status: 200, body: xml('CompleteMultipartUploadResult', `<ETag>${etag}</ETag>`) }
  }

  function read(request: IncomingMessage, key: string): Answer {
    const object = objects.get(key)
    if (!object) throw new Refusal(404, 'NoSuchKey')
    if (request.headers['if-match'] && request.headers['if-match'] !== object.etag)
      throw new Refusal(412, 'PreconditionFailed')
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
    if (from > 0 && from >= object.body.length) throw new Refusal(416, 'InvalidRange')
    const body = object.body.subarray(from)
    return {
      status: from > 0 ? 206 : 200,
      headers: { etag: object.etag, 'last-modified': object.at.toUTCString() },
      body,
    }
  }

  function list(query: URLSearchParams): Answer {
    const [prefix, after, most] = [query.get('prefix') ?? '', query.get('start-after') ?? '', 1000]
    const keys = [...objects.keys()].filter((key) => key.startsWith(prefix) && key > after).toSorted()
    const contents = keys
      .slice(0, most)
      .map((key) => {
        const { body, at } = objects.get(key) as { body: Buffer; at: Date }
        return `<Contents><Key>${key}</Key><Size>${body.length}</Size><LastModified>${at.toISOString()}</LastModified></Contents>`
      })
      .join('')
    return {
      status: 200,
      body: xml('ListBucketResult', `<IsTruncated>${keys.length > most}</IsTruncated>${contents}`),
    }
  }

  function perform(
    operation: Operation,
    request: IncomingMessage,
    key: string,
    query: URLSearchParams,
    body: Buffer,
  ): Answer {
    switch (operation) {
      case 'PutObject': {
        const checksum = proven(request, body)
        return {
          status: 200,
          headers: { etag: store(key, body, request), 'x-amz-checksum-sha256': checksum },
        }
      }
      case 'GetObject':
      case 'HeadObject':
        return read(request, key)
      case 'DeleteObject':
        objects.delete(key)
        return { status: 204 }
      case 'CreateMultipartUpload': {
        const id = randomUUID()
        uploads.set(id, { key, parts: new Map() })
        return { status: 200, body: xml('InitiateMultipartUploadResult', `<UploadId>${id}</UploadId>`) }
      }
      case 'UploadPart': {
        const upload = uploadOf(query, key)
        const checksum = proven(request, body)
        const etag = etagOf(body)
        upload.parts.set(Number(query.get('partNumber')), { body, etag })
        return { status: 200, headers: { etag, 'x-amz-checksum-sha256': checksum } }
      }
      case 'CompleteMultipartUpload': {
        const answer = complete(request, uploadOf(query, key), body.toString())
        uploads.delete(query.get('uploadId') ?? '')
        return answer
      }
      case 'AbortMultipartUpload':
        uploadOf(query, key)
        uploads.delete(query.get('uploadId') ?? '')
        return { status: 204 }
      case 'ListObjectsV2':
        return list(query)
      case 'ListMultipartUploads': {
        const found = [...uploads].filter(([, upload]) => upload.key.startsWith(query.get('prefix') ?? ''))
        const content = found.map(
          ([id, upload]) => `<Upload><Key>${upload.key}</Key><UploadId>${id}</UploadId></Upload>`,
        )
        return { status: 200, body: xml('ListMultipartUploadsResult', content.join('')) }
      }
    }
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '', 'http://127.0.0.1')
    const [, named = '', ...rest] = url.pathname.split('/')
    const key = decodeURIComponent(rest.join('/'))
    const operation = operationOf(request.method ?? '', key, url.searchParams)
    asked.push(operation)
    const fault = nextFault(operation)
    if (fault === 'cut-request') {
      request.once('data', () => request.socket.destroy())
      if (request.method === 'GET' || request.method === 'HEAD') request.socket.destroy()
      return
    }
    const body = await buffer(request)
    if (typeof fault === 'object' && fault) await sleep(fault.slow)
    const answer = await Promise.try(async (): Promise<Answer> => {
      await proveSignature(request, url, body)
      if (named !== bucket) throw new Refusal(404, 'NoSuchBucket')
      if (fault === 403) throw new Refusal(403, 'AccessDenied')
      if (fault === 500) throw new Refusal(500, 'InternalError')
      if (fault === 503) throw new Refusal(503, 'SlowDown')
      return perform(operation, request, key, url.searchParams, body)
    }).catch((error: unknown): Answer => {
      if (!(error instanceof Refusal)) throw error
      return { status: error.status, body: xml('Error', `<Code>${error.code}</Code><Message>no</Message>`) }
    })
    if (fault === 'lose-answer') {
      request.socket.destroy()
      return
    }
    const content = Buffer.from(answer.body ?? '')
    response.writeHead(answer.status, { ...answer.headers, 'content-length': content.length })
    if (fault === 'cut-answer') {
      response.write(content.subarray(0, Math.floor(content.length / 2)), () => request.socket.destroy())
      return
    }
    response.end(request.method === 'HEAD' ? undefined : content)
  }

  const handle = (request: IncomingMessage, response: ServerResponse) =>
    void serve(request, response).catch(() => request.socket.destroy())
  let server = createServer(handle)
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  const { port } = server.address() as AddressInfo
  const close = async () => {
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
  }
  return {
    url: `s3://${bucket}?endpoint=http://127.0.0.1:${port}&region=${REGION}&forcePathStyle=true`,
    objects,
    uploads,
    asked,
    fail: (operation, fault, times = 1) => void faults.push({ operation, fault, times }),
    mend: () => void faults.splice(0),
    async listen(there) {
      await close().catch(() => {})
      if (!there) return
      server = createServer(handle)
      await new Promise<void>((ready) => server.listen(port, '127.0.0.1', ready))
    },
    close,
  }
}
