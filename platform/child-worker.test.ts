import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, expect, test } from 'vitest'

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

/** Returns the processes that another one began. */
const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number)
/** Returns the seconds of processor time that a process has used. */
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
    // Its start takes less than half of it: it is at work.
    await expect.poll(() => secondsOf(child), { timeout: 30_000 }).toBeGreaterThan(2)
    parent.kill('SIGKILL')
    await pause(500)
    await expect.poll(() => isAlive(child), { timeout: 10_000 }).toBe(false)
  },
)
