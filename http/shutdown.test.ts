import { once } from 'node:events'
import {
  Agent,
  createServer,
  type IncomingMessage,
  type RequestListener,
  request,
  type Server,
} from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { endDraining, isDraining, onDraining } from '#platform/draining.ts'
import { completeAnswers } from './http-answers.ts'
import { drain } from './shutdown.ts'

beforeAll(() => {
  vi.stubEnv('NODE_ENV', 'production')
  vi.stubEnv('LOG_LEVEL', 'silent')
  completeAnswers(() => 'other')
})
let server: Server
const agent = new Agent({ keepAlive: true })
afterEach(() => {
  endDraining()
  server.closeAllConnections()
  agent.destroy()
})

async function serve(answer: RequestListener): Promise<number> {
  server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}
async function answerOf(sent: ReturnType<typeof request>) {
  const [response] = (await once(sent, 'response')) as [IncomingMessage]
  return { status: response.statusCode, connection: response.headers.connection, body: await text(response) }
}
const get = (port: number, path = '/') => answerOf(request({ port, host: '127.0.0.1', path, agent }).end())

test('an upload that has begun arrives whole, others are answered until the door closes, and then it ends', async () => {
  const port = await serve(async (asked, response) => {
    response.end(`${(await text(asked)).length} bytes, draining ${isDraining()}`)
  })
  expect((await get(port)).connection).toBe('keep-alive')
  const upload = request({ port, host: '127.0.0.1', method: 'POST', agent })
  upload.write('x'.repeat(1000))
  await sleep(20)
  const ended = drain(150, 5_000)
  // The server still accepts requests, but closes each connection after its answer, so that the next request goes to another
  // server.
  expect(await get(port)).toEqual({ status: 200, connection: 'close', body: '0 bytes, draining true' })
  await sleep(250)
  await expect(get(port)).rejects.toThrow(/ECONNREFUSED/)
  let over = false
  void ended.then(() => {
    over = true
  })
  for (let n = 0; n < 3; n++) {
    upload.write('x'.repeat(1000))
    await sleep(60)
  }
  expect(over).toBe(false)
  upload.end()
  expect(await answerOf(upload)).toEqual({
    status: 200,
    connection: 'close',
    body: '4000 bytes, draining true',
  })
  expect(await ended).toBe(0)
})

test('what only waits is answered at once', async () => {
  const port = await serve(async (_, response) => {
    await new Promise<void>((resolve) => {
      onDraining(resolve)
    })
    response.end('nothing new')
  })
  const poll = get(port)
  await sleep(20)
  const began = performance.now()
  expect(await drain(0, 5_000)).toBe(0)
  expect((await poll).body).toBe('nothing new')
  expect(performance.now() - began).toBeLessThan(1_000)
})

test('a request that never ends is cut when the time is over', async () => {
  const port = await serve(() => {})
  const never = get(port).catch((error: Error) => error.message)
  await sleep(20)
  expect(await drain(0, 100)).toBe(1)
  server.closeAllConnections()
  expect(await never).toMatch(/hang up/)
})
