import '#server-only'
import { lookup as resolveAll } from 'node:dns/promises'
import { request as plainRequest } from 'node:http'
import { request } from 'node:https'
import type { LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { traceparent } from './tracing.ts'

// Requests to addresses that other people entered. They reach only public addresses, even if a name resolves to another one.

const GLOBAL_IPV6 = ipaddr.IPv6.parseCIDR('2000::/3')

/**
 * Tells whether an address is on the public internet: not of this machine, a private or a carrier's inner network, a single
 * link or a group, reserved, nor an IPv6 one that wraps an IPv4 one (mapped, NAT64, 6to4, Teredo).
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false
  const address = ipaddr.parse(text)
  if (address.range() !== 'unicast') return false
  return address instanceof ipaddr.IPv4 || address.match(GLOBAL_IPV6)
}

class RefusedAddress extends Error {}

export type Resolve = (
  host: string,
  options: { readonly all: true },
) => Promise<{ readonly address: string; readonly family: number }[]>

/**
 * Resolves the name for the connection itself, so that it cannot change between check and connection. One address that is not
 * public refuses the whole name.
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

/** Why there was no answer: a forbidden address, no address, or the failed step of the connection. */
type PostFault = 'address' | 'dns' | 'tls' | 'connection' | 'timeout'

interface Post {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
  /** Milliseconds for the whole request, from the DNS look-up to the end of the answer. */
  readonly timeoutMs: number
  /** True if any address is allowed, because the operator has listed this origin. */
  readonly trusted: boolean
}

interface Answered {
  readonly status: number
  readonly retryAfter?: string
}

/** Bytes of an answer that are read at most; only its status and headers are used. */
const MOST_BYTES = 64 * 1024

/** Posts once, without following redirects. Returns the receiver's answer, or why there was none. */
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
      // A new connection: a kept one might have been opened under other rules.
      agent: false,
      signal: limit,
      ...(!trusted && { lookup: guarded(resolve, allows) }),
    })
    // Only the status and headers are used, so the rest of the body may be missing.
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
