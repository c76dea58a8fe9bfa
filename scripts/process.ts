/** Ends a process of the product: at a signal, or when the process that started it is gone. */
import { once } from 'node:events'
import { isConsoleLogged } from '#platform/console-log.ts'

/** The exit code of a fault that a restart does not repair: the supervisor must give up. */
export const UNSTARTABLE = 78

/** Resolves when npm, which ran this script, is gone. A killed npm leaves its script to another parent process. */
function orphaned(): Promise<void> {
  const parent = process.ppid
  return new Promise((alone) => {
    if (!process.env.npm_lifecycle_event) return
    const timer = setInterval(() => {
      if (process.ppid === parent) return
      clearInterval(timer)
      alone()
    }, 500)
    timer.unref()
  })
}

/** Resolves when the process is asked to stop. A second signal at least a second later ends it at once. */
export async function untilAskedToStop(): Promise<void> {
  const asked = ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'].map((event) => once(process, event))
  await Promise.race([...asked, orphaned()])
  // npm forwards a signal that the terminal has already sent: the pair is one request.
  const since = performance.now()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (performance.now() - since > 1_000) process.exit(130)
    })
  }
}

/** Prints why this process cannot run, for the operator, and ends it. */
export function giveUp(error: unknown): never {
  const words = error instanceof Error ? error.message : String(error)
  // Not redacted: these are our own messages about the environment, and an address in them must stay.
  const line = { level: 60, time: new Date().toISOString(), pid: process.pid, msg: words }
  process.stderr.write(`${isConsoleLogged() ? JSON.stringify(line) : words}\n`)
  process.exit(UNSTARTABLE)
}
