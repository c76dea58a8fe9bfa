import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from '../scripts/free-port.ts'

const READY = /https?:\/\/[\w.]+:\d+/

/** A running copy of the whole product with its own data, as `npm start` runs it. */
export interface Product {
  readonly url: string
  readonly dataDir: string
  readonly process: ChildProcess
  stop(): Promise<void>
}

export async function startProduct(env: Record<string, string> = {}): Promise<Product> {
  const dataDir = mkdtempSync(join(tmpdir(), 'antam-e2e-'))
  const port = await freePort()
  const child = spawn(process.execPath, ['scripts/start.ts'], {
    env: {
      ...process.env,
      // Playwright sets it. Together with NO_COLOR, Node prints a warning that is no line of the log.
      FORCE_COLOR: undefined,
      PORT: String(port),
      DATA_DIR: dataDir,
      // All journeys come from one address, far faster than people. The limits have their own tests.
      LIMIT_SCALE: '1000',
      // Tests that need a client's address send it as a proxy would.
      TRUSTED_PROXIES: '1',
      LOG_LEVEL: 'error',
      // No proxy has to notice the end first.
      DRAIN_DELAY: '0',
      // Stories expect a city without any data.
      DEMO: 'empty',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = [child.stdout, child.stderr].map((stream) => createInterface({ input: stream }))
  const unread: string[] = []
  for (const lines of said)
    lines.on('line', (line) => {
      process.stderr.write(`${line}\n`)
      if (!OF_START.test(line) && !OF_CARRIERS.test(line) && !isLine(line)) unread.push(line)
    })
  const exited = new Promise<never>((_, reject) =>
    child.once('exit', (code) => reject(new Error(`the product stopped with ${code} before it was ready`))),
  )
  const ready = new Promise<string>((resolve) => {
    said[0]?.on('line', (line) => {
      const url = OF_START.test(line) ? READY.exec(line)?.[0] : undefined
      if (url) resolve(url)
    })
  })
  const url = await Promise.race([ready, exited])
  exited.catch(() => {})
  return {
    url,
    dataDir,
    process: child,
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await gone
      rmSync(dataDir, { recursive: true, force: true })
      // Web server and worker print only log lines, even under the faults that a test causes.
      if (unread.length > 0)
        throw new Error(`${unread.length} lines are not of the log:\n${unread.slice(0, 20).join('\n')}`)
    },
  }
}

/** The output of the demo carriers, which are not part of the product. */
const OF_CARRIERS = /^(viettel|vinaphone|mobifone|vietnamobile|gmobile): /
/** The output of `npm start` itself. */
const OF_START =
  /^(Building the site …|An Tâm is ready: |Stopping …|The (web|worker|carriers) process ended|\s*$)/

function isLine(line: string): boolean {
  try {
    const { level, time, msg } = JSON.parse(line)
    return typeof level === 'number' && !Number.isNaN(Date.parse(time)) && typeof msg === 'string'
  } catch {
    return false
  }
}

/** Refuses `npm run dev`. It compiles each page at the first request, which takes longer than a test waits. */
async function refuseDevelopment(url: string): Promise<void> {
  const { headers } = await fetch(url, { signal: AbortSignal.timeout(60_000) })
  if (headers.get('content-security-policy')?.includes("'unsafe-eval'"))
    throw new Error(
      `${url} is a development server. Leave E2E_URL away: the tests then start a product of their own.`,
    )
}

/** Starts the product for the whole run, or uses a running one (E2E_URL and E2E_DATA_DIR). */
export default async function globalSetup(): Promise<() => Promise<void>> {
  if (process.env.E2E_URL) {
    await refuseDevelopment(process.env.E2E_URL)
    return async () => {}
  }
  // The address at which a story plays a carrier. It is the only one that is pushed to although it is not public HTTPS.
  const carrier = `http://127.0.0.1:${await freePort()}`
  process.env.E2E_PUSH_TO = carrier
  const product = await startProduct({ PUSH_ALLOW: carrier })
  process.env.E2E_URL = product.url
  process.env.E2E_DATA_DIR = product.dataDir
  return () => product.stop()
}
