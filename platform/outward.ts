import '#server-only'
import { lookup as resolveAll } from 'node:dns/promises'
import { request as plainRequest } from 'node:http'
import { request } from 'node:https'
import type { LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { traceparent } from './tracing.ts'

// Requests to addresses that other people have written down. They reach public addresses alone, also where a name leads to
// another one.

const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3')

/**
 * Tells whether an address is one of the public internet: not of this machine, of a private or a carrier's inner
 * network, of a single link or a group, reserved, nor an IPv6 one that wraps an IPv4 one (mapped, NAT64, 6to4, Teredo).
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false
  const address = ipaddr.parse(text)
  if (address.range() !== 'unicast') return false
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_IPV6)
}

class RefusedAddress extends Error {}

/** A function that resolves a name; node's own unless a test gives another. */
export type Resolve = (
  host: string,
  options: { readonly all: true },
) => Promise<{ readonly address: string; readonly family: number }[]>

/**
 * Resolves a name for the connection itself, so that the name cannot lead elsewhere between the check and the
 * connection. One address that is not public refuses the whole name.
 */
const guarded =
  (resolve: Resolve, allows: (address: string) => boolean): LookupFunction =>
  (host, options, done) => {
    void resolve(host, { all: true }).then(
      (found) => {
        const [first] = found
        if (!first || !found.every(({ address }) => allows(address))) done(new RefusedAddress(), '')
        else if (options.all) done(null, found)
        else done(null, first.address, first.family)
      },
      (error) => done(error, ''),
    )
  }

/**
 * The reasons why there was no answer: where the name leads, whether it leads anywhere, and how far the connection
 * came.
 */
type PostFault = 'address' | 'dns' | 'tls' | 'connection' | 'timeout'

interface Post {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
  /** Milliseconds for the whole request, from resolving the name to the end of the answer. */
  readonly timeoutMs: number
  /** True where any address is allowed, because the operator has listed this one. */
  readonly trusted: boolean
}

/** The parts of an answer that are used. */
interface Answered {
  readonly status: number
  readonly retryAfter?: string
}

/** The most bytes of an answer that are read: only its status and headers are used. */
const MOST_BYTES = 64 * 1024

/** Posts once, without following redirects, and answers what the receiver said, or why it said nothing. */
export async function post(
  { url, headers, body, timeoutMs, trusted }: Post,
  resolve: Resolve = resolveAll,
  allows = isPublicAddress,
): Promise<Answered | { readonly fault: PostFault }> {
  const started = url.protocol === 'https:' ? request : plainRequest
  const limit = AbortSignal.timeout(timeoutMs)
  const trace = traceparent()
  return new Promise((answer) => {
    const sent = started(url, {
      method: 'POST',
      headers: {
        ...headers,
        ...(trace !== undefined && { traceparent: trace }),
        'content-length': Buffer.byteLength(body),
      },
      // A connection of its own: a kept one might have been opened under other rules.
      agent: false,
      signal: limit,
      ...(!trusted && { lookup: guarded(resolve, allows) }),
    })
    // The status is all that is used, whether or not the rest arrives.
    let told: Answered | undefined
    sent.on('error', (error) => answer(told ?? { fault: limit.aborted ? 'timeout' : faultOf(error) }))
    sent.on('response', (response) => {
      const { statusCode: status = 0, headers: said } = response
      const answered = { status, ...(said['retry-after'] && { retryAfter: said['retry-after'] }) }
      told = answered
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (bytes > MOST_BYTES) response.destroy()
      })
      response.on('error', () => {})
      response.on('close', () => answer(answered))
    })
    sent.end(body)
  })
}

function faultOf(error: Error): PostFault {
  if (error instanceof RefusedAddress) return 'address'
  const { code = '', syscall } = error as NodeJS.ErrnoException
  if (syscall === 'getaddrinfo') return 'dns'
  return /TLS|SSL|CERT|SIGNED|SIGNATURE|EPROTO|ISSUER/.test(code) ? 'tls' : 'connection'
}
