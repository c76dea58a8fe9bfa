import '#server-only'
import { createHash } from 'node:crypto'
import { Readable, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream as WebStream } from 'node:stream/web'
import busboy from 'busboy'
import { err, ok, type Result } from '#lib/result.ts'

/** The limits of a form. Sizes in bytes. */
export interface FormLimits {
  readonly fileField: string
  readonly files: number
  readonly fileBytes: number
  readonly fields: number
  readonly fieldBytes: number
  /** The whole body, envelope included. */
  readonly bodyBytes: number
}

export interface IncomingFile {
  /** As the browser named it: not to be believed, and never part of a path. */
  readonly fileName: string
  /** Those of the form that came before it. */
  readonly fields: ReadonlyMap<string, string>
  /** Must be read to its end or destroyed. It ends early, without an error, at one byte over the limit. */
  readonly content: Readable
  /** Known once `content` has ended. `whole` is false for a file over the limit. */
  readonly seen: () => {
    readonly bytes: number
    readonly sha256: Buffer<ArrayBuffer>
    readonly whole: boolean
  }
  /** Aborts when the browser goes away or the form turns out broken. */
  readonly signal: AbortSignal
}

export interface IncomingForm<T> {
  readonly fields: ReadonlyMap<string, string>
  /** The result for each file that was chosen, in order. */
  readonly files: readonly T[]
  /** More files came than the limit; those are not in `files`. */
  readonly tooManyFiles: boolean
}

/** `interrupted`: it broke off, or is no form. */
type FormRefusal = 'too_large' | 'interrupted'

/**
 * Reads a multipart form as it arrives, a file at a time, so that memory stays flat with files of any size. `receive`
 * stores one file and says what became of it; when the form turns out broken after that, `discard` gets all that was
 * received. An empty file picker is no file.
 */
export async function readMultipart<T>(
  request: Request,
  limits: FormLimits,
  receive: (file: IncomingFile) => Promise<T>,
  discard: (received: readonly T[]) => Promise<void>,
): Promise<Result<IncomingForm<T>, FormRefusal>> {
  // Node discards the rest of a body that nobody reads, so that the browser gets to its answer.
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
/** Our own failure while storing, told from a form that broke. */
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
  // Files come one after another on one stream: each waits for the one before it.
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
    // A picker in which nothing was chosen sends a part without a file name.
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
    // `await storing` below throws this error too; the parser must not wait for a file that nobody reads any more.
    storing.catch((error: unknown) => parser.destroy(error as Error))
  })

  try {
    await pipeline(bodyOf(request), counted(limits.bodyBytes), parser, { signal: request.signal })
  } catch (error) {
    broken.abort()
    // What is being stored takes itself back before anything is discarded.
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

/** Passes a file's stream on and takes its length and hash on the way. */
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
  // A reader that gives up early does not hold up the rest of the form. (After `pipe`, which pauses on close.)
  content.on('close', () => stream.resume())
  return {
    fileName,
    content,
    seen: () => ({ bytes, sha256: hash.copy().digest(), whole: bytes <= limit }),
    signal,
  }
}

/** Returns all of a small file, for {@link readMultipart}; null where it is over the limit. */
export async function wholeFile({ content, seen }: IncomingFile): Promise<Uint8Array | null> {
  const pieces = await content.toArray()
  return seen().whole ? Buffer.concat(pieces) : null
}
