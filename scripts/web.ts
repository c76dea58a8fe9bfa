/**
 * `npm run web`: one web server, which is `next start` with the options that a reverse proxy before it needs. Needs
 * DATABASE_URL and a finished build (`npm start` makes one; so does `npx next build`). With --dev it is `next dev`. What
 * a process does before it serves is in instrumentation.ts.
 */
import { setDefaultResultOrder } from 'node:dns'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { env } from '#platform/env.ts'
import { giveUp, untilAskedToStop } from './process.ts'
import { beginToServe } from './serving.ts'

const dev = process.argv.includes('--dev')

/** The time that a development server has to end. */
const GRACE = 5_000

/** Longer than a reverse proxy keeps a connection that nobody uses (nginx: 60 s), or it would send into a closed one. */
const KEEP_ALIVE = 75_000

function tryPort(port: number, host: string): Promise<NodeJS.ErrnoException | null> {
  return new Promise((settled) => {
    const server = createServer()
    server.once('error', settled).listen(port, host, () => server.close(() => settled(null)))
  })
}

/** A server that was killed a moment ago may hold the port a little longer. */
async function untilPortIsFree(port: number, host: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const error = await tryPort(port, host)
    if (error === null) return
    if (error.code !== 'EADDRINUSE') giveUp(`Cannot listen on ${host}:${port}: ${error.message}`)
    if (attempt === 10) giveUp(`Port ${port} on ${host} is taken by another program: set PORT to a free one.`)
    await sleep(300)
  }
}

/** `next dev` ends by its own handler; what is built drains (serving.ts). */
async function endDevelopment(): Promise<void> {
  await untilAskedToStop()
  // Next ends by itself on this signal, once its requests have ended, with 143.
  process.on('exit', () => {
    process.exitCode = 0
  })
  process.kill(process.pid, 'SIGTERM')
  setTimeout(() => process.exit(), GRACE)
}

async function main(): Promise<void> {
  const { HOST, PORT } = env()
  // Asked already here, so that a fault is told before anything listens.
  await beginToServe(!dev)
  if (!dev && !existsSync('.next/BUILD_ID')) giveUp('There is no build: run `npx next build` first.')
  await untilPortIsFree(PORT, HOST)
  if (dev) void endDevelopment()
  // Given an address of this machine, Next takes the proxy's rewrites for those to another site, and asks itself for ever.
  setDefaultResultOrder('ipv4first')
  const host = /^127\./.test(HOST) ? 'localhost' : HOST
  const keepAlive = dev ? [] : ['--keepAliveTimeout', String(KEEP_ALIVE)]
  process.argv.splice(2, Number.POSITIVE_INFINITY, dev ? 'dev' : 'start', '-H', host, '-p', String(PORT))
  process.argv.push(...keepAlive)
  const { log } = console
  // `npm start` prints one line with the site's address (docs/interface.md); Next's names another one for the same.
  if (process.send) console.log = () => {}
  await import('next/dist/bin/next')
  if (process.send) await tellWhenReady(`http://${host}:${PORT}/api/health/live`)
  console.log = log
}

/** Tells the process that started this one that it answers. */
async function tellWhenReady(url: string): Promise<void> {
  while (!(await fetch(url).catch(() => null))?.ok) await sleep(50)
  process.send?.('ready')
}

await main().catch(giveUp)
