import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { runCarrier } from '../carriers/carrier.ts'
import { receiver } from '../carriers/webhook.ts'
import { checkClient } from './client.ts'
import { checkReceiver } from './receiver.ts'
import { printVerdicts, type Verdict } from './verdicts.ts'

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`
const faults = (verdicts: readonly Verdict[]) =>
  verdicts.filter(({ fault }) => fault !== null).map(({ what }) => what)

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

async function urlOf(server: Server): Promise<string> {
  servers.push(server.listen(0, '127.0.0.1'))
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}
const check = async (server: Server, after = 0) => checkReceiver({ url: await urlOf(server), secret, after })
const answering = (listener: RequestListener) =>
  createServer((request, response) => {
    request.resume().on('end', () => listener(request, response))
  })

describe('a webhook receiver', () => {
  /** A receiver that accepts lines as the demo carriers do. */
  function demo(start = 0) {
    let seq = start
    return receiver([secret], async (after, { next }) => {
      if (after > seq) return false
      seq = Math.max(seq, next)
      return true
    })
  }

  test('that is the demo carriers’ conforms, from the first line and from any other', async () => {
    expect(faults(await check(demo()))).toEqual([])
    expect(faults(await check(demo(41), 41))).toEqual([])
  })

  test('that believes everybody is told each thing that it believes', async () => {
    const found = faults(await check(answering((_, response) => response.writeHead(200).end())))
    expect(found).toHaveLength(10)
    expect(found.every((what) => what.startsWith('refuses'))).toBe(true)
  })

  test('that refuses everybody is told what it should take', async () => {
    const found = faults(await check(answering((_, response) => response.writeHead(401).end())))
    expect(found.length).toBeGreaterThan(10)
    expect(found.every((what) => what.startsWith('takes'))).toBe(true)
  })

  test('that forgets the order is told so', async () => {
    const careless = receiver([secret], async () => true)
    expect(faults(await check(careless))).toEqual(['refuses a message whose lines begin beyond what it has'])
  })

  test('that does not answer ends the checks with what to look at', async () => {
    const gone = await urlOf(createServer())
    await new Promise((closed) => servers.pop()?.close(closed))
    const down = await checkReceiver({ url: gone, secret, after: 0 })
    expect(down).toEqual([
      {
        what: 'takes a test message, which has no lines',
        fault: expect.stringMatching(/^no answer \(ECONNREFUSED\): .*is the receiver running/),
        ended: true,
      },
    ])
    let asked = 0
    const dying = await check(
      answering((request, response) =>
        ++asked > 2 ? request.socket.destroy() : response.writeHead(200).end(),
      ),
    )
    expect([asked, dying.length]).toEqual([3, 3])
    expect(dying.at(-1)).toMatchObject({ fault: expect.stringContaining('closed'), ended: true })
    const printed = vi.spyOn(console, 'log').mockImplementation(() => {})
    expect(printVerdicts(dying)).toBe(false)
    expect(printed.mock.calls.flat().join('\n')).toContain('Stopped there')
    expect(printed.mock.calls.flat().join('\n')).not.toContain('checks failed')
    printed.mockRestore()
  })

  test('that refuses with 410, redirects or answers nothing is told why that is wrong', async () => {
    const said = async (listener: RequestListener) =>
      (await check(answering(listener))).map(({ fault }) => fault ?? '').join('\n')
    expect(await said((_, response) => response.writeHead(410).end())).toContain('410 stops all pushing')
    const elsewhere = { location: 'http://127.0.0.1:1/' }
    expect(await said((_, response) => response.writeHead(302, elsewhere).end())).toContain('not followed')
    expect(await said((request) => request.socket.destroy())).toContain('no answer')
  })
})

describe('a carrier’s client', () => {
  test('that is the demo carriers’ conforms', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    const directory = await mkdtemp(join(tmpdir(), 'conformance-'))
    const stop = new AbortController()
    let running: Promise<void> | undefined
    const verdicts = await checkClient({
      port: 0,
      apiKey: 'key',
      patienceMs: 30_000,
      troubleMs: 500,
      ready: (baseUrl) => {
        const settings = { name: 'testtel', baseUrl, directory, told: {}, say: () => {}, stop: stop.signal }
        running = runCarrier({ ...settings, apiKey: async () => 'key' })
      },
    })
    stop.abort()
    await running
    await rm(directory, { recursive: true })
    expect(faults(verdicts)).toEqual([])
  })

  test('that takes a watch for a block is told so', async () => {
    const stop = new AbortController()
    const verdicts = await checkClient({
      port: 0,
      apiKey: 'key',
      patienceMs: 1_000,
      troubleMs: 10,
      ready: (site) => void blockEverything(site, stop.signal),
    })
    stop.abort()
    const watch = verdicts.filter(({ what }) => /watch/.test(what) && !/forged/.test(what))
    expect(watch.map(({ fault }) => fault)).toEqual([
      null,
      null,
      'it had blocked the phone that it was to watch',
    ])
    expect(faults(verdicts)).toContain('watches nobody by a forged line')
  })

  test('that does nothing, or the wrong things, is told each of them', async () => {
    const stop = new AbortController()
    const call = (site: string, path: string, body?: object) =>
      fetch(`${site}/api/carrier/v1/${path}`, {
        headers: { authorization: 'Bearer key', 'content-type': 'application/json' },
        ...(body && { method: 'POST', body: JSON.stringify(body) }),
        signal: stop.signal,
      }).catch(() => {})
    const order = '7f0c1a34-8a0e-4b43-8f0d-0d9a3f3c2b11'
    const verdicts = await checkClient({
      port: 0,
      apiKey: 'key',
      patienceMs: 200,
      troubleMs: 10,
      ready: async (site) => {
        await fetch(`${site}/api/carrier/v1/changes`).catch(() => {})
        await call(site, 'changes?after=0&limit=9999')
        await call(site, 'changes?after=7')
        await call(site, 'ack', { upTo: 99 })
        await call(site, 'results', { results: 'all done' })
        const at = new Date(Date.now() + 3_600_000).toISOString()
        await call(site, 'results', {
          results: [{ order, imei: '001234567890123', outcome: 'applied', code: 'technical', at }],
        })
        await call(site, 'questions')
        await call(site, 'answers', {
          answers: [{ question: '0b8a6a9e-5f0e-4c61-9a3e-3b1e6a1d7c02', answer: 'yes' }],
        })
        await call(site, 'everything')
      },
    })
    stop.abort()
    const said = verdicts.map(({ fault }) => fault ?? '').join('\n')
    for (const part of [
      ...['Authorization', 'limit', 'read on from 7', 'acknowledged 99', 'results: results', 'not had'],
      ...[
        'a code goes with rejected',
        'ahead',
        'does not have',
        'has not read all lines',
        'results are missing',
        'yes is no answer to imei_of_number',
        'a question has no answer',
      ],
    ])
      expect(said).toContain(part)
  })
})

/** A client that believes every line, and can only block and unblock. */
async function blockEverything(site: string, signal: AbortSignal): Promise<void> {
  const call = async (path: string, body?: object) => {
    const answer = await fetch(`${site}/api/carrier/v1/${path}`, {
      headers: { authorization: 'Bearer key', 'content-type': 'application/json' },
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
      signal,
    })
    return answer.ok ? answer.json() : null
  }
  const listed = new Set<string>()
  for (let seq = 0; !signal.aborted; ) {
    const changes = await call(`changes?after=${seq}&limit=100&wait=0`).catch(() => null)
    const results = []
    for (const line of changes?.entries ?? []) {
      if (line.seq !== seq + 1) break
      seq = line.seq
      const done = listed.has(line.imei) ? 'already' : 'applied'
      if (line.action === 'unblock') listed.delete(line.imei)
      else listed.add(line.imei)
      const outcome = line.action === 'unblock' ? 'applied' : done
      results.push({ order: line.order, imei: line.imei, outcome, at: new Date().toISOString() })
    }
    if (results.length > 0) {
      await call('ack', { upTo: seq }).catch(() => null)
      await call('results', { results }).catch(() => null)
    }
    await new Promise((wake) => setTimeout(wake, 20))
  }
}
