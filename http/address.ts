import '#server-only'
import type { IncomingMessage } from 'node:http'
import { networkOf } from '#lib/access/network.ts'
import { env } from '#platform/env.ts'

const FORWARDED = 'x-forwarded-for'

/**
 * Appends the socket's address to X-Forwarded-For, as a proxy would. Next gives handlers no access to the socket and fills this
 * header only if the client did not send it, so a client could forge its address. Must run before Next sees the request
 * (http-answers.ts).
 */
export function recordPeer(request: IncomingMessage): void {
  const sent = request.headers[FORWARDED]
  const peer = request.socket.remoteAddress ?? 'unknown'
  request.headers[FORWARDED] = sent === undefined ? peer : `${sent}, ${peer}`
}

/**
 * Returns the client's network for rate limits: an IPv4 address, or the first 64 bits of an IPv6 address, since a subscriber
 * owns the whole /64. With TRUSTED_PROXIES = n, the n rightmost addresses are our own proxies (the socket's among them) and the
 * next one is the client. Addresses further left can be forged.
 */
export function clientAddress(headers: Headers): string {
  const hops = (headers.get(FORWARDED) ?? '').split(',').map((hop) => hop.trim())
  const client = hops.at(-1 - env().TRUSTED_PROXIES) ?? hops[0] ?? ''
  return networkOf(client)
}
