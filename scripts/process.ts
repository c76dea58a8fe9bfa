/** Ends a process of the product: at a signal, or when the process that started it is gone. */
import { once } from 'node:events'
import { isConsoleLogged } from '#platform/console-log.ts'

/** A fault that starting again does not mend: who supervises this process must give up instead. */
export const UNSTARTABLE = 78

/**
 * Resolves when npm, which ran this script, is gone: npm, killed, takes nothing with it, and its script is left
 * to another parent.
 */
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

/** Resolves when the process is asked to end. A second signal a second later or more ends it at once. */
export async function untilAskedToStop(): Promise<void> {
  const asked = ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'].map((event) => once(process, event))
  await Promise.race([...asked, orphaned()])
  // npm hands a signal on that the terminal has already sent: that pair is one request.
  const since = performance.now()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (performance.now() - since > 1_000) process.exit(130)
    })
  }
}

/** Says why this process cannot run, for the person who started it, and ends it. */
export function giveUp(error: unknown): never {
  const words = error instanceof Error ? error.message : String(error)
  // Not redacted: these are our own words about the environment, and an address in them has to stay.
  const line = { level: 60, time: new Date().toISOString(), pid: process.pid, msg: words }
  process.stderr.write(`${isConsoleLogged() ? JSON.stringify(line) : words}\n`)
  process.exit(UNSTARTABLE)
}
