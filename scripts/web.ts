/**
 * `npm run web`: one web server. Needs DATABASE_URL and a finished build (`npm start` makes one; so does `npx next
 * build`). With --dev it compiles as it goes.
 */
import { existsSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import next from 'next'
import { answerUnreadable } from '#server/entry/bare-answer.ts'
import { gate } from '#server/entry/gate.ts'
import { servedUnderLoad } from '#server/entry/overload-answer.ts'
import { admit } from '#server/installation/commands.ts'
import { env } from '#server/platform/env.ts'
import { log } from '#server/platform/log.ts'
import { giveUp, untilAskedToStop } from './process.ts'
import { withoutSigningKey } from './signing-key.ts'

const dev = process.argv.includes('--dev')

/** Milliseconds that requests may take to end once the server is asked to stop; carriers' long polls are cut then. */
const GRACE = 5_000

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((listening, reject) => {
    const settle = (error?: Error) => {
      server.off('error', settle).off('listening', settle)
      if (error) reject(error)
      else listening()
    }
    server.once('error', settle).once('listening', settle).listen(port, host)
  })
}

/** A server that was killed a moment ago may hold the port a little longer. */
async function listenPatiently(server: Server, port: number, host: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await listen(server, port, host)
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code !== 'EADDRINUSE') giveUp(`Cannot listen on ${host}:${port}: ${(error as Error).message}`)
      if (attempt === 10)
        giveUp(`Port ${port} on ${host} is taken by another program: set PORT to a free one.`)
      await sleep(300)
    }
  }
}

/** The beginning of all that is answered before keys and store are known to be this database's: health alone. */
const HEALTH = '/api/health/'

/** Tries until the database answers; a fault that it then finds ends the process. */
async function untilAdmitted(): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const faults = await admit(new Date()).catch((err: unknown) => {
      if (attempt === 1)
        log().error({ err }, 'the database does not answer; nothing is served before it does')
      return null
    })
    if (faults?.length === 0) return
    if (faults) giveUp(faults.join('\n'))
    await sleep(1_000)
  }
}

function notYet(response: ServerResponse): void {
  response
    .writeHead(503, {
      'content-type': 'text/plain; charset=utf-8',
      'retry-after': '5',
      'cache-control': 'no-store',
    })
    .end(
      'Hệ thống đang khởi động, xin thử lại sau ít phút.\nThe service is starting; please try again in a few minutes.\n',
    )
}

async function main(): Promise<void> {
  withoutSigningKey(process.env)
  const { HOST, PORT, PUBLIC_URL } = env()
  process.env.NEXTAUTH_URL ??= PUBLIC_URL ?? `http://${HOST}:${PORT}`
  const asked = untilAskedToStop()
  let admitted = false
  const admission = untilAdmitted().then(() => {
    admitted = true
  })
  // One that is answered at once is waited for: most starts tell a fault before anything listens.
  await Promise.race([admission, sleep(10_000)])
  if (!dev && !existsSync('.next/BUILD_ID')) giveUp('There is no build: run `npx next build` first.')
  const server = createServer()
  const app = next({ dev, dir: process.cwd(), hostname: 'localhost', port: PORT, httpServer: server })
  const handle = app.getRequestHandler()
  server.on('request', (request, response) => {
    if (!admitted && !request.url?.startsWith(HEALTH)) return notYet(response)
    servedUnderLoad(response, () => gate(request, response))
      .then((on) => (on ? servedUnderLoad(response, () => handle(request, response)) : undefined))
      .catch((err: unknown) => {
        log().error({ err }, 'request failed')
        response.destroy()
      })
  })
  server.on('clientError', answerUnreadable)
  await app.prepare()
  await listenPatiently(server, PORT, HOST)
  process.send?.('ready')
  await asked
  // The process that started this one was killed: a clean end helps no one, and a new process wants the port.
  if (process.send && !process.connected) process.exit(0)
  const closed = new Promise((done) => server.close(done))
  server.closeIdleConnections()
  await Promise.race([closed, sleep(GRACE)])
  server.closeAllConnections()
  process.exit(0)
}

await main().catch(giveUp)
