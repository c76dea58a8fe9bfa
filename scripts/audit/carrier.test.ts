import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import * as ackRoute from '#app/api/carrier/v1/ack/route.ts'
import * as changesRoute from '#app/api/carrier/v1/changes/route.ts'
import * as resultsRoute from '#app/api/carrier/v1/results/route.ts'
import * as keyRoute from '#app/api/v1/audit/key/route.ts'
import * as keysRoute from '#app/api/v1/exchange/keys/route.ts'
import * as logRoute from '#app/log/[...path]/route.ts'
import { sealOrReport } from '#features/audit/sealing/jobs.ts'
import { closeSignals } from '#platform/signals.ts'
import { superuser, withoutTriggers } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeBlockingCase, randomImei, unblock } from '#tests/factories/case.ts'
import { issueKey } from '#tests/factories/second-person.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { run } from '../run.ts'

// Runs verify/carrier.py as a carrier would (Python 3, none of our code) against the real routes.

const ROUTES: Readonly<Record<string, object>> = {
  '/api/v1/audit/key': keyRoute,
  '/api/v1/exchange/keys': keysRoute,
  '/api/carrier/v1/ack': ackRoute,
  '/api/carrier/v1/changes': changesRoute,
  '/api/carrier/v1/results': resultsRoute,
}
type Handler = (request: Request, context: { params: Promise<object> }) => Promise<Response>

const folder = mkdtempSync(join(tmpdir(), 'an-tam-carrier-'))
const at = (name: string) => join(folder, name)
let site: Server
let url: string
/** The body posted to results, the answer, and its signature. */
const kept = { body: '', answer: '', jws: '' }

beforeAll(async () => {
  const { code } = await run('python3', ['--version']).catch(() => ({ code: 127 }))
  if (code !== 0) throw new Error('There is no python3: install it (Debian: apt-get install python3).')
  site = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const { pathname, search } = new URL(request.url ?? '/', 'http://x')
    const handlers = (pathname.startsWith('/log/') ? logRoute : (ROUTES[pathname] ?? {})) as Readonly<
      Record<string, Handler>
    >
    const { method = 'GET', headers } = request
    const asked = new Request(`http://127.0.0.1${pathname}${search}`, {
      method,
      headers: Object.entries(headers).map(([name, value]) => [name, String(value)]),
      ...(method === 'POST' && { body }),
    })
    const answer = await handlers[method]?.(asked, {
      params: Promise.resolve({ path: pathname.slice(5).split('/') }),
    })
    if (!answer) return response.writeHead(404).end()
    const text = await answer.text()
    const jws = answer.headers.get('x-answer-jws')
    if (jws) Object.assign(kept, { body, answer: text, jws })
    return response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(text)
  })
  site.listen(0, '127.0.0.1')
  await once(site, 'listening')
  url = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
})
afterAll(async () => {
  site.close()
  rmSync(folder, { recursive: true, force: true })
  await closeSignals()
})

const carrier = (...args: string[]) => run('python3', ['verify/carrier.py', ...args, '--key-file', at('key')])
const state = () => JSON.parse(readFileSync(at('state.json'), 'utf8'))
const outcomes = async () => {
  const lines = await db.bookEntry.findMany({ where: { carrierId: 'viettel' }, orderBy: { seq: 'asc' } })
  return lines.map(({ outcome }) => outcome)
}

test('it blocks what was decided and sealed, frees at once, and leaves a line that nobody decided', async () => {
  const key = must(
    await issueKey(await makeStaff('relay'), { carrierId: 'viettel', submitKey: randomUUID() }, new Date()),
  )
  writeFileSync(at('key'), key)
  const made = await makeBlockingCase()
  const other = await makeBlockingCase()
  const once = () => carrier('once', url, at('state.json'))
  expect((await once()).code).toBe(0)
  expect([await outcomes(), state().waiting.length]).toEqual([[null, null], 2])
  await sealOrReport()
  await once()
  expect([await outcomes(), Object.keys(state().listed)]).toEqual([
    ['applied', 'applied'],
    [...made.imeis, ...other.imeis],
  ])

  // Forges a block as the database owner could: of a phone that nobody reported, under an existing order.
  const forged = randomImei()
  await withoutTriggers(async () => {
    await superuser.query(
      `INSERT INTO book_entries (carrier_id, seq, order_id, imei, action, reason, legal_basis, issued_at, chain)
       SELECT carrier_id, 3, order_id, $1, action, reason, legal_basis, now(), sha256('x') FROM book_entries
       WHERE carrier_id = 'viettel' AND seq = 2`,
      [forged],
    )
    await superuser.query(`UPDATE carriers SET book_head = 3 WHERE id = 'viettel'`)
  })
  await unblock(made)
  await sealOrReport()
  const { code, output } = await once()
  expect([code, output]).toEqual([0, expect.stringContaining('the book is not the one that was read before')])
  expect(await outcomes()).toEqual(['applied', 'applied', null, 'applied'])
  expect(state()).toMatchObject({ waiting: [{ line: { imei: forged } }] })
  expect(Object.keys(state().listed)).toEqual(other.imeis)
  expect(state().head[0]).toBeGreaterThan(0)

  // The carrier can prove what we answered.
  const keys = await (await fetch(`${url}/api/v1/exchange/keys`)).text()
  for (const [name, text] of Object.entries({ ...kept, keys })) writeFileSync(at(name), text)
  const files = ['body', 'answer', 'jws', 'keys'].map(at)
  expect((await carrier('answer', ...files)).code).toBe(0)
  writeFileSync(at('answer'), kept.answer.replace('recorded', 'unknown'))
  expect((await carrier('answer', ...files)).code).toBe(1)
  writeFileSync(at('answer'), kept.answer)
  writeFileSync(at('body'), kept.body.replace('applied', 'already'))
  expect((await carrier('answer', ...files)).code).toBe(1)
})
