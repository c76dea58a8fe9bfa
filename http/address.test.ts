import type { IncomingMessage } from 'node:http'
import { expect, it } from 'vitest'
import { env } from '#platform/env.ts'
import { clientAddress, recordPeer } from './address.ts'

function arriving(sent: string | undefined, peer: string): Headers {
  const headers: Record<string, string> = sent === undefined ? {} : { 'x-forwarded-for': sent }
  recordPeer({ headers, socket: { remoteAddress: peer } } as unknown as IncomingMessage)
  return new Headers(headers)
}
function trusting(count: number, sent: string | undefined, peer: string): string {
  Object.assign(env(), { TRUSTED_PROXIES: count })
  return clientAddress(arriving(sent, peer))
}

it('without proxies believes the socket and no header', () => {
  expect(trusting(0, undefined, '203.0.113.7')).toBe('203.0.113.7')
  expect(trusting(0, '198.51.100.1', '203.0.113.7')).toBe('203.0.113.7')
  expect(trusting(0, '198.51.100.1, 198.51.100.2', '::ffff:203.0.113.7')).toBe('203.0.113.7')
})

it('behind proxies believes what the outermost of them saw, even if the client wrote more before it', () => {
  expect(trusting(1, '203.0.113.7', '10.0.0.1')).toBe('203.0.113.7')
  expect(trusting(1, '198.51.100.1, 203.0.113.7', '10.0.0.1')).toBe('203.0.113.7')
  expect(trusting(2, '198.51.100.1, 203.0.113.7, 10.0.0.2', '10.0.0.1')).toBe('203.0.113.7')
})

it('with fewer hops than proxies takes the furthest, and counts what is no address as one', () => {
  expect(trusting(2, undefined, '10.0.0.1')).toBe('10.0.0.1')
  expect(trusting(1, 'nonsense', '10.0.0.1')).toBe('unknown')
  Object.assign(env(), { TRUSTED_PROXIES: 0 })
  expect(clientAddress(new Headers())).toBe('unknown')
})
