import { once } from 'node:events'
import { readdirSync, rmSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@playwright/test'
import { freePort } from '../../scripts/free-port.ts'
import { Report } from '../forms/people.ts'
import { photo } from '../photo.ts'
import { type Product, startProduct } from '../product.ts'
import { keysOf } from './ground.ts'

const UPLOAD = 12_000
const PIECES = 24
/** One of two processes gives this many answers in a row by chance only once in five hundred times. */
const IN_A_ROW = 10

let product: Product
const shared = { E2E_URL: process.env.E2E_URL, E2E_DATA_DIR: process.env.E2E_DATA_DIR }
test.beforeAll(async () => {
  product = await startProduct({ PORT: String(await freePort()), WEB_PROCESSES: '2', DRAIN_DELAY: '8' })
  process.env.E2E_URL = product.url
  process.env.E2E_DATA_DIR = product.dataDir
})
test.afterAll(async () => {
  // The other test files of this process use the shared product.
  Object.assign(process.env, shared)
  if (product.process.exitCode === null) await product.stop()
  rmSync(product.dataDir, { recursive: true, force: true })
})

const since = (moment: number): number => Math.round(performance.now() - moment)

/** Sends a file like a slow phone, in pieces over {@link UPLOAD} milliseconds, and returns the answer. */
async function upload(cookie: string, picture: Buffer): Promise<IncomingMessage> {
  const boundary = 'a-boundary'
  const field = (name: string, value: string) =>
    `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  const body = Buffer.concat([
    Buffer.from(
      `${field('evidenceKind', 'box')}${field('step', 'add')}--${boundary}\r\ncontent-disposition: form-data; name="evidence"; filename="box.jpg"\r\ncontent-type: image/jpeg\r\n\r\n`,
    ),
    picture,
    Buffer.from(`\r\n--${boundary}--\r\n`),
  ])
  const sent = request(`${product.url}/api/evidence`, {
    method: 'POST',
    headers: {
      cookie,
      origin: product.url,
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': body.length,
    },
  })
  const answered = once(sent, 'response') as Promise<[IncomingMessage]>
  answered.catch(() => {})
  for (let piece = 0; piece < PIECES; piece++) {
    sent.write(
      body.subarray((body.length * piece) / PIECES, Math.floor((body.length * (piece + 1)) / PIECES)),
    )
    await sleep(UPLOAD / PIECES)
  }
  sent.end()
  const [answer] = await answered
  return answer.resume()
}

test('an upload goes on through a stop, readiness turns red first, and a long poll is answered', async () => {
  const report = new Report()
  await report.toPhone()
  const cookie = [...report.who.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  const before = storedFiles()
  const [key = ''] = [...keysOf(product.dataDir).values()]
  const headers = { authorization: `Bearer ${key}` }
  const { next } = await (await fetch(`${product.url}/api/carrier/v1/changes?after=0`, { headers })).json()

  const { buffer } = await photo()

  const begun = performance.now()
  const uploaded = upload(cookie, buffer).then((answer) => ({ answer, after: since(begun) }))
  const polled = fetch(`${product.url}/api/carrier/v1/changes?after=${next}&wait=30`, { headers }).then(
    (answer) => ({ status: answer.status, after: since(begun) }),
  )
  await sleep(2_000)
  const gone = once(product.process, 'exit').then(() => since(begun))
  product.process.kill('SIGTERM')

  // Both processes report draining while they still take requests. The system chooses which of them answers, so
  // one answer is not enough.
  for (let same = 0; same < IN_A_ROW; ) {
    const ready = await fetch(`${product.url}/api/health/ready`, { headers: { connection: 'close' } })
    const { status } = await ready.json()
    same = ready.status === 503 && status === 'draining' ? same + 1 : 0
  }
  const red = since(begun)
  const poll = await polled
  expect(poll.status).toBe(200)
  const { answer, after } = await uploaded
  expect([answer.statusCode, answer.headers.location]).toEqual([303, expect.not.stringContaining('error')])
  const ended = await gone
  expect(red).toBeLessThan(after)
  expect(poll.after).toBeLessThan(after)
  expect(after).toBeGreaterThan(UPLOAD)
  // The answer and the end come within milliseconds, in either order for this process.
  expect(ended).toBeGreaterThan(UPLOAD)
  expect(storedFiles()).toBe(before + 1)
})

const storedFiles = (): number =>
  readdirSync(join(product.dataDir, 'evidence'), { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.original'),
  ).length
