import '#server-only'
import { err, ok, type Result } from '#lib/result.ts'
import { problem } from './problem.ts'

/**
 * Reads a JSON body of at most `limit` bytes. Stops reading when the limit is exceeded. Refuses a truncated body, invalid JSON
 * and duplicate names; the error is the answer to send.
 */
export async function jsonBody(request: Request, limit: number): Promise<Result<unknown, Response>> {
  const text = await textBody(request, limit)
  return text.ok ? jsonValue(text.value) : text
}

/** Parses a JSON body's text, with the same refusals as {@link jsonBody}. */
export function jsonValue(text: string): Result<unknown, Response> {
  try {
    const value: unknown = JSON.parse(text)
    return hasNameTwice(text) ? err(namedTwice()) : ok(value)
  } catch {
    return err(unreadable())
  }
}

/** Reads a JSON body as text, at most `limit` bytes, for signatures over the original bytes. */
export async function textBody(request: Request, limit: number): Promise<Result<string, Response>> {
  const type = request.headers.get('content-type')
  if (type !== null && !isJsonInUtf8(type)) {
    return err(problem({ status: 415, code: 'not-json', title: 'Send application/json in UTF-8' }))
  }
  const encoding = request.headers.get('content-encoding')?.trim() ?? ''
  if (!/^(identity)?$/i.test(encoding)) {
    const fault = { status: 415, code: 'encoded-body', title: 'Send the body as it is, not compressed' }
    return err(problem(fault, { 'accept-encoding': 'identity' }))
  }
  if (Number(request.headers.get('content-length') ?? 0) > limit) return err(tooLarge(limit))
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of request.body ?? []) {
      size += chunk.length
      if (size > limit) return err(tooLarge(limit))
      chunks.push(chunk)
    }
    return ok(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)))
  } catch {
    return err(unreadable())
  }
}

/** Tells whether a `Content-Type` is JSON with no charset or UTF-8; another charset is not read. */
function isJsonInUtf8(type: string): boolean {
  const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(type)?.[1] ?? 'utf-8'
  return /^application\/json\b/i.test(type) && /^utf-?8$/i.test(charset)
}

/** Answers 400 for an unreadable body: a broken connection, invalid UTF-8 or invalid JSON. */
const unreadable = (): Response =>
  problem({ status: 400, code: 'unreadable-body', title: 'The body is cut off or is not JSON in UTF-8' })

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}:]/g

/**
 * Tells whether an object of a JSON text has a duplicate name. RFC 8259 leaves open which value counts, so a program between
 * the carrier and us might read another value than we do.
 */
function hasNameTwice(text: string): boolean {
  const open: Set<string>[] = []
  let word = ''
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === '{') open.push(new Set())
    else if (token === '}') open.pop()
    else if (token !== ':') word = token
    else {
      const names = open.at(-1)
      const name: string = JSON.parse(word)
      if (names?.has(name)) return true
      names?.add(name)
    }
  }
  return false
}

const namedTwice = (): Response =>
  problem({ status: 400, code: 'name-twice', title: 'An object of the body has a name twice' })

const tooLarge = (limit: number): Response =>
  problem({
    status: 413,
    code: 'too-large',
    title: 'The body is too large',
    detail: `at most ${limit} bytes`,
  })
