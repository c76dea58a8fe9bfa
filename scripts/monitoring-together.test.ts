import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { Counter, Gauge, Registry } from 'prom-client'
import { expect, test } from 'vitest'
import { samplesOf } from '#tests/alerts.ts'
import { AS_JSON, json, serveRoutes, TOGETHER } from './monitoring-port.ts'
import { monitorTogether } from './monitoring-together.ts'

async function begin(name: string, counted: number, ok: 0 | 1) {
  const registry = new Registry()
  const registers = [registry]
  new Counter({ name: 'requests_total', help: 'h', registers }).inc(counted)
  new Gauge({ name: 'waiting', help: 'h', aggregator: 'max', registers }).set(7)
  new Gauge({ name: 'check_ok', help: 'h', aggregator: 'min', registers }).set(ok)
  return serveRoutes(
    { path: join(process.env[TOGETHER] ?? '', name) },
    {
      [AS_JSON]: async (response) => json(response, 200, await registry.getMetricsAsJSON()),
      '/ready': (response) =>
        json(response, ok ? 200 : 503, { status: ok ? 'ok' : 'unavailable', checks: [] }),
    },
  )
}

test('processes behind one port are scraped as one: counts add up, what all read is shown once', async () => {
  const port = await monitorTogether({ port: 0, host: '127.0.0.1' })
  const address = port.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  const shown = async () =>
    Object.fromEntries(
      samplesOf(await (await fetch(`${url}/metrics`)).text()).map(({ name, value }) => [name, value]),
    )
  expect(await shown()).toEqual({})
  expect((await fetch(`${url}/ready`)).status).toBe(503)
  const one = await begin('1', 3, 1)
  const other = await begin('2', 4, 0)
  expect(await shown()).toEqual({ requests_total: 7, waiting: 7, check_ok: 0 })
  expect((await fetch(`${url}/ready`)).status).toBe(200)
  // A killed process leaves its socket behind.
  const killed = join(process.env[TOGETHER] ?? '', '3')
  const child = spawn(process.execPath, [
    '-e',
    `require('node:net').createServer().listen(${JSON.stringify(killed)}, () => process.kill(process.pid, 'SIGKILL'))`,
  ])
  await once(child, 'exit')
  expect(await shown()).toMatchObject({ requests_total: 7 })
  for (const server of [one, other, port]) server.close()
})

test('a port that is given up within a moment is waited for; one that is not is said by its variable', async () => {
  const holder = await serveRoutes({ port: 0, host: '127.0.0.1' }, {})
  const address = holder.address()
  const where = { port: typeof address === 'object' && address ? address.port : 0, host: '127.0.0.1' }
  await expect(serveRoutes(where, {})).rejects.toThrow(/^METRICS_PORT: port \d+ on 127\.0\.0\.1 is taken/)
  const waiting = serveRoutes(where, {})
  holder.close()
  ;(await waiting).close()
})
