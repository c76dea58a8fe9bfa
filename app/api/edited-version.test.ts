import { beforeEach, expect, test, vi } from 'vitest'
import { enterCase, takeCaseFlash } from '#http/citizen.ts'
import { log } from '#platform/log.ts'
import { type MadeCase, makeCase, stateOf } from '#tests/factories/case.ts'
import { POST } from './case/act/route.ts'

const jar = vi.hoisted(() => new Map<string, string>())
vi.mock('next/headers', () => ({
  cookies: async () => ({
    get: (name: string) => (jar.has(name) ? { name, value: jar.get(name) } : undefined),
    set: (name: string, value: string) => jar.set(name, value),
  }),
}))

let made: MadeCase
beforeEach(async () => {
  jar.clear()
  made = await makeCase()
  await enterCase(made.id, 'full', new Date())
})

async function withdraw(version: string | null) {
  const form = new FormData()
  form.set('number', made.number)
  form.set('act', 'withdraw')
  form.set('message', 'Tôi đã tìm thấy máy.')
  if (version !== null) form.set('version', version)
  const headers = { host: 'localhost', origin: 'http://localhost', accept: 'text/html' }
  const request = new Request('http://localhost/api/case/act', { method: 'POST', headers, body: form })
  const answer = await POST(request, { params: Promise.resolve({}) })
  return { to: answer.headers.get('location'), left: await takeCaseFlash() }
}

test.each([null, '', 'NaN', 'x', '1.5', '0', '-1', '2147483648', '1e400'])(
  'an act whose form has the version %j is told that its page is stale, and no failure is logged',
  async (version) => {
    const logged = vi.spyOn(log(), 'error')
    const { to, left } = await withdraw(version)
    expect(to).toBe(`/ho-so/${made.number}`)
    expect(left).toMatchObject({
      ...{ act: 'withdraw', done: false, faults: { form: 'track.changed' } },
      values: { message: 'Tôi đã tìm thấy máy.' },
    })
    expect(logged).not.toHaveBeenCalled()
    expect(await stateOf(made.id)).toBe('submitted')
  },
)

test('the version that the page showed lets the act through', async () => {
  expect((await withdraw('1')).left).toEqual({ act: 'withdraw', done: true })
})
