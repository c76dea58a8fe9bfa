import { wayOf } from '#features/exchange/delivery/rules.ts'
import { noteOtherWay } from '#features/exchange/flags/acts.ts'
import { authenticateCarrier } from '#features/exchange/keys/data.ts'
import { problem } from '#http/problem.ts'
import { type RouteHandler, routeHandler } from '#http/route-handler.ts'

type Serve<P> = (carrierId: string, request: Request, params: P) => Promise<Response>

/** Milliseconds. A slower answer may have waited for a line, and the carrier's key or channel may have changed meanwhile. */
const WAITED_MS = 500

/**
 * Returns a route handler that serves the carrier whose API key the request has; any other request is refused.
 *
 * @param onPaper serves the carrier while its orders come by letter; without it such a carrier is refused
 */
export const carrierEndpoint = <P>(serve: Serve<P>, onPaper?: Serve<P>): RouteHandler<P> =>
  routeHandler<P>(async (request, params) => {
    const apiKey = /^Bearer +(\S{1,200})$/i.exec(request.headers.get('authorization') ?? '')?.[1]
    const admitted = await admit(apiKey)
    if (admitted instanceof Response) return admitted
    const { carrierId, byLetter } = admitted
    if (byLetter) return onPaper ? onPaper(carrierId, request, params) : refuseByLetter(carrierId)
    const began = performance.now()
    const response = await serve(carrierId, request, params)
    if (request.method === 'HEAD') return withoutBody(response)
    if (request.method !== 'GET' || performance.now() - began < WAITED_MS) return response
    const still = await admit(apiKey)
    if (!(still instanceof Response) && !still.byLetter) return response
    await response.body?.cancel()
    return still instanceof Response ? still : refuseByLetter(carrierId)
  })

/** Returns the response without its body and cancels the body, which may be an open file. */
async function withoutBody(response: Response): Promise<Response> {
  await response.body?.cancel()
  return new Response(null, response)
}

async function admit(
  apiKey: string | undefined,
): Promise<{ readonly carrierId: string; readonly byLetter: boolean } | Response> {
  const holder = apiKey === undefined ? null : await authenticateCarrier(apiKey, new Date())
  if (holder) return { carrierId: holder.carrierId, byLetter: wayOf(holder.way).answers === 'paper' }
  return problem(
    { status: 401, code: 'unauthorized', title: 'Show a live API key as Authorization: Bearer KEY' },
    { 'www-authenticate': 'Bearer realm="carrier"' },
  )
}

// With two channels at once there would be two books, and the interface would have blocked a phone before its letter says so.
async function refuseByLetter(carrierId: string): Promise<Response> {
  await noteOtherWay(carrierId, new Date())
  return problem(BY_LETTER)
}

const BY_LETTER = {
  status: 403,
  code: 'by-letter',
  title: 'Your orders come by letter now',
  detail:
    'The relay has set this carrier to letters, so its keys read nothing. Answer letters on paper; results of what you had acknowledged before are still taken. Or ask the relay to change the way back: the keys then work again, and nothing is lost from your book.',
}

export const beyondHead = (detail: string): Response =>
  problem({ status: 409, code: 'beyond-head', title: 'Your sequence does not reach that far', detail })
