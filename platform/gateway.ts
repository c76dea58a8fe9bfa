import '#server-only'
import { MessageDeferred } from './message-fault.ts'

export interface GatewayAnswer {
  readonly status: number
  readonly body: string
}

/** Milliseconds for the whole request, from resolving the name to the end of the answer. */
const PATIENCE_MS = 10_000
/** Bytes; an answer that is longer is not a gateway's. */
const MOST_BYTES = 64 * 1024

/**
 * Posts to a gateway that the operator has named. Redirects are not followed: they could lead a message elsewhere.
 *
 * @throws MessageDeferred where there was no answer, or one too long to be a gateway's
 */
export async function askGateway({
  url,
  headers,
  body,
}: {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}): Promise<GatewayAnswer> {
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal })
    const chunks: Uint8Array[] = []
    let size = 0
    for await (const chunk of response.body ?? []) {
      size += chunk.length
      if (size > MOST_BYTES) throw new MessageDeferred('too_long')
      chunks.push(chunk)
    }
    return { status: response.status, body: Buffer.concat(chunks).toString() }
  } catch (error) {
    if (error instanceof MessageDeferred) throw error
    throw new MessageDeferred(codeOf(error))
  }
}

function codeOf(error: unknown): string {
  const { name, cause } = error as { name?: string; cause?: { code?: string } }
  return name === 'TimeoutError' ? 'timeout' : (cause?.code ?? 'connection')
}
