import '#server-only'
import { type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { catalogue } from '#messages/catalogue.ts'

const TEXT = 'text/plain; charset=utf-8'
const PROBLEM = 'application/problem+json'

/** The methods that Next can make a request of; to any other it answers 500. */
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** Returns what is said of a status, in one language. */
function wordsFor(status: number, { errors, broken }: (typeof catalogue)['vi' | 'en']) {
  if (status === 503) return errors.busy
  if (status >= 500) return broken
  if (status === 405) return errors.method
  if (status === 413) return errors.large
  return status === 431 ? errors.headers : errors.malformed
}

/** What is wrong, in both languages: whoever sent it, the page and its language are not known here. */
function inWords(status: number): string {
  const paragraphs = [catalogue.vi, catalogue.en].map((language) => {
    const { title, text } = wordsFor(status, language)
    return `${title}. ${text}`
  })
  return `An Tâm\n\n${paragraphs.join('\n\n')}\n`
}

const asProblem = (status: number): string =>
  JSON.stringify({ type: 'about:blank', status, title: STATUS_CODES[status] ?? 'Refused' })

/** Whether Next can be asked this; otherwise it is answered 405. */
export const isServed = (method: string): boolean => METHODS.includes(method)

/**
 * Gives words to a refusal that is sent without any: a problem where a program asked, both languages elsewhere. The web
 * server calls it before Next sees the request.
 */
export function neverBare(request: IncomingMessage, response: ServerResponse): void {
  const forProgram = request.url?.startsWith('/api/') === true
  const writeHead = response.writeHead.bind(response) as (
    status: number,
    ...rest: unknown[]
  ) => ServerResponse
  const end = response.end.bind(response) as (...args: unknown[]) => ServerResponse
  const write = response.write.bind(response) as (...args: unknown[]) => boolean
  let bare = false
  let told = 0
  response.write = ((...args: unknown[]) => {
    const taken = write(...args)
    bare = false
    return taken
  }) as ServerResponse['write']
  response.writeHead = (status: number, ...rest: unknown[]) => {
    // Whatever has a body says of what type it is, or is written before the end.
    told = status
    bare = status >= 400 && request.method !== 'HEAD' && !response.hasHeader('content-type')
    if (bare) {
      response.setHeader('content-type', forProgram ? PROBLEM : TEXT)
      response.removeHeader('content-length')
    }
    return writeHead(status, ...rest)
  }
  response.end = ((...args: unknown[]) => {
    const { statusCode } = response
    const empty = args[0] === undefined || args[0] === null || typeof args[0] === 'function'
    if (empty && !response.headersSent && statusCode >= 400) response.writeHead(statusCode)
    return empty && bare ? end(forProgram ? asProblem(told) : inWords(told)) : end(...args)
  }) as ServerResponse['end']
}

/** What Node's parser made of the bytes it could not read; it would answer the same without a word. */
const STATUS_OF: Readonly<Record<string, number>> = {
  HPE_HEADER_OVERFLOW: 431,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 413,
  ERR_HTTP_REQUEST_TIMEOUT: 408,
}

/** Answers what is no request: headers over 16 KB, a broken line, a method that nobody knows. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Duplex): void {
  const { _httpMessage: begun } = socket as { _httpMessage?: ServerResponse | null }
  if (!socket.writable || error.code === 'ECONNRESET' || begun?.headersSent) {
    socket.destroy(error)
    return
  }
  const status = STATUS_OF[error.code ?? ''] ?? 400
  const body = inWords(status)
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: ${TEXT}\r\n` +
      `X-Content-Type-Options: nosniff\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )
}
