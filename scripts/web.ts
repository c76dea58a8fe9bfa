/**
 * `npm run web`: the web server: one process per core behind one port (platform/web-processes.ts), each a `next start`
 * with the options that a reverse proxy in front needs. Needs DATABASE_URL and a finished build (`npm start` makes one;
 * so does `npx next build`). With --dev it is one `next dev`. The work of a process before it serves is in
 * instrumentation.ts.
 */
import { setDefaultResultOrder } from 'node:dns'
import { existsSync } from 'node:fs'
import { availableParallelism, totalmem } from 'node:os'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { drainDelay } from '#http/shutdown.ts'
import { logConsole } from '#platform/console-log.ts'
import { env } from '#platform/env.ts'
import { noteSharing, processesFor } from '#platform/web-processes.ts'
import { readArguments } from './arguments.ts'
import { joinEmbedded } from './embedded.ts'
import { untilPortIsFree } from './free-port.ts'
import { giveUp, untilAskedToStop } from './process.ts'
import { withoutSigningKey } from './signing-key.ts'
import { processesBeside, serveByProcesses, sharePort } from './web-processes.ts'

const USAGE = 'usage: npm run web (its settings are variables: docs/operations/configuration.md)'
const dev = process.argv.includes('--dev')

/** Milliseconds that a development server may take to end. */
const GRACE = 5_000

/**
 * Milliseconds; longer than a reverse proxy keeps an idle connection (nginx: 60 s), which otherwise would send into a
 * closed one.
 */
const KEEP_ALIVE = 75_000

/** The server of a build with `output: 'standalone'`, which has no `next` command. */
const STANDALONE = resolve('server.js')

/** Ends `next dev` by its own handler when a stop is requested; a built site drains instead (serving.ts). */
async function endDevelopment(): Promise<void> {
  await untilAskedToStop()
  // On this signal Next ends by itself after its requests, with exit code 143.
  process.on('exit', () => {
    process.exitCode = 0
  })
  process.kill(process.pid, 'SIGTERM')
  setTimeout(() => process.exit(), GRACE)
}

async function main(): Promise<void> {
  const beside = processesBeside(process.argv)
  if (beside !== null) {
    noteSharing(beside)
    sharePort(env().PORT)
    return serve()
  }
  readArguments(USAGE, { options: { dev: { type: 'boolean' } } })
  joinEmbedded()
  withoutSigningKey(process.env)
  const { HOST, PORT, METRICS_PORT, METRICS_HOST } = env()
  const memory = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY)
  const processes =
    dev || process.platform !== 'linux' ? 1 : processesFor(env(), { cores: availableParallelism(), memory })
  await untilPortIsFree(PORT, HOST)
  if (processes === 1) return serve()
  logConsole()
  if (METRICS_PORT !== undefined) {
    const { monitorTogether } = await import('./monitoring-together.ts')
    await monitorTogether({ port: METRICS_PORT, host: METRICS_HOST })
  }
  // Less than a process manager gives this process, more than each child takes by its own limits.
  const grace = drainDelay() + env().DRAIN_SECONDS * 1000 + 2_000
  await serveByProcesses('scripts/web.ts', processes, `http://${HOST}:${PORT}`, grace)
}

async function serve(): Promise<void> {
  const { HOST, PORT } = env()
  // Checked here already, so that a fault is reported before anything listens. Loaded here, because a process that only
  // passes connections on does not need it.
  const { beginToServe } = await import('./serving.ts')
  await beginToServe(!dev)
  if (!dev && !existsSync('.next/BUILD_ID')) giveUp('There is no build: npm run build makes it.')
  if (dev) void endDevelopment()
  // If HOST is a loopback address, Next takes the proxy's rewrites for those to another site, and requests itself for
  // ever.
  setDefaultResultOrder('ipv4first')
  const host = /^127\./.test(HOST) ? 'localhost' : HOST
  // The variables that a standalone build reads when it starts.
  Object.assign(process.env, { HOSTNAME: host, PORT: String(PORT), KEEP_ALIVE_TIMEOUT: String(KEEP_ALIVE) })
  const keepAlive = dev ? [] : ['--keepAliveTimeout', String(KEEP_ALIVE)]
  process.argv.splice(2, Number.POSITIVE_INFINITY, dev ? 'dev' : 'start', '-H', host, '-p', String(PORT))
  process.argv.push(...keepAlive)
  const { log } = console
  // `npm start` prints one line with the site's address (docs/interface.md); Next would print a different address of the
  // same site.
  if (process.send) console.log = () => {}
  if (existsSync(STANDALONE) && !dev) await import(pathToFileURL(STANDALONE).href)
  else await import('next/dist/bin/next')
  if (process.send) await tellWhenReady(`http://${reachable(host)}:${PORT}/api/health/live`)
  console.log = log
}

/** Returns a host at which this machine reaches a server that listens on `host`. */
const reachable = (host: string): string => {
  const one = { '0.0.0.0': '127.0.0.1', '::': '::1' }[host] ?? host
  return one.includes(':') ? `[${one}]` : one
}

async function tellWhenReady(url: string): Promise<void> {
  while (!(await fetch(url).catch(() => null))?.ok) await sleep(50)
  process.send?.('ready')
}

await main().catch(giveUp)
