import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { ATTEMPT_LIFE } from '#features/citizens/rules.ts'
import { addMilliseconds } from '#lib/time.ts'
import { db } from '#tests/db.ts'
import { Provider } from '#tests/provider.ts'
import { beginSignIn, currentCitizen, finishSignIn } from './identity.ts'

const jar = vi.hoisted(() => new Map<string, string>())
vi.mock('next/headers', () => ({
  cookies: async () => ({
    get: (name: string) => (jar.has(name) ? { name, value: jar.get(name) } : undefined),
    set: (name: string, value: string) => jar.set(name, value),
    delete: ({ name }: { readonly name: string }) => jar.delete(name),
  }),
}))

const provider = new Provider()
const now = new Date()

beforeAll(async () => {
  await provider.start()
  Object.assign(process.env, {
    PUBLIC_URL: 'http://127.0.0.1:3000',
    OIDC_ISSUER: provider.issuer,
    OIDC_NAME: 'VNeID',
    OIDC_CLIENT_ID: provider.clientId,
    OIDC_CLIENT_SECRET: provider.clientSecret,
  })
})
beforeEach(() => {
  jar.clear()
})
afterAll(() => provider.stop())

const ATTEMPT = 'antam-identify'
const SESSION = 'antam-citizen'

async function begin(to = '/ho-so/cua-toi'): Promise<Request> {
  const begun = await beginSignIn(to, now)
  if (!begun?.ok) throw new Error('not begun')
  const asked = new URL(begun.value).searchParams
  provider.nonce = asked.get('nonce') ?? ''
  const query = new URLSearchParams({ code: 'code', state: asked.get('state') ?? '', iss: provider.issuer })
  return new Request(`http://127.0.0.1:3000/api/citizen/callback?${query}`)
}

async function expectNobody(): Promise<void> {
  expect(jar.has(SESSION)).toBe(false)
  expect(await db.identitySession.count()).toBe(0)
  expect(await currentCitizen()).toBeNull()
}

describe('a sign-in on its way', () => {
  test('ends in a session for the browser that began it, once', async () => {
    const request = await begin()
    const cookie = jar.get(ATTEMPT) ?? ''
    expect(await finishSignIn(request, now)).toEqual({ to: '/ho-so/cua-toi', fault: null })
    expect(jar.get(SESSION)).toMatch(/^[\w-]{43}$/)
    // The attempt's cookie is deleted. Restored by hand with the same answer, it does not sign in again.
    expect(jar.has(ATTEMPT)).toBe(false)
    jar.delete(SESSION)
    expect(await finishSignIn(request, now)).toEqual({ to: null, fault: 'expired' })
    jar.set(ATTEMPT, cookie)
    expect(await finishSignIn(request, now)).toEqual({ to: '/ho-so/cua-toi', fault: 'expired' })
    expect(jar.has(SESSION)).toBe(false)
    expect(await db.identitySession.count()).toBe(1)
  })

  test('is nobody’s whose cookie was changed, cut or made up', async () => {
    const request = await begin()
    const right = Buffer.from(jar.get(ATTEMPT) ?? '', 'base64url')
    const flipped = (at: number) =>
      Buffer.from(right.map((byte, n) => (n === at ? byte ^ 1 : byte))).toString('base64url')
    const forged = Buffer.from(JSON.stringify({ state: 'x', to: '/', until: Date.now() + 60_000 }))
    const changed = [
      ...[0, 1, 12, right.length >> 1, right.length - 1].map(flipped),
      right.subarray(0, -1).toString('base64url'),
      right.subarray(0, 3).toString('base64url'),
      Buffer.concat([right, right]).toString('base64url'),
      forged.toString('base64url'),
      forged.toString(),
      'x',
    ]
    for (const cookie of changed) {
      jar.set(ATTEMPT, cookie)
      expect(await finishSignIn(request, now)).toEqual({ to: null, fault: 'expired' })
      expect(jar.has(ATTEMPT)).toBe(false)
    }
    await expectNobody()
  })

  test('is over after ten minutes, however whole its cookie is', async () => {
    const request = await begin()
    const cookie = jar.get(ATTEMPT) ?? ''
    expect(await finishSignIn(request, addMilliseconds(now, ATTEMPT_LIFE))).toEqual({
      to: null,
      fault: 'expired',
    })
    await expectNobody()
    jar.set(ATTEMPT, cookie)
    expect((await finishSignIn(request, addMilliseconds(now, ATTEMPT_LIFE - 1)))?.fault).toBeNull()
  })

  test('is not another browser’s, nor that of another sign-in of the same one', async () => {
    const request = await begin()
    jar.clear()
    expect(await finishSignIn(request, now)).toEqual({ to: null, fault: 'expired' })
    await begin()
    expect(await finishSignIn(request, now)).toEqual({ to: '/ho-so/cua-toi', fault: 'refused' })
    await expectNobody()
  })

  test('leads to no other site, even if its cookie says so', async () => {
    const request = await begin('//evil.example/')
    expect(await finishSignIn(request, now)).toEqual({ to: null, fault: null })
  })
})
