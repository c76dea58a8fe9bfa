import { mkdtempSync, rmSync } from 'node:fs'
import { readdir, unlink } from 'node:fs/promises'
import { request, type Server } from 'node:http'
import type { ListenOptions } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AS_JSON, json, serveRoutes, TOGETHER } from './monitoring-port.ts'

/** Milliseconds; longer than a process waits for its database. */
const PATIENCE = 6_000

interface Answer {
  readonly status: number
  readonly body: string
}

/** Asks one process at its socket; returns null if it is gone or does not answer. */
function ask(socketPath: string, path: string): Promise<Answer | null> {
  return new Promise((answer) => {
    const asked = request({ socketPath, path, signal: AbortSignal.timeout(PATIENCE) }, (response) => {
      let body = ''
      response.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk
      })
      response.on('end', () => answer({ status: response.statusCode ?? 0, body }))
      response.on('error', () => answer(null))
    })
    asked.on('error', (error: NodeJS.ErrnoException) => {
      // The process was killed and left its socket.
      if (error.code === 'ECONNREFUSED') void unlink(socketPath).catch(() => {})
      answer(null)
    })
    asked.end()
  })
}

/**
 * Opens the port of metrics and health for processes that this one will start behind one port. Counters are summed; of
 * values that all processes read, the largest is shown. It is ready when one process is, because the others get no
 * connections before they listen.
 */
export async function monitorTogether(where: ListenOptions): Promise<Server> {
  const { AggregatorRegistry } = await import('prom-client')
  const folder = mkdtempSync(join(tmpdir(), 'an-tam-metrics-'))
  process.env[TOGETHER] = folder
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

  async function askAll(path: string): Promise<Answer[]> {
    const sockets = await readdir(folder)
    const answers = await Promise.all(sockets.map((name) => ask(join(folder, name), path)))
    return answers.filter((answer) => answer !== null)
  }

  return serveRoutes(where, {
    '/metrics': async (response) => {
      const all = (await askAll(AS_JSON)).filter(({ status }) => status === 200)
      const registry = AggregatorRegistry.aggregate(all.map(({ body }) => JSON.parse(body)))
      response.setHeader('content-type', registry.contentType)
      response.end(await registry.metrics())
    },
    '/live': (response) => json(response, 200, { status: 'ok' }),
    '/ready': async (response) => {
      const all = await askAll('/ready')
      const best = all.find(({ status }) => status === 200) ?? all[0]
      json(
        response,
        best?.status ?? 503,
        best ? JSON.parse(best.body) : { status: 'unavailable', checks: [] },
      )
    },
  })
}
