import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { findFaketime } from '../../scripts/debian.ts'

const LIBRARY = findFaketime() ?? ''
export const clocksCanBeWrong = LIBRARY !== ''

/** Returns the script of a command of package.json (`web`, `carriers`) in a tree of the code: releases keep them in different folders. */
export function scriptOf(command: string, code = '.'): string {
  const { scripts } = JSON.parse(readFileSync(join(code, 'package.json'), 'utf8'))
  const script = /\S+\.ts$/.exec(scripts[command] ?? '')?.[0]
  if (!script) throw new Error(`${code} has no command ${command}`)
  return script
}

/** The pause before a process that has just been killed comes back: as short as if a supervisor started it. */
const PAUSE_MS = 500

/** A limit of memory that is set for a process when it starts. */
export interface MemoryLimit {
  /** Stands before the command. */
  readonly command: readonly string[]
  /** Node's own flags. */
  readonly flags: readonly string[]
  /** The ends of processes that had it. */
  ends: number
}

/** Keeps one process of the run: starts it again each time it ends, with the clock that is drawn for that start. */
export class Kept {
  readonly name: string
  readonly #script: string
  readonly #args: readonly string[]
  readonly #env: NodeJS.ProcessEnv
  readonly #clock: () => string
  #child: ChildProcess | null = null
  #stopping = false
  #killed = false
  /** Unexpected ends of processes that were ready: a fault stopped them although they should have survived. */
  readonly fell: string[] = []
  /** Set once it has said that it is ready, until it ends. */
  isReady = false
  /** The tree of the code that it runs from its next start on. */
  code: string
  /** The memory that it has from its next start on; all where it is null. Less than it needs may end it at any moment. */
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
      // Time that passes is told right: a wrong clock is not a fast one.
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
      // A process that is cut off while it starts ends, and the supervisor starts it again.
      if (limit !== null) limit.ends++
      else if (ready && !this.#killed) this.fell.push(`${this.name} ended by itself (${signal ?? code})`)
      setTimeout(() => this.#stopping || this.#start(), PAUSE_MS)
    })
  }

  /** Returns its resident memory in bytes; 0 where it is down. */
  get resident(): number {
    try {
      const status = readFileSync(`/proc/${this.#child?.pid}/status`, 'utf8')
      return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024
    } catch {
      return 0
    }
  }

  /** kill -9; false where it was down already. */
  kill(): boolean {
    const child = this.#child
    if (!child?.pid || child.exitCode !== null || child.signalCode !== null || this.#killed) return false
    this.#killed = true
    return child.kill('SIGKILL')
  }

  /** Ends it in order, as an upgrade does, and starts it again; false where it was down already. */
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
