import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { UNSTARTABLE } from './process.ts'

export interface Supervised {
  readonly name: string
  /** Rejects with the reason when it cannot run at all. */
  readonly failed: Promise<never>
  /** Asks it to end, waits, and kills it after `grace` milliseconds. */
  stop(grace: number): Promise<void>
  restart(): void
  kill(): void
}

const LONGEST_PAUSE = 30_000
/** Milliseconds after which a process counts as healthy: the next pause starts small again. */
const SOUND = 30_000

/**
 * Node options of a script. A web server's young generation is limited to 8 MB instead of growing freely: after a
 * thousand mixed requests it holds a third less memory, for 3 % more processor time (docs/performance.md).
 */
const OPTIONS: Readonly<Record<string, readonly string[]>> = {
  'scripts/web.ts': ['--max-semi-space-size=8'],
}

/**
 * Starts `script` as a separate process. The IPC channel tells it when this process has ended. It has its own process
 * group, so that Ctrl-C is passed on in order instead of reaching all processes at once.
 */
export const ownProcess =
  (script: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = process.env) =>
  (): ChildProcess =>
    spawn(process.execPath, [...(OPTIONS[script] ?? []), script, ...args], {
      env,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      detached: true,
    })

/** Keeps a process running: restarts it after a growing pause whenever it ends. */
export function supervise(name: string, begin: () => ChildProcess): Supervised {
  let child: ChildProcess | undefined
  let stopping = false
  let restarting = false
  let pause = 500
  let fail: (error: Error) => void
  const failed = new Promise<never>((_, reject) => {
    fail = reject
  })
  // Avoids an unhandled rejection before a caller attaches its own handler.
  failed.catch(() => {})

  function start(): void {
    const started = performance.now()
    child = begin()
    child.on('error', (error) => fail(error))
    child.on('exit', (code, signal) => {
      if (stopping) return
      if (code === UNSTARTABLE) return fail(new Error(`The ${name} process cannot run (see above).`))
      if (performance.now() - started > SOUND) pause = 500
      if (!restarting) console.error(`The ${name} process ended (${signal ?? code}); starting it again.`)
      const wait = restarting ? 0 : pause
      restarting = false
      pause = Math.min(pause * 2, LONGEST_PAUSE)
      setTimeout(() => {
        if (!stopping) start()
      }, wait)
    })
  }

  const running = () => child !== undefined && child.exitCode === null && child.signalCode === null
  start()
  return {
    name,
    failed,
    async stop(grace) {
      stopping = true
      if (!running()) return
      const ended = new Promise((done) => child?.once('exit', done))
      child?.kill('SIGTERM')
      await Promise.race([ended, sleep(grace, undefined, { ref: false })])
      if (running()) child?.kill('SIGKILL')
      await ended
    },
    restart() {
      restarting = true
      child?.kill('SIGTERM')
    },
    kill() {
      stopping = true
      child?.kill('SIGKILL')
    },
  }
}
