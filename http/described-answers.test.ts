import { randomUUID } from 'node:crypto'
import { resolve } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { DOCUMENT } from '#app/api/openapi.json/document.ts'
import { sealLog } from '#features/audit/sealing/acts.ts'
import { monthOf } from '#features/results/rules.ts'
import { takeSnapshot } from '#features/statistics/archive/acts.ts'
import { logChangedTables } from '#features/statistics/published-acts.ts'
import { closeSignals } from '#platform/signals.ts'
import { webhookHeaders } from '#platform/webhook.ts'
import { makeBook } from '#tests/factories/book.ts'
import { makeCase, randomImei } from '#tests/factories/case.ts'
import { makeTen } from '#tests/factories/rating.ts'
import { issueKey } from '#tests/factories/second-person.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'

const SECRET = Buffer.alloc(32, 7)
beforeAll(() => void Object.assign(process.env, { VOLUMES_SECRET: SECRET.toString('base64') }))
afterAll(closeSignals)

interface Described {
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >
}
type Path = keyof typeof DOCUMENT.paths

/** Returns the documented schema of a JSON answer; an undocumented field is an error. */
function describedSchema(schema: object): z.ZodType {
  const closed = JSON.stringify({ ...schema, $defs: DOCUMENT.components.schemas })
    .replaceAll('#/components/schemas/', '#/$defs/')
    .replaceAll('"type":"object"', '"type":"object","additionalProperties":false')
  return z.fromJSONSchema(JSON.parse(closed))
}

async function ask(path: Path, filled: string, init: RequestInit & { apiKey?: string } = {}) {
  const { method = 'GET', apiKey, ...rest } = init
  const folder = path.replace(/\{(\w+)\}/g, '[$1]')
  const file = resolve(`app${folder}/route.ts`)
  const handlers = await import(file)
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)
  const parts = filled.split('?')[0]?.split('/') ?? []
  const at = path.split('/')
  const params = Object.fromEntries(
    names.map((name) => [name, decodeURIComponent(parts[at.indexOf(`{${name}}`)] ?? '')]),
  )
  const headers = new Headers(rest.headers)
  if (apiKey) headers.set('authorization', `Bearer ${apiKey}`)
  const request = new Request(`http://localhost${filled}`, { ...rest, method, headers })
  const response: Response = await handlers[method](request, { params: Promise.resolve(params) })
  const operation = (DOCUMENT.paths[path] as unknown as Record<string, Described>)[method.toLowerCase()]
  const answer = operation?.responses[response.status]
  expect(answer, `${path} ${response.status}`).toBeDefined()
  const [type = ''] = (response.headers.get('content-type') ?? '').split(';')
  if (type !== '') expect(Object.keys(answer?.content ?? {}), path).toContain(type)
  if (!type.endsWith('json')) return { status: response.status, text: await response.text() }
  const body = await response.json()
  const schema = answer?.content?.[type]?.schema ?? {}
  expect(describedSchema(schema).safeParse(body).error, `${path} ${filled}`).toBeUndefined()
  return { status: response.status, body }
}

const headers = { 'content-type': 'application/json' }
const post = (body: unknown) => ({ method: 'POST', headers, body: JSON.stringify(body) })

test('what carriers are answered is what the document says', async () => {
  const imei = randomImei()
  const { carrierId, lines } = await makeBook([
    { imei, action: 'block', reason: 'robbed' },
    { imei, action: 'unblock', reason: 'recovered' },
  ])
  const apiKey = must(
    await issueKey(await makeStaff('relay'), { carrierId, submitKey: randomUUID() }, new Date()),
  )
  const v1 = '/api/carrier/v1'
  const told = lines.map(({ order }) => ({ order, imei, outcome: 'applied', at: new Date().toISOString() }))

  const asked = [
    await ask(`${v1}/changes`, `${v1}/changes`, { apiKey }),
    await ask(`${v1}/changes`, `${v1}/changes?version=2`, { apiKey }),
    await ask(`${v1}/changes`, `${v1}/changes?version=3`, { apiKey }),
    await ask(`${v1}/changes`, `${v1}/changes?limit=0`, { apiKey }),
    await ask(`${v1}/changes`, `${v1}/changes?after=3`, { apiKey }),
    await ask(`${v1}/changes`, `${v1}/changes`),
    await ask(`${v1}/ack`, `${v1}/ack`, { apiKey, ...post({ upTo: 2 }) }),
    await ask(`${v1}/ack`, `${v1}/ack`, { apiKey, ...post({ upTo: -1 }) }),
    await ask(`${v1}/ack`, `${v1}/ack`, { apiKey, method: 'POST', headers, body: '{' }),
    await ask(`${v1}/results`, `${v1}/results`, { apiKey, ...post({ results: told }) }),
    await ask(`${v1}/questions`, `${v1}/questions`, { apiKey }),
    await ask(`${v1}/answers`, `${v1}/answers`, {
      apiKey,
      ...post({ answers: [{ question: randomUUID(), answer: 'no' }] }),
    }),
    await ask(`${v1}/list`, `${v1}/list`, { apiKey }),
    await ask(`${v1}/list/{seq}`, `${v1}/list/2`, { apiKey }),
    await ask(`${v1}/files/{seq}`, `${v1}/files/2?since=1&digits=14`, { apiKey }),
    await ask(`${v1}/files/{seq}`, `${v1}/files/3`, { apiKey }),
    await ask(`${v1}/files/{seq}/{file}`, `${v1}/files/2/unblocked`, { apiKey }),
    await ask(`${v1}/files`, `${v1}/files?since=2`, { apiKey }),
    await ask(`${v1}/files`, `${v1}/files?since=abc`, { apiKey }),
    await ask(`${v1}/list/{seq}`, `${v1}/list/2`, { apiKey, headers: { 'if-none-match': '*' } }),
    await ask(`${v1}/files/{seq}/{file}`, `${v1}/files/2/list`, {
      apiKey,
      headers: { 'if-none-match': '"x"' },
    }),
  ]
  const statuses = [200, 200, 400, 400, 409, 401, 200, 422, 400, 200, 200, 200, 303, 200, 200, 404, 200]
  statuses.push(303, 400, 304, 200)
  expect(asked.map(({ status }) => status)).toEqual(statuses)

  // Next answers HEAD with the GET handler.
  const { GET } = await import(resolve('app/api/carrier/v1/list/[seq]/route.ts'))
  const head = await GET(
    new Request('http://localhost/x', { method: 'HEAD', headers: { authorization: `Bearer ${apiKey}` } }),
    { params: Promise.resolve({ seq: '2' }) },
  )
  expect([head.status, head.body, head.headers.get('x-list-seq')]).toEqual([200, null, '2'])

  const list = { apiKey, method: 'POST', body: `imei\n${imei}\n`, headers: { 'content-type': 'text/csv' } }
  const sent = await ask(`${v1}/reconciliations`, `${v1}/reconciliations`, list)
  expect(sent.status).toBe(202)
  expect((await ask(`${v1}/reconciliations`, `${v1}/reconciliations`, list)).status, 'busy').toBe(409)
  const compared = `${v1}/reconciliations/${sent.body.id}` as const
  expect((await ask(`${v1}/reconciliations/{id}`, compared, { apiKey })).status).toBe(200)
})

test('what the one-stop system is answered is what the document says', async () => {
  const signed = (body: object, by: Uint8Array = SECRET) => {
    const text = JSON.stringify(body)
    const signature = webhookHeaders([by], randomUUID(), new Date(), text)
    return { method: 'POST', headers: { ...headers, ...signature }, body: text }
  }
  const [volumes, invitations] = ['/api/survey/v1/volumes', '/api/survey/v1/invitations'] as const
  const rows = [{ agency: 'quan-3', month: '2026-10', cases: 900 }]
  const cases = (many: number, contact = '') => ({
    ...{ id: randomUUID(), agency: 'quan-3', month: '2026-10', source: 'iGate' },
    cases: Array.from({ length: many }, () => ({ contact })),
  })
  const list = cases(30)
  const asked = [
    await ask(volumes, volumes, signed({ source: 'iGate', rows })),
    await ask(volumes, volumes, signed({ source: 'iGate', rows: [...rows, ...rows] })),
    await ask(volumes, volumes, signed({ source: 'iGate', rows: [] })),
    await ask(volumes, volumes, signed({ source: 'iGate', rows }, Buffer.alloc(32, 8))),
    await ask(invitations, invitations, signed(list)),
    await ask(invitations, invitations, signed(list)),
    await ask(invitations, invitations, signed(cases(31))),
    await ask(invitations, invitations, signed(cases(29))),
    await ask(invitations, invitations, signed(cases(30, 'Nguyễn Văn An'))),
    await ask(invitations, invitations, post(list)),
  ]
  expect(asked.map(({ status }) => status)).toEqual([200, 422, 422, 401, 200, 200, 409, 422, 422, 401])
  expect(asked[5]?.body).toEqual(asked[4]?.body)
  expect(JSON.stringify(asked[8]?.body)).not.toContain('Nguyễn')
})

test('what anybody is answered is what the document says', async () => {
  const now = new Date()
  await makeTen('quan-3', now, [])
  await makeCase()
  await logChangedTables(now)
  await takeSnapshot(now)
  await sealLog()
  const r = '/api/v1/results'
  const archive = '/api/v1/archive'
  const month = monthOf(now)
  const asked = [
    await ask('/api/v1/imei/{imei}', `/api/v1/imei/${randomImei()}`),
    await ask('/api/v1/imei/{imei}', '/api/v1/imei/x'),
    await ask(r, r),
    await ask(r, `${r}?format=csv`),
    await ask(r, r, { headers: { 'if-none-match': '*' } }),
    await ask(`${r}/months`, `${r}/months`),
    await ask(`${r}/months/{month}`, `${r}/months/${month}`),
    await ask(`${r}/{agency}`, `${r}/quan-3`),
    await ask(`${r}/{agency}`, `${r}/nowhere`),
    await ask(`${r}/{agency}/months`, `${r}/quan-3/months`),
    await ask(`${r}/questions/{version}/{question}`, `${r}/questions/1/r1`),
    await ask(`${r}/questions/{version}/{question}`, `${r}/questions/1/nothing`),
    await ask(`${r}/answers`, `${r}/answers`),
    await ask(`${r}/columns`, `${r}/columns`),
    await ask('/api/v1/figures', '/api/v1/figures'),
    await ask('/api/v1/tables', '/api/v1/tables'),
    await ask('/api/v1/tables/{table}', `/api/v1/tables/results.quan-3.${month}`),
    await ask('/api/v1/tables/{table}', '/api/v1/tables/x'),
    await ask(archive, archive),
    await ask(`${archive}/{month}`, `${archive}/${month}`),
    await ask(`${archive}/{month}/answers`, `${archive}/${month}/answers`),
    await ask(`${archive}/{month}/blocking`, `${archive}/${month}/blocking`),
    await ask(`${archive}/{month}`, `${archive}/1999-01`),
    await ask('/api/v1/tables/{table}', `/api/v1/tables/archive.${month}`),
    await ask('/api/v1/exchange/keys', '/api/v1/exchange/keys'),
    await ask('/api/v1/audit/key', '/api/v1/audit/key'),
    await ask('/api/v1/audit/checkpoint', '/api/v1/audit/checkpoint'),
    await ask('/api/v1/audit/breaks', '/api/v1/audit/breaks'),
    await ask('/api/v1/audit/proof', '/api/v1/audit/proof?from=1'),
    await ask('/api/v1/audit/proof', '/api/v1/audit/proof?index=0'),
    await ask('/api/v1/audit/proof', '/api/v1/audit/proof?from=1&index=0'),
    await ask('/api/health/live', '/api/health/live'),
  ]
  const statuses = [200, 200, 200, 200, 304, 200, 200, 200, 404, 200, 200, 404, 200]
  expect(asked.map(({ status }) => status)).toEqual([
    ...statuses,
    ...[200, 200, 200, 200, 404],
    ...[200, 200, 200, 200, 404, 200],
    ...[200, 200, 200, 200, 200, 200, 400, 200],
  ])
  const ready = await ask('/api/health/ready', '/api/health/ready')
  expect([200, 503]).toContain(ready.status)
})
