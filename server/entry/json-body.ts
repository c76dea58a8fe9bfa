import '#server-only'
import { err, ok, type Result } from '#domain/result.ts'
import { problem } from './problem.ts'

/**
 * Reads a JSON body of at most `limit` bytes. What is too large is not read to its end; what is cut off or no
 * JSON is refused. The refusal is the answer to send.
 */
export async function jsonBody(request: Request, limit: number): Promise<Result<unknown, Response>> {
  const type = request.headers.get('content-type')
  if (type !== null && !/^application\/json\b/i.test(type)) {
    return err(problem({ status: 415, code: 'not-json', title: 'Send application/json' }))
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
    return ok(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks))))
  } catch {
    // A connection that broke, bytes that are no UTF-8, or no JSON: all of them are a body that did not arrive.
    return err(
      problem({ status: 400, code: 'unreadable-body', title: 'The body is cut off or is not JSON in UTF-8' }),
    )
  }
}

const tooLarge = (limit: number): Response =>
  problem({
    status: 413,
    code: 'too-large',
    title: 'The body is too large',
    detail: `at most ${limit} bytes`,
  })
