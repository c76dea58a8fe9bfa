import { type Paper, withPaper } from '#features/papers/acts.ts'
import { clientAddress } from '#http/address.ts'
import { problem } from '#http/problem.ts'
import { HOUR } from '#lib/time.ts'
import { withinLimit } from '#platform/rate-limits/commands.ts'

const KEPT = 300
/** Generated posters by their whole content; the oldest is dropped first. */
const drawn = new Map<string, Promise<Uint8Array>>()

/**
 * Answers with a poster. Each content is generated once and then served from memory; requests are limited by hour and address.
 */
export async function servePoster(
  request: Request,
  { name, paper }: { name: string; paper: Paper },
): Promise<Response> {
  const address = clientAddress(request.headers)
  const { allowed, retryAfterSeconds } = await withinLimit('poster_address', address, new Date())
  if (!allowed) {
    const headers = { 'retry-after': String(retryAfterSeconds) }
    return problem({ status: 429, code: 'too-many-requests', title: 'Too many posters' }, headers)
  }
  const key = JSON.stringify(paper)
  const pdf = drawn.get(key) ?? withPaper({ owner: key, address }, (draw) => draw(paper))
  if (!drawn.has(key)) keep(key, pdf)
  return new Response(new Uint8Array(await pdf), {
    headers: {
      'content-type': 'application/pdf',
      'content-disposition': `inline; filename="${name}.pdf"`,
      'cache-control': `public, max-age=${HOUR / 1000}`,
    },
  })
}

function keep(key: string, pdf: Promise<Uint8Array>): void {
  drawn.set(key, pdf)
  // A poster that failed is generated again next time.
  pdf.catch(() => drawn.delete(key))
  const [oldest] = drawn.keys()
  if (drawn.size > KEPT && oldest !== undefined) drawn.delete(oldest)
}
