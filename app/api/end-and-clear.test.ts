import { randomUUID } from 'node:crypto'
import { beforeEach, expect, test, vi } from 'vitest'
import { startDraft } from '#features/reporting/drafts/start-acts.ts'
import { enterCase } from '#http/citizen.ts'
import { setDraftCookie } from '#http/draft.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeBlockingCase } from '#tests/factories/case.ts'
import { POST } from './case/end/route.ts'

const jar = vi.hoisted(() => new Map<string, string>())
vi.mock('next/headers', () => ({
  cookies: async () => ({
    get: (name: string) => (jar.has(name) ? { name, value: jar.get(name) } : undefined),
    getAll: () => [...jar].map(([name, value]) => ({ name, value })),
    set: (name: string, value: string) => jar.set(name, value),
    delete: ({ name }: { readonly name: string }) => jar.delete(name),
  }),
}))

const now = new Date()

beforeEach(async () => {
  jar.clear()
  const { id } = await makeBlockingCase({ unitId: 'quan-3', now })
  await enterCase(id, 'full', now)
  await setDraftCookie(await startDraft({ locale: 'vi', answers: {}, now }), false)
  jar.set('antam-other', randomUUID())
})

/** Presses "End and clear" and returns the answer, without the parts that differ each time. */
async function end() {
  const headers = { host: 'localhost', origin: 'http://localhost', accept: 'text/html' }
  const request = new Request('http://localhost/api/case/end', { method: 'POST', headers })
  const answer = await POST(request, { params: Promise.resolve({}) })
  return [answer.status, answer.headers.get('location'), answer.headers.get('clear-site-data')]
}
const CLEARED = [303, '/ho-so/da-ket-thuc', '"cache", "cookies", "storage"']

test('“end and clear” ends the visit, tells this browser nothing more and leaves no cookie', async () => {
  const [{ caseId } = { caseId: '' }] = await db.caseSession.findMany()
  const [here, elsewhere] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
  for (const endpointHash of [here, elsewhere]) {
    const data = {
      id: randomUUID(),
      caseId,
      locale: 'vi',
      endpointHash,
      sealed: new Uint8Array(1),
      madeAt: now,
    }
    await db.pushDevice.create({ data })
  }
  jar.set('antam-device', Buffer.from(here).toString('base64url'))
  expect(await end()).toEqual(CLEARED)
  expect(await db.pushDevice.findMany({ select: { endpointHash: true } })).toEqual([
    { endpointHash: elsewhere },
  ])
  expect(jar.size).toBe(0)
  expect(await db.caseSession.count()).toBe(0)
})

test.each(['case_sessions', 'report_drafts'])(
  'it leaves no cookie either while %s is not to be written',
  async (table) => {
    await superuser.query(`ALTER TABLE ${table} RENAME TO gone`)
    try {
      expect(await end()).toEqual(CLEARED)
      expect(jar.size).toBe(0)
    } finally {
      await superuser.query(`ALTER TABLE gone RENAME TO ${table}`)
    }
  },
)
