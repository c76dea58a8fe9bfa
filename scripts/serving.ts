import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { watchStatus } from '#features/health/status/data.ts'
import { announceProcess } from '#features/installation/acts.ts'
import { completeAnswers } from '#http/http-answers.ts'
import { untilInstallationChecked } from '#http/installation-check.ts'
import { observeRequests } from '#http/observed-requests.ts'
import { ignoreUpgrades } from '#http/protocol-upgrades.ts'
import { routesOf } from '#http/request-route.ts'
import { drain, drainDelay } from '#http/shutdown.ts'
import { logConsole } from '#platform/console-log.ts'
import { env } from '#platform/env.ts'
import { log } from '#platform/log.ts'
import { version } from '#platform/release.ts'
import { joinEmbedded } from './embedded.ts'
import { startMonitoring } from './monitoring.ts'
import { giveUp, untilAskedToStop } from './process.ts'
import { withoutSigningKey } from './signing-key.ts'
import { startTracing } from './tracing.ts'

// Global, because `npm run web` and Next's own call (instrumentation.ts) run from two bundles.
const shared = globalThis as { antamBegun?: true }

/**
 * Milliseconds that a start waits for the checks, which is enough to report most faults before anything is served. It
 * does not wait longer for an unreachable database, because health must answer.
 */
const PATIENCE = 10_000

/**
 * Drains this process after a request to stop, and ends it. Removes Next's own handlers, which `next start` and the
 * standalone server have already added and which would close the port at once.
 */
async function drainWhenAsked(ended: () => Promise<void>): Promise<void> {
  process.env.NEXT_MANUAL_SIG_HANDLE = '1'
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.removeAllListeners(signal)
  await untilAskedToStop()
  // The parent process was killed: nothing waits for a clean end, and a new process needs the port.
  if (process.send && !process.connected) process.exit(0)
  await drain(drainDelay(), env().DRAIN_SECONDS * 1000)
  await Promise.race([ended(), sleep(1_000)])
  process.exit(0)
}

/**
 * Prepares a process to serve the site, for every command that starts one. Without DATABASE_URL it joins the embedded
 * installation running over DATA_DIR. In `production` it logs the output of libraries, and ends as described in
 * docs/operations/watch.md. Ends the process if its environment, keys or store are wrong.
 */
export async function beginToServe(production = process.env.NODE_ENV === 'production'): Promise<void> {
  if (shared.antamBegun) return
  shared.antamBegun = true
  // In development Next's output is for the person at the terminal.
  if (production) logConsole()
  try {
    joinEmbedded()
    withoutSigningKey(process.env)
    const { HOST, PORT, PUBLIC_URL, METRICS_PORT, ACCESS_LOG } = env()
    process.env.NEXTAUTH_URL ??= PUBLIC_URL ?? `http://${HOST}:${PORT}`
    const flush = await startTracing('web')
    let forget = async () => {}
    if (production) void drainWhenAsked(async () => void (await Promise.all([forget(), flush?.()])))
    const accessLog = ACCESS_LOG === 'on'
    const routeOf = routesOf(handlers())
    if (accessLog || METRICS_PORT !== undefined)
      observeRequests({ routeOf, notPort: METRICS_PORT, accessLog })
    completeAnswers(routeOf)
    // The development server reloads pages over such a connection.
    if (production) ignoreUpgrades()
    await startMonitoring({ kind: 'web' })
    const checked = untilInstallationChecked().then((faults) => {
      if (faults.length > 0) giveUp(faults.join('\n'))
      forget = announceProcess('web', new Date())
    })
    await Promise.race([checked, sleep(PATIENCE)])
    if (production) watchStatus()
    log().info({ version, node: process.version }, 'web started')
  } catch (error) {
    giveUp(error)
  }
}

/** Returns the handlers' routes from the build's list; in development there is none, and they count as `other`. */
function handlers(): string[] {
  try {
    const routes: Record<string, string> = JSON.parse(
      readFileSync('.next/app-path-routes-manifest.json', 'utf8'),
    )
    return Object.entries(routes).flatMap(([file, route]) => (file.endsWith('/route') ? [route] : []))
  } catch {
    return []
  }
}
