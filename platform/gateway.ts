import '#server-only'
import { MessageDeferred } from './message-fault.ts'

export interface GatewayAnswer {
  readonly status: number
  readonly body: string
}

/** Milliseconds for the whole request, from the DNS look-up to the end of the answer. */
const PATIENCE_MS = 10_000
/** Bytes; a longer answer does not come from a gateway. */
const MOST_BYTES = 64 * 1024

/**
 * Posts to a gateway that the operator has configured. Redirects are not followed, because they could lead a message elsewhere.
 *
 * @throws MessageDeferred if there was no answer, or it was too long
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
