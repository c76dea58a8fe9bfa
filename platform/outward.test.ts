import { createServer as createPlain, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, createServer as createRaw } from 'node:net'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { isPublicAddress, post, type Resolve } from './outward.ts'

const servers: { close(): unknown }[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function listen(server: Server | ReturnType<typeof createRaw>): Promise<number> {
  servers.push(server)
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  return (server.address() as AddressInfo).port
}
const serve = (listener: RequestListener) => listen(createPlain(listener))

const sent = (url: string, over: { timeoutMs?: number; trusted?: boolean; body?: string } = {}) =>
  ({ url: new URL(url), headers: {}, body: '{}', timeoutMs: 5_000, trusted: true, ...over }) as const
const leadsTo =
  (...addresses: string[]): Resolve =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

test.each(['8.8.8.8', '1.1.1.1', '2001:4860:4860::8888'])('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true)
})

test.each([
  ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '127.8.8.8', '169.254.169.254', '172.16.0.1'],
  ...['172.31.255.255', '192.168.1.1', '192.0.0.1', '192.0.2.1', '192.88.99.1', '198.18.0.1', '198.51.100.1'],
  ...['203.0.113.1', '224.0.0.1', '240.0.0.1', '255.255.255.255', '::', '::1', '::127.0.0.1'],
  ...['::ffff:127.0.0.1', '::ffff:8.8.8.8', '::ffff:0:127.0.0.1', '64:ff9b::7f00:1', '64:ff9b:1::a00:1'],
  ...['100::1', '2001::1', '2001:10::1', '2001:db8::1', '2002:7f00:1::', '3fff::1', '4000::1', '5f00::1'],
  ...['fc00::1', 'fd12::1', 'fe80::1', 'fe80::1%eth0', 'fec0::1', 'ff02::1', 'localhost', '', '1'],
])('%s is not', (address) => expect(isPublicAddress(address)).toBe(false))

describe('a name that leads', () => {
  test.each([
    [['127.0.0.1']],
    [['10.0.0.1']],
    [['::1']],
    [['::ffff:127.0.0.1']],
    [['64:ff9b::7f00:1']],
    // One bad address makes all of them bad.
    [['8.8.8.8', '127.0.0.1']],
    [['2001:4860:4860::8888', 'fe80::1']],
    [[]],
  ])('to %s is refused, and nothing is connected to', async (addresses) => {
    const seen = vi.fn()
    const port = await serve((_, response) => {
      seen()
      response.end()
    })
    const url = `http://hooks.carrier.vn:${port}/`
    expect(await post(sent(url, { trusted: false }), leadsTo(...addresses))).toEqual({ fault: 'address' })
    expect(seen).not.toHaveBeenCalled()
  })

  test('elsewhere the next time is connected to where it led when it was looked at', async () => {
    const port = await serve((_, response) => response.writeHead(200).end())
    const rebinding = vi
      .fn<Resolve>()
      .mockResolvedValueOnce([{ address: '127.0.0.1', family: 4 }])
      .mockResolvedValue([{ address: '127.0.0.2', family: 4 }])
    const onlyFirst = (address: string) => address === '127.0.0.1'
    const url = `http://hooks.carrier.vn:${port}/`
    const answer = await post(sent(url, { trusted: false }), rebinding, onlyFirst)
    expect(answer).toEqual({ status: 200 })
    expect(rebinding).toHaveBeenCalledTimes(1)
    expect(await post(sent(url, { trusted: false }), rebinding, onlyFirst)).toEqual({ fault: 'address' })
  })

  test('nowhere is told as such', async () => {
    const nowhere: Resolve = async () => {
      throw Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND', syscall: 'getaddrinfo' })
    }
    expect(await post(sent('http://hooks.carrier.vn/', { trusted: false }), nowhere)).toEqual({
      fault: 'dns',
    })
  })
})

describe('a post', () => {
  test('arrives whole, and answers the status', async () => {
    let got = ''
    const port = await serve((request, response) => {
      request.setEncoding('utf8').on('data', (chunk) => {
        got += chunk
      })
      request.on('end', () => response.writeHead(204).end())
    })
    const body = JSON.stringify({ word: 'Luật Viễn thông' })
    expect(await post(sent(`http://127.0.0.1:${port}/`, { body }))).toEqual({ status: 204 })
    expect(got).toBe(body)
  })

  test('follows no redirect', async () => {
    const elsewhere = vi.fn()
    const target = await serve((_, response) => {
      elsewhere()
      response.end()
    })
    const port = await serve((_, response) =>
      response.writeHead(307, { location: `http://127.0.0.1:${target}/` }).end(),
    )
    expect(await post(sent(`http://127.0.0.1:${port}/`))).toEqual({ status: 307 })
    expect(elsewhere).not.toHaveBeenCalled()
  })

  test('answers when it may be tried again, where the receiver says so', async () => {
    const port = await serve((_, response) => response.writeHead(503, { 'retry-after': '120' }).end())
    expect(await post(sent(`http://127.0.0.1:${port}/`))).toEqual({ status: 503, retryAfter: '120' })
  })

  test('ends at its time, also where the other side is silent or goes on talking', async () => {
    const silent = await serve(() => {})
    expect(await post(sent(`http://127.0.0.1:${silent}/`, { timeoutMs: 200 }))).toEqual({ fault: 'timeout' })
    const mute = await listen(createRaw(() => {}))
    expect(await post(sent(`http://127.0.0.1:${mute}/`, { timeoutMs: 200 }))).toEqual({ fault: 'timeout' })
    // The status counts even if the body never ends.
    const slow = await serve((_, response) => {
      response.writeHead(200)
      const drip = setInterval(() => response.write('.'), 20)
      response.on('close', () => clearInterval(drip))
    })
    expect(await post(sent(`http://127.0.0.1:${slow}/`, { timeoutMs: 300 }))).toEqual({ status: 200 })
  })

  test('reads no more of an answer than it needs', async () => {
    let written = 0
    const port = await serve((_, response) => {
      response.writeHead(200)
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(16_384))) written += 16_384
      }
      response.on('drain', more)
      more()
    })
    expect(await post(sent(`http://127.0.0.1:${port}/`))).toEqual({ status: 200 })
    expect(written).toBeLessThan(20_000_000)
  })

  test('tells a closed door, a broken answer and a certificate that nobody knows apart from an answer', async () => {
    const closed = await listen(createRaw())
    servers.pop()?.close()
    expect(await post(sent(`http://127.0.0.1:${closed}/`))).toEqual({ fault: 'connection' })
    const broken = await listen(createRaw((socket) => socket.end('SSH-2.0-OpenSSH\r\n')))
    expect(await post(sent(`http://127.0.0.1:${broken}/`))).toEqual({ fault: 'connection' })
    expect(await post(sent(`https://127.0.0.1:${broken}/`))).toEqual({ fault: 'tls' })
  })
})
