import '#server-only'
import type { IncomingMessage } from 'node:http'
import { networkOf } from '#lib/access/network.ts'
import { env } from '#platform/env.ts'

const FORWARDED = 'x-forwarded-for'

/**
 * Ends a request's X-Forwarded-For with the address of the socket it came in by, as a proxy would. Next tells
 * handlers nothing of the socket, and fills this header only where the client left it out: a client that sends
 * one could otherwise name itself. Called before Next sees the request (http-answers.ts).
 */
export function recordPeer(request: IncomingMessage): void {
  const sent = request.headers[FORWARDED]
  const peer = request.socket.remoteAddress ?? 'unknown'
  request.headers[FORWARDED] = sent === undefined ? peer : `${sent}, ${peer}`
}

/**
 * Returns the network a request comes from, for counting: an IPv4 address, or the first 64 bits of an IPv6 address,
 * since a subscriber who has one of those has them all. With TRUSTED_PROXIES = n the n rightmost addresses are our own
 * proxies (the socket's among them) and the next one is the client; what stands further left anybody can have written.
 */
export function clientAddress(headers: Headers): string {
  const hops = (headers.get(FORWARDED) ?? '').split(',').map((hop) => hop.trim())
  const client = hops.at(-1 - env().TRUSTED_PROXIES) ?? hops[0] ?? ''
  return networkOf(client)
}
