import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from '@playwright/test'
import { freePort } from '../../scripts/free-port.ts'
import { type Product, startProduct } from '../product.ts'

const RESTARTS = 3
const READERS = 6

let product: Product
test.beforeAll(async () => {
  product = await startProduct({ PORT: String(await freePort()), WEB_PROCESSES: '1', DEMO: 'city' })
})
test.afterAll(async () => {
  if (product.process.exitCode === null) await product.stop()
  rmSync(product.dataDir, { recursive: true, force: true })
})

class Server {
  readonly port: number
  readonly #env: NodeJS.ProcessEnv
  #process: ChildProcess | undefined

  constructor(port: number, env: NodeJS.ProcessEnv) {
    this.port = port
    this.#env = env
  }

  async start(): Promise<void> {
    const env = { ...this.#env, PORT: String(this.port) }
    this.#process = spawn(process.execPath, ['scripts/web.ts'], { env, stdio: 'ignore' })
    const live = () => fetch(`http://127.0.0.1:${this.port}/api/health/ready`).then(({ status }) => status)
    await expect.poll(() => live().catch(() => 0), { timeout: 90_000 }).toBe(200)
  }

  async stop(): Promise<void> {
    const gone = this.#process && once(this.#process, 'exit')
    this.#process?.kill('SIGTERM')
    await gone
  }
}

test('kept pages are answered through three rolling restarts of two web servers: no request fails', async () => {
  test.setTimeout(600_000)
  const [, , , postgres = ''] = readFileSync(join(product.dataDir, 'postgres/postmaster.pid'), 'utf8').split(
    '\n',
  )
  const { database, ...keys } = JSON.parse(readFileSync(join(product.dataDir, 'secrets.json'), 'utf8'))
  const env = {
    ...process.env,
    ...keys,
    DATA_DIR: product.dataDir,
    LOG_LEVEL: 'silent',
    WEB_PROCESSES: '1',
    // The port closes at once, while many requests still wait for their page.
    DRAIN_DELAY: '0',
    TRUSTED_PROXIES: '0',
    DATABASE_URL: `postgresql://antam_app:${encodeURIComponent(database.application)}@127.0.0.1:${postgres}/antam`,
  }
  const servers = [new Server(await freePort(), env), new Server(await freePort(), env)] as const
  const list = await (await fetch(`${product.url}/danh-gia`)).text()
  const agencies = [...new Set([...list.matchAll(/href="\/danh-gia\/([a-z]+-[\w-]+)"/g)].map(([, id]) => id))]
  expect(agencies.length).toBeGreaterThan(10)
  const paths = ['/', '/ket-qua', '/so-lieu', '/hoi-dap'].concat(
    agencies.flatMap((id) => [`/ket-qua/${id}`, `/danh-gia/${id}`, `/en/results/${id}`]),
  )

  const seen = new Map<number, number>()
  let over = false
  /** Sends requests as a proxy does: skips a server that refuses the connection. */
  async function read(reader: number): Promise<void> {
    for (let n = reader; !over; n += READERS) {
      const order = n % 2 === 0 ? servers : servers.toReversed()
      for (const { port } of order) {
        const path = paths[n % paths.length]
        const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
          headers: { connection: 'close' },
        }).catch((error: Error) => (refused(error) ? null : Promise.reject(error)))
        if (answer === null) continue
        await answer.arrayBuffer()
        seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1)
        break
      }
    }
  }

  await Promise.all(servers.map((server) => server.start()))
  const readers = Array.from({ length: READERS }, (_, reader) => read(reader))
  try {
    for (let restart = 0; restart < RESTARTS; restart++) {
      for (const server of servers) {
        // Its page cache is empty after its start, so many pages are made again.
        await sleep(1_000)
        await server.stop()
        await server.start()
      }
    }
  } finally {
    over = true
    await Promise.all(readers)
    await Promise.all(servers.map((server) => server.stop()))
  }
  console.log('rolling restarts:', Object.fromEntries(seen))
  // 503 tells the client when to retry; any other status is a fault.
  expect([...seen.keys()].filter((status) => status !== 200 && status !== 503)).toEqual([])
  expect(seen.get(200) ?? 0).toBeGreaterThan(200)
})

/** Returns whether the connection was refused, or closed before any part of an answer. */
const refused = ({ cause }: Error): boolean =>
  /^(ECONNREFUSED|ECONNRESET|UND_ERR_SOCKET)$/.test((cause as NodeJS.ErrnoException | undefined)?.code ?? '')
