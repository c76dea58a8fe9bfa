import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { endDraining } from '#platform/draining.ts'
import { isOverloaded } from '#platform/overload.ts'
import { superuser } from '#tests/database.ts'
import { completeAnswers } from './http-answers.ts'
import { isOwnRequest } from './kept-pages.ts'
import { rememberServer } from './own-request.ts'
import { pageFor, withoutScripts } from './page-store.ts'
import { drain } from './shutdown.ts'

const NONCE = 'abc+/=='
const NOW = new Date('2026-11-28T03:00:00Z')

test('scripts go, and what fetches them; the rest stays', () => {
  const html = `<head><link rel="stylesheet" href="/a.css" nonce="n"/><link rel="preload" as="script" href="/a.js"/><script src="/a.js" async=""></script></head><p>script</p><script>a("</p>")</script>`
  expect(withoutScripts(html)).toBe('<head><link rel="stylesheet" href="/a.css"/></head><p>script</p>')
})

let asked: string[] = []
const asking = new Set<string>()
const site = createServer((request, response) => {
  const path = request.url ?? ''
  asked.push(path)
  asking.add(`${request.headers['accept-encoding']} ${request.headers['user-agent']}`)
  const ours = isOwnRequest({ headers: new Headers(request.headers as Record<string, string>) })
  response.setHeader('content-security-policy', `script-src 'nonce-${NONCE}'`)
  if (path === '/elsewhere') response.writeHead(307, { location: '/there' }).end()
  else if (path.startsWith('/big/')) response.end('x'.repeat(5_000_000))
  else if (path === '/away') response.writeHead(503, { 'retry-after': '5' }).end('<p>')
  else sleep(20).then(() => response.end(`<p>${ours} ${asked.length}</p><script nonce="${NONCE}"></script>`))
})
const open = async (address: string, now = NOW) => {
  rememberServer(site)
  const page = await pageFor(address, now)
  return 'etag' in page ? new TextDecoder().decode(page.html) : page
}

test('a page is made once for all who wait, and again after a publication, a minute, or a day', async () => {
  asked = []
  const first = await Promise.all([open('/a'), open('/a'), open('/a')])
  expect(first).toEqual(Array(3).fill('<p>true 1</p>'))
  expect(await open('/a')).toBe('<p>true 1</p>')
  await superuser.query(`UPDATE agencies SET id = id WHERE id = 'quan-3'`)
  expect(await open('/a')).toBe('<p>true 2</p>')
  expect(await open('/a', new Date(NOW.getTime() + 59_000))).toBe('<p>true 2</p>')
  expect(await open('/a', new Date(NOW.getTime() + 60_000))).toBe('<p>true 3</p>')
  const midnight = new Date('2026-11-28T16:59:50Z')
  expect(await open('/a', midnight)).toBe('<p>true 4</p>')
  expect(await open('/a', new Date(midnight.getTime() + 10_000))).toBe('<p>true 5</p>')
})

test('a page that is made is not packed on its way here, and asked for by a client with a name', async () => {
  asking.clear()
  await open('/unpacked')
  expect([...asking]).toEqual(['identity an-tam'])
})

test('a redirect and a failure are passed on and not kept, and who waits meets the failure once', async () => {
  asked = []
  for (const address of ['/elsewhere', '/away']) await Promise.all([open(address), open(address)])
  expect(asked.toSorted()).toEqual(['/away', '/elsewhere', '/elsewhere'])
  expect(await open('/elsewhere')).toMatchObject({ status: 307, headers: { location: '/there' } })
  expect(await open('/away')).toMatchObject({ status: 503, headers: { 'retry-after': '5' } })
})

test('a page that is not made in time is asked for again later, by all who wait', async () => {
  const inTime = vi.spyOn(AbortSignal, 'timeout')
  inTime.mockReturnValueOnce(AbortSignal.abort(new DOMException('too late', 'TimeoutError')))
  const waiting = await Promise.allSettled([open('/late'), open('/late')])
  expect(waiting.map((one) => one.status === 'rejected' && isOverloaded(one.reason))).toEqual([true, true])
  inTime.mockRestore()
  expect(await open('/late')).toContain('<p>')
})

test('no more is kept than there is room for: what was asked for longest ago goes', async () => {
  const big = ['/big/1', '/big/2', '/big/3']
  for (const address of big) await open(address)
  asked = []
  await open('/big/3')
  await open('/big/2')
  expect(asked).toEqual([])
  await open('/big/1')
  expect(asked).toEqual(['/big/1'])
})

test('a request that has begun gets its page while the process drains, though the port is closed', async () => {
  completeAnswers(() => 'other')
  const [begun, mayGoOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  const draining = createServer(async (request, response) => {
    if (request.url === '/inner') return void response.end('<p>made</p>')
    begun.resolve()
    await mayGoOn.promise
    const page = await pageFor('/inner', NOW)
    response.end('etag' in page ? page.html : 'not kept')
  })
  await new Promise<void>((listening) => draining.listen(0, '127.0.0.1', listening))
  const origin = `http://127.0.0.1:${(draining.address() as AddressInfo).port}`
  try {
    const asked = fetch(`${origin}/outer`)
    await begun.promise
    const ended = drain(0, 5_000)
    await expect.poll(() => draining.listening).toBe(false)
    await expect(fetch(`${origin}/outer`)).rejects.toThrow()
    mayGoOn.resolve()
    expect(await (await asked).text()).toBe('<p>made</p>')
    expect(await ended).toBe(0)
  } finally {
    endDraining()
    draining.close()
  }
})
