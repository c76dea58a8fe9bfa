import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findFaketime } from '../../scripts/debian.ts'

const LIBRARY = findFaketime() ?? ''
export const clocksCanBeWrong = LIBRARY !== ''

/**
 * Returns the script of a package.json command (`web`, `carriers`) in a tree of the code. Releases keep their
 * scripts in different folders.
 */
export function scriptOf(command: string, code = '.'): string {
  const { scripts } = JSON.parse(readFileSync(join(code, 'package.json'), 'utf8'))
  const script = /\S+\.ts$/.exec(scripts[command] ?? '')?.[0]
  if (!script) throw new Error(`${code} has no command ${command}`)
  return script
}

/** The pause before a killed process is restarted, as short as a supervisor's. */
const PAUSE_MS = 500

export interface MemoryLimit {
  /** Words before the command. */
  readonly command: readonly string[]
  readonly flags: readonly string[]
  /** Number of process ends under this limit. */
  ends: number
}

/** Keeps one process of the run alive: restarts it after each end, with the clock drawn for that start. */
export class Kept {
  readonly name: string
  readonly #script: string
  readonly #args: readonly string[]
  readonly #env: NodeJS.ProcessEnv
  readonly #clock: () => string
  #child: ChildProcess | null = null
  #stopping = false
  #killed = false
  /** Unexpected ends of processes that were ready. They should have survived the fault. */
  readonly fell: string[] = []
  /** True from the process's ready message until its end. */
  isReady = false
  /** The tree of the code that its next start uses. */
  code: string
  /** The memory limit of its next start; null for none. With less memory than it needs, it may end at any moment. */
  memory: MemoryLimit | null = null
  startedAt = 0
  starts = 0

  constructor(
    name: string,
    script: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv,
    clock: () => string,
    code = '.',
  ) {
    this.name = name
    this.code = code
    this.#script = script
    this.#args = args
    this.#env = env
    this.#clock = clock
    this.#start()
  }

  #start(): void {
    const clock = this.#clock()
    const wrong = {
      LD_PRELOAD: LIBRARY,
      FAKETIME: clock,
      // Only the date is wrong: a wrong clock does not run faster.
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      FAKETIME_DONT_RESET: '1',
    }
    this.#killed = false
    this.isReady = false
    this.startedAt = performance.now()
    this.starts++
    const limit = this.memory
    const isSilent = (this.#env.LOG_LEVEL ?? 'silent') === 'silent'
    const [command, ...args] = [...(limit?.command ?? []), process.execPath, ...(limit?.flags ?? [])] as [
      string,
    ]
    const child = spawn(command, [...args, this.#script, ...this.#args], {
      cwd: this.code,
      env: { ...this.#env, ...(clock !== '' && wrong) },
      stdio: ['ignore', isSilent ? 'ignore' : process.stderr, 'inherit', 'ipc'],
    })
    this.#child = child
    child.once('message', () => {
      this.isReady = true
    })
    child.once('exit', (code, signal) => {
      const ready = this.isReady
      this.isReady = false
      if (this.#stopping) return
      // A process that a fault ends during its start is restarted like any other.
      if (limit !== null) limit.ends++
      else if (ready && !this.#killed) this.fell.push(`${this.name} ended by itself (${signal ?? code})`)
      setTimeout(() => this.#stopping || this.#start(), PAUSE_MS)
    })
  }

  /** Returns the resident memory in bytes; 0 if the process is down. */
  get resident(): number {
    try {
      const status = readFileSync(`/proc/${this.#child?.pid}/status`, 'utf8')
      return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024
    } catch {
      return 0
    }
  }

  /** Sends SIGKILL; returns false if the process was down already. */
  kill(): boolean {
    const child = this.#child
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null || this.#killed) return false
    this.#killed = true
    return child.kill('SIGKILL')
  }

  /** Ends the process gracefully, as an upgrade does, so that it is restarted; returns false if it was down already. */
  restart(): boolean {
    const child = this.#child
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null || this.#killed) return false
    this.#killed = true
    return child.kill('SIGTERM')
  }

  async stop(): Promise<void> {
    this.#stopping = true
    const child = this.#child
    if (!child || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((done) => child.once('exit', done))
    child.kill('SIGTERM')
    await Promise.race([gone, sleep(10_000)])
    child.kill('SIGKILL')
    await gone
  }
}
