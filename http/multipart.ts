import '#server-only'
import { createHash } from 'node:crypto'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as WebStream } from 'node:stream/web'
import busboy from 'busboy'
import { err, ok, type Result } from '#lib/result.ts'

/** Sizes in bytes. */
export interface FormLimits {
  readonly fileField: string
  readonly files: number
  readonly fileBytes: number
  readonly fields: number
  readonly fieldBytes: number
  /** The whole body, with its multipart envelope. */
  readonly bodyBytes: number
}

export interface IncomingFile {
  /** The browser's name for the file. Not trusted, and never part of a path. */
  readonly fileName: string
  /** The fields of the form before this file. */
  readonly fields: ReadonlyMap<string, string>
  /** Must be read to its end or destroyed. It ends early, without an error, one byte over the limit. */
  readonly content: Readable
  /** Known after `content` has ended. `whole` is false for a file over the limit. */
  readonly seen: () => {
    readonly bytes: number
    readonly sha256: Buffer<ArrayBuffer>
    readonly whole: boolean
  }
  /** Aborts when the browser disconnects or the form is broken. */
  readonly signal: AbortSignal
}

export interface IncomingForm<T> {
  readonly fields: ReadonlyMap<string, string>
  /** One result for each chosen file, in order. */
  readonly files: readonly T[]
  /** There were more files than the limit; the excess is not in `files`. */
  readonly tooManyFiles: boolean
}

/**
 * Reads a multipart form as a stream, one file at a time, so that memory does not grow with the files. `receive` stores one
 * file and returns a result. If the form turns out broken, `discard` gets all received results. An empty file input is no file. `interrupted`: the connection
 * broke, or the body is not a form.
 */
export async function readMultipart<T>(
  request: Request,
  limits: FormLimits,
  receive: (file: IncomingFile) => Promise<T>,
  discard: (received: readonly T[]) => Promise<void>,
): Promise<Result<IncomingForm<T>, 'too_large' | 'interrupted'>> {
  // Node discards the unread rest of a body, so that the browser receives the answer.
  if (Number(request.headers.get('content-length')) > limits.bodyBytes) return err('too_large')
  const received: T[] = []
  try {
    return ok(await parse(request, limits, receive, received))
  } catch (error) {
    await discard(received)
    if (error instanceof TooLarge) return err('too_large')
    if (error instanceof Failed) throw error.cause
    return err('interrupted')
  }
}

class TooLarge extends Error {}
/** A failure of our own storage, as opposed to a broken form. */
class Failed extends Error {}

async function parse<T>(
  request: Request,
  limits: FormLimits,
  receive: (file: IncomingFile) => Promise<T>,
  received: T[],
): Promise<IncomingForm<T>> {
  const fields = new Map<string, string>()
  let tooManyFiles = false
  const parser = busboy({
    headers: Object.fromEntries(request.headers),
    defParamCharset: 'utf8',
    preservePath: true,
    limits: {
      files: limits.files,
      fileSize: limits.fileBytes + 1,
      fields: limits.fields,
      fieldSize: limits.fieldBytes,
    },
  })
  const broken = new AbortController()
  const signal = AbortSignal.any([request.signal, broken.signal])
  // Files arrive one after another on one stream, so each waits for the previous one.
  let storing: Promise<void> = Promise.resolve()

  parser.on('field', (name, value, info) => {
    if (info.valueTruncated) parser.destroy(new TooLarge())
    fields.set(name ?? '', value)
  })
  parser.on('fieldsLimit', () => parser.destroy(new TooLarge()))
  parser.on('filesLimit', () => {
    tooManyFiles = true
  })
  parser.on('file', (name, stream, { filename }) => {
    // An empty file input sends a part without a file name.
    if (name !== limits.fileField || filename === undefined) {
      stream.resume()
      return
    }
    const file = { ...incoming(filename, stream, limits.fileBytes, signal), fields }
    storing = storing.then(async () => {
      try {
        received.push(await receive(file))
      } catch (error) {
        throw signal.aborted || stream.errored ? error : new Failed('', { cause: error })
      }
    })
    // `await storing` below throws this error too, but the parser must not wait for a file that is no longer read.
    storing.catch((error: unknown) => parser.destroy(error as Error))
  })

  try {
    await pipeline(bodyOf(request), counted(limits.bodyBytes), parser, { signal: request.signal })
  } catch (error) {
    broken.abort()
    // A file that is being stored removes itself before the others are discarded.
    await storing.catch(() => {})
    throw error
  }
  await storing
  return { fields, files: received, tooManyFiles }
}

const bodyOf = (request: Request): Readable =>
  request.body ? Readable.fromWeb(request.body as WebStream) : Readable.from([])

function counted(limit: number): Transform {
  let bytes = 0
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      if (bytes > limit) done(new TooLarge())
      else done(null, chunk)
    },
  })
}

function incoming(
  fileName: string,
  stream: Readable,
  limit: number,
  signal: AbortSignal,
): Omit<IncomingFile, 'fields'> {
  const hash = createHash('sha256')
  let bytes = 0
  const content = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length
      hash.update(chunk)
      done(null, chunk)
    },
  })
  stream.on('error', (error) => content.destroy(error))
  content.on('error', () => {})
  stream.pipe(content)
  // A reader that stops early must not block the rest of the form. (After `pipe`, which pauses on close.)
  content.on('close', () => stream.resume())
  return {
    fileName,
    content,
    seen: () => ({ bytes, sha256: hash.copy().digest(), whole: bytes <= limit }),
    signal,
  }
}

/** Reads a small file whole, for {@link readMultipart}; null if it is over the limit. */
export async function wholeFile({ content, seen }: IncomingFile): Promise<Uint8Array | null> {
  const pieces = await content.toArray()
  return seen().whole ? Buffer.concat(pieces) : null
}
