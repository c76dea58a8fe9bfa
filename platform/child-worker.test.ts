import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'
import { ChildWorker, canBeNetworkless } from './child-worker.ts'

let pids: number[] = []
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}
afterEach(() => {
  for (const pid of pids.filter(isAlive)) process.kill(pid, 'SIGKILL')
  pids = []
})

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
/** Returns a process's processor time in seconds. */
const secondsOf = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

test.runIf(process.platform === 'linux')(
  'a process in the middle of endless work ends with the one that began it',
  async () => {
    const parent = spawn(process.execPath, ['tests/processes/parent.ts'], { stdio: 'ignore' })
    pids.push(parent.pid ?? 0)
    await expect.poll(() => childrenOf(parent.pid ?? 0), { timeout: 20_000 }).toHaveLength(1)
    const [child = 0] = childrenOf(parent.pid ?? 0)
    pids.push(child)
    // The start takes less than half of that, so the process is working.
    await expect.poll(() => secondsOf(child), { timeout: 150_000 }).toBeGreaterThan(2)
    parent.kill('SIGKILL')
    await pause(500)
    await expect.poll(() => isAlive(child), { timeout: 10_000 }).toBe(false)
  },
  // On a busy machine it may get a twentieth of a core.
  200_000,
)

test('a confined process decodes, and reaches no network, no file of others, no command and no secret', async () => {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const folder = mkdtempSync(join(tmpdir(), 'an-tam-confined-'))
  writeFileSync(join(folder, 'secret'), 'x')
  const work = {
    port: (server.address() as AddressInfo).port,
    read: ['/etc/passwd', '.env.example', join(folder, 'secret'), `/proc/${process.pid}/environ`],
    write: join(folder, 'written'),
  }
  const limits = { script: 'tests/processes/confined.ts', heapMb: 128, timeLimit: 30_000 }
  const open = new ChildWorker<typeof work, Record<string, unknown>>(limits)
  const confined = new ChildWorker<typeof work, Record<string, unknown>>({ ...limits, confined: true })
  try {
    // Without confinement everything is possible, so this test can fail.
    expect(await open.ask(work)).toMatchObject({ write: true, spawn: true, connect: true })
    expect(await confined.ask(work)).toEqual({
      read: [false, false, false, false],
      code: true,
      write: false,
      spawn: false,
      environment: [],
      connect: !canBeNetworkless(),
      decodes: true,
      thread: true,
    })
  } finally {
    for (const one of [open, confined]) one.end()
    server.close()
    rmSync(folder, { recursive: true, force: true })
  }
})
