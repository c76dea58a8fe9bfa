import { randomUUID } from 'node:crypto'
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { trace } from '@opentelemetry/api'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { jobs } from '#features/exchange/jobs.ts'
import { closeSignals } from '#platform/signals.ts'
import { inSpan } from '#platform/tracing.ts'
import { startWorker } from '#platform/worker.ts'
import { superuser } from '#tests/database.ts'
import { makeBlockingCase } from '#tests/factories/case.ts'
import { makeSecret, setDeliveryByTwo } from '#tests/factories/second-person.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { type Flush, startTracing } from './tracing.ts'

// Checks what a collector receives over OTLP/HTTP for an approval that becomes an order, a job and a push to a carrier.

interface SpanSent {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly attributes: readonly { readonly key: string }[]
  readonly events?: readonly unknown[]
}

const sent: string[] = []
const pushed: IncomingHttpHeaders[] = []
let collector: Server
let carrier: Server
let flush: Flush

const listen = async (take: (headers: IncomingHttpHeaders, body: string) => void): Promise<Server> => {
  const server = createServer(async (request, response) => {
    take(request.headers, String(await buffer(request)))
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return server
}
const origin = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}`

beforeAll(async () => {
  collector = await listen((_headers, body) => void sent.push(body))
  carrier = await listen((headers) => void pushed.push(headers))
  process.env.OTEL_EXPORTER_OTLP_ENDPOINT = origin(collector)
  process.env.PUSH_ALLOW = origin(carrier)
  flush = (await startTracing('worker')) as Flush
})
afterAll(async () => {
  for (const server of [collector, carrier]) server.close()
  await closeSignals()
})

const spans = async (): Promise<SpanSent[]> => {
  await flush()
  return sent.flatMap((body) =>
    JSON.parse(body).resourceSpans.flatMap((one: { scopeSpans: { spans: SpanSent[] }[] }) =>
      one.scopeSpans.flatMap((scope) => scope.spans),
    ),
  )
}

test('web, queue, worker and the carrier’s server are steps of one trace, which names nobody', async () => {
  const relay = await makeStaff('relay')
  const now = new Date()
  const carrierId = 'vinaphone'
  const url = `${origin(carrier)}/hook-very-secret`
  const way = { carrierId, way: 'push', webhookUrl: url, wayVersion: 0, submitKey: randomUUID() } as const
  expect(await setDeliveryByTwo(relay, way, now)).toMatchObject({ ok: true })
  expect(await makeSecret(relay, { carrierId, submitKey: randomUUID() }, now)).toMatchObject({ ok: true })
  // Setting up delivery queued a first job, which belongs to no trace.
  await superuser.query(`DELETE FROM pgboss.job WHERE name = 'push'`)
  const made = await inSpan('POST /cases/[number]', { kind: 'internal', attributes: {}, parent: null }, () =>
    makeBlockingCase(),
  )
  const worker = await startWorker(jobs.filter(({ queue }) => queue === 'push'))
  await expect.poll(() => pushed.length).toBeGreaterThan(0)
  await worker.stop()
  // A flush does not wait for a batch that is on its way already.
  const names = async () => (await spans()).map(({ name }) => name)
  await expect.poll(names).toEqual(expect.arrayContaining(['POST /cases/[number]', 'process push', 'push']))
  const all = await spans()
  const of = (name: string) => all.find((span) => span.name === name)
  const [web, job, push] = [of('POST /cases/[number]'), of('process push'), of('push')]
  expect(job).toMatchObject({ traceId: web?.traceId, parentSpanId: web?.spanId })
  expect(push).toMatchObject({ traceId: web?.traceId, parentSpanId: job?.spanId })
  expect(pushed[0]?.traceparent).toBe(`00-${web?.traceId}-${push?.spanId}-01`)
  const told = sent.join('')
  for (const secret of ['very-secret', '127.0.0.1', made.id]) expect(told).not.toContain(secret)
  // The job carries the trace in its data, hidden from its own work.
  const { rows } = await superuser.query(
    `SELECT DISTINCT data ? 'traceparent' AS carried FROM pgboss.job WHERE name = 'push'`,
  )
  expect(rows).toContainEqual({ carried: true })
})

test('what Next says of a request leaves without its address, and errors without their words', async () => {
  const tracer = trace.getTracer('next.js')
  tracer.startActiveSpan('GET /k/4fQ9secret', (span) => {
    span.setAttributes({
      'http.target': '/k/4fQ9secret?token=abc',
      'http.method': 'GET',
      'http.route': '/k/[link]',
      'next.span_name': 'GET /k/4fQ9secret',
      'next.span_type': 'BaseServer.handleRequest',
    })
    span.recordException(new Error('no such contact: 0912345678'))
    span.setStatus({ code: 2, message: 'no such contact: 0912345678' })
    span.end()
  })
  tracer.startActiveSpan('fetch GET https://a.example/?imei=356938035643809', (span) => {
    span.setAttributes({
      'http.url': 'https://a.example/?imei=356938035643809',
      'next.span_type': 'AppRender.fetch',
    })
    span.end()
  })
  const names = async () => (await spans()).map(({ name }) => name)
  await expect.poll(names).toEqual(expect.arrayContaining(['GET /k/[link]', 'AppRender.fetch']))
  expect(sent.join('')).not.toMatch(/4fQ9secret|token|0912345678|356938035643809/)
})
