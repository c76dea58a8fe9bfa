import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { err, ok } from '#lib/result.ts'
import { must } from '#tests/must.ts'
import { challengeOf, type Lie, Provider } from '#tests/provider.ts'
import {
  beginAttempt,
  identifySubject,
  type Provider as Settings,
  type SignInAttempt,
  signOutAddress,
} from './identity-provider.ts'

const provider = new Provider()
let settings: Settings

beforeAll(async () => {
  const key = () => randomBytes(32).toString('base64')
  Object.assign(process.env, {
    DATABASE_URL: 'postgresql://nobody@127.0.0.1/none',
    ANTAM_KEY: key(),
    ANTAM_INDEX_KEY: key(),
    ANTAM_HASH_KEY: key(),
    ANTAM_AUDIT_KEY: key(),
    NEXTAUTH_SECRET: key(),
    LOG_LEVEL: 'silent',
  })
  await provider.start()
  const { issuer, clientId, clientSecret } = provider
  settings = {
    ...{ issuer, clientId, clientSecret },
    name: 'VNeID',
    scope: 'openid profile',
    callback: 'https://antam.example.vn/api/citizen/callback',
    afterSignOut: 'https://antam.example.vn/api/citizen/signed-out',
    claims: { fullName: undefined, nationalId: undefined },
  }
})
beforeEach(() => {
  provider.lie = {}
})
afterAll(() => provider.stop())

async function begun(of = settings): Promise<{ address: URL; attempt: SignInAttempt }> {
  const result = must(await beginAttempt(of))
  provider.nonce = result.attempt.nonce
  return { address: new URL(result.address), attempt: result.attempt }
}

/** Returns from the provider with the correct query, except for `changes`. */
async function comeBack(changes: Record<string, string | null> = {}, of = settings) {
  const { attempt } = await begun(of)
  const query = new URLSearchParams({ code: 'code', state: attempt.state, iss: provider.issuer })
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) query.delete(name)
    else query.set(name, value)
  }
  return identifySubject(of, query, attempt)
}

describe('signing in', () => {
  test('asks the provider with PKCE, state and nonce, new ones each time, and for the person themselves', async () => {
    const [{ address, attempt }, other] = [await begun(), await begun()]
    expect(address.origin + address.pathname).toBe(`${provider.issuer}/authorize`)
    expect(Object.fromEntries(address.searchParams)).toEqual({
      client_id: 'an-tam',
      redirect_uri: settings.callback,
      response_type: 'code',
      scope: 'openid profile',
      prompt: 'login',
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: challengeOf(attempt.verifier),
      code_challenge_method: 'S256',
    })
    for (const name of ['state', 'nonce', 'verifier'] as const) {
      expect(attempt[name].length).toBeGreaterThanOrEqual(43)
      expect(attempt[name]).not.toBe(other.attempt[name])
    }
  })

  test('answers who the provider says it is, and shows it the verifier and the client’s own secret', async () => {
    const { attempt } = await begun()
    const query = new URLSearchParams({ code: 'c0de', state: attempt.state, iss: provider.issuer })
    const identified = await identifySubject(settings, query, attempt)
    expect(identified).toMatchObject(ok({ subject: 'person' }))
    expect(Object.fromEntries(provider.asked)).toEqual({
      grant_type: 'authorization_code',
      code: 'c0de',
      code_verifier: attempt.verifier,
      redirect_uri: settings.callback,
    })
    expect(provider.authorization).toMatch(/^Basic /)
  })

  test('asks for what the ID token leaves out, of the same person alone', async () => {
    const mapped = { ...settings, claims: { fullName: 'name', nationalId: undefined } }
    provider.lie = { userinfo: { sub: 'person', name: 'Nguyễn Thị Ánh' } }
    expect(await comeBack({}, mapped)).toMatchObject(ok({ claims: { name: 'Nguyễn Thị Ánh' } }))
    provider.lie = { userinfo: { sub: 'somebody else', name: 'Trần Văn Bình' } }
    expect(await comeBack({}, mapped)).toEqual(err('refused'))
  })
})

describe('what a provider may not answer is refused:', () => {
  const past = Math.floor(Date.now() / 1000) - 3600
  const lies: Readonly<Record<string, Lie>> = {
    'another nonce': { claims: { nonce: 'another' } },
    'no nonce': { claims: { nonce: undefined } },
    'another issuer': { claims: { iss: 'https://evil.example' } },
    'another client’s token': { claims: { aud: 'another-client' } },
    'several audiences without ours': { claims: { aud: ['a', 'b'] } },
    'for several clients, and not for us': { claims: { aud: ['an-tam', 'b'], azp: 'b' } },
    expired: { claims: { iat: past - 60, exp: past } },
    'without an end': { claims: { exp: undefined } },
    'of the future': { claims: { nbf: past + 7200 } },
    nobody: { claims: { sub: undefined } },
    'an empty subject': { claims: { sub: '' } },
    'an endless subject': { claims: { sub: 'x'.repeat(256) } },
    'signed by somebody else': { signed: 'other' },
    'signed by a key that nobody has': { header: { kid: 'two' }, signed: 'other' },
    'not signed': { signed: 'not' },
    'alg none': { header: { alg: 'none' }, signed: 'not' },
    'alg none, signed': { header: { alg: 'none' } },
    'signed with the secret that two know': { header: { alg: 'HS256' }, signed: 'secret' },
    'no ID token': { withoutIdToken: true },
    'a code of another client, or one that was used': { status: 400 },
  }

  test.each(Object.entries(lies))('%s', async (_, lie) => {
    provider.lie = lie
    expect(await comeBack()).toEqual(err('refused'))
  })

  test.each([
    ['another state', { state: 'another' }],
    ['no state', { state: null }],
    ['no code', { code: null }],
    ['another issuer in the address', { iss: 'https://evil.example' }],
    ['no issuer in the address, where the provider says that it names itself', { iss: null }],
  ])('%s', async (_, changes) => {
    provider.asked = new URLSearchParams()
    expect(await comeBack(changes)).toEqual(err('refused'))
    // The provider is not even asked.
    expect(provider.asked.size).toBe(0)
  })
})

test('somebody who changes their mind is told so, where it was their own sign-in', async () => {
  expect(await comeBack({ code: null, error: 'access_denied' })).toEqual(err('cancelled'))
  expect(await comeBack({ code: null, error: 'access_denied', state: 'another' })).toEqual(err('refused'))
})

test('a provider in trouble is told from one that lies', async () => {
  provider.lie = { status: 503 }
  expect(await comeBack()).toEqual(err('unavailable'))
  const gone = { ...settings, issuer: 'http://127.0.0.1:9' }
  expect(await beginAttempt(gone)).toEqual(err('unavailable'))
  expect(await beginAttempt({ ...settings, issuer: `${provider.issuer}/another` })).toMatchObject({
    ok: false,
  })
})

describe('signing out at the provider', () => {
  /** A new provider each time, because its metadata is cached for an hour. */
  async function addressAt(endSession: string | undefined): Promise<string | null> {
    const other = new Provider()
    other.lie = { ...(endSession !== undefined && { endSession }) }
    await other.start()
    try {
      return await signOutAddress({ ...settings, issuer: other.issuer }, 'en')
    } finally {
      other.stop()
    }
  }

  test('names the client and where it leads back to, and nobody', async () => {
    const address = new URL((await addressAt('http://127.0.0.1:1/end?flow=1')) ?? '')
    expect(address.origin + address.pathname).toBe('http://127.0.0.1:1/end')
    expect(Object.fromEntries(address.searchParams)).toEqual({
      flow: '1',
      client_id: 'an-tam',
      post_logout_redirect_uri: settings.afterSignOut,
      state: 'en',
    })
  })

  test.each([undefined, '', 'not an address', 'javascript:alert(1)', 'ftp://127.0.0.1/end'])(
    'is not offered where the provider says %j',
    async (endSession) => {
      expect(await addressAt(endSession)).toBeNull()
    },
  )

  test('is not offered while it is silent', async () => {
    expect(await signOutAddress({ ...settings, issuer: 'http://127.0.0.1:9' }, 'vi')).toBeNull()
  })
})
