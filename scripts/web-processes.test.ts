import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterEach, expect, test, vi } from 'vitest'
import { freePort } from './free-port.ts'

let primary: ChildProcess
let url = ''
let said = ''

async function begin(env: Record<string, string> = {}): Promise<void> {
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  said = ''
  primary = spawn(process.execPath, ['tests/processes/web-processes.ts'], {
    env: { ...process.env, PORT: String(port), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const stream of [primary.stdout, primary.stderr])
    stream?.on('data', (chunk) => {
      said += String(chunk)
    })
}

const ask = async (path = '/'): Promise<number> =>
  Number(await fetch(url + path, { signal: AbortSignal.timeout(5_000) }).then((answer) => answer.text()))

/**
 * Returns the ids of the processes that answered sixteen requests. By chance one process answers all of them once in
 * 32,000 times.
 */
const answering = async (): Promise<ReadonlySet<number>> =>
  new Set(await Promise.all(Array.from({ length: 16 }, () => ask())))

const two = () =>
  vi.waitFor(
    async () => {
      const ids = await answering()
      expect(ids.size).toBe(2)
      return [...ids]
    },
    { timeout: 20_000, interval: 100 },
  )

const isThere = (id: number): boolean => {
  try {
    return process.kill(id, 0)
  } catch {
    return false
  }
}

afterEach(() => void primary.kill('SIGKILL'))

test('two processes answer; one that is killed is replaced; asked to stop, they end what they began', async () => {
  await begin()
  const [one = 0, other = 0] = await two()
  process.kill(one, 'SIGKILL')
  const now = await vi.waitFor(
    async () => {
      const ids = await two()
      expect(ids).not.toContain(one)
      return ids
    },
    { timeout: 20_000 },
  )
  expect(now).toContain(other)
  expect(said).toContain('The web process ended (SIGKILL); starting it again.')

  const slow = ask('/slow')
  await ask()
  primary.kill('SIGTERM')
  const [code] = await once(primary, 'exit')
  expect(code).toBe(0)
  expect(now).toContain(await slow)
  expect(now.filter(isThere)).toEqual([])
}, 60_000)

test('they are gone with the process that began them', async () => {
  await begin()
  const both = await two()
  primary.kill('SIGKILL')
  await vi.waitFor(() => expect(both.filter(isThere)).toEqual([]), { timeout: 10_000 })
}, 60_000)

test('where one cannot run at all, that is said and nothing is tried again', async () => {
  await begin({ UNSTARTABLE: '1' })
  const [code] = await once(primary, 'exit')
  expect(code).not.toBe(0)
  expect(said).toContain('The web process cannot run (see above).')
  expect(said).not.toContain('starting it again')
}, 60_000)
