import { beforeEach, describe, expect, test, vi } from 'vitest'
import { err } from '#lib/result.ts'
import { addMilliseconds, HOUR, MINUTE } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { db, transaction } from '#tests/db.ts'
import { resetSignIn } from '#tests/factories/accounts.ts'
import { confirmLast } from '#tests/factories/second-person.ts'
import { codeAt, createAccount, makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import {
  makeBrowserLinkPath,
  readBrowserLink,
  readStaffSession,
  type SignIn,
  signOut,
  signIn as tryOnce,
} from './acts.ts'
import { changePassword } from './password-acts.ts'
import { SESSION_IDLE, SESSION_LIFE } from './rules.ts'

/** Counts the password checks, whose duration could reveal something to a stranger. `meanwhile` runs during the next one. */
const hashing = vi.hoisted(() => ({ times: 0, meanwhile: async (): Promise<unknown> => null }))
vi.mock('@node-rs/argon2', async (original) => {
  const argon2 = await original<typeof import('@node-rs/argon2')>()
  const verify: typeof argon2.verify = async (...sent) => {
    hashing.times++
    const { meanwhile } = hashing
    hashing.meanwhile = async () => null
    await meanwhile()
    return argon2.verify(...sent)
  }
  // As cheap as possible: the tests guess some hundred times.
  const hash: typeof argon2.hash = (text, options) =>
    argon2.hash(text, { ...options, memoryCost: 8, timeCost: 1 })
  return { ...argon2, hash, verify }
})

const now = new Date('2026-11-24T03:00:00Z')
const email = 'lan@congan.example'
const password = 'con mèo ngủ trên mái nhà'
let id: string

const makeAccount = async () => {
  const account = {
    email,
    name: 'Lan',
    role: 'officer',
    unitId: 'quan-3',
    agencyId: null,
    carrierId: null,
  } as const
  id = await transaction((tx) => createAccount(tx, account, password))
}
beforeEach(makeAccount)

/** Signs in with the present code, which here may be used repeatedly: factors/acts.test.ts tests its single use. */
const signIn = async (input: Omit<SignIn, 'otp'>, at: Date) => {
  await db.staffAccount.updateMany({ data: { totpStep: null } })
  return tryOnce({ ...input, otp: codeAt(at) }, at)
}
const enter = async (at = now) => {
  return must(await signIn({ email, password, device: undefined }, at))
}

test('a session knows its person, and the database keeps no token', async () => {
  const { token } = await enter()
  expect(await readStaffSession(token, now)).toMatchObject({
    kind: 'staff',
    id,
    role: 'officer',
    unitId: 'quan-3',
  })
  const [row] = await db.staffSession.findMany()
  expect(Buffer.from(row?.tokenHash ?? []).toString('base64url')).not.toBe(token)
  const acts = await db.auditEntry.findMany({ where: { subjectKind: 'session' } })
  expect(acts.map((entry) => [entry.act, entry.actorId])).toEqual([['session.start', id]])
})

test('letter case and blanks around the address do not matter, the password does to the letter', async () => {
  expect((await signIn({ email: ' LAN@congan.example ', password, device: undefined }, now)).ok).toBe(true)
  expect((await signIn({ email, password: `${password} `, device: undefined }, now)).ok).toBe(false)
  expect((await signIn({ email, password: password.normalize('NFD'), device: undefined }, now)).ok).toBe(true)
})

test('role, area and whether the account is active are read again each time', async () => {
  const { token } = await enter()
  await db.staffAccount.update({ where: { id }, data: { role: 'supervisor', unitId: 'quan-1' } })
  expect(await readStaffSession(token, now)).toMatchObject({ role: 'supervisor', unitId: 'quan-1' })
  await db.staffAccount.update({ where: { id }, data: { active: false } })
  expect(await readStaffSession(token, now)).toBeNull()
})

test('a session ends after half an hour of rest, and after twelve hours of work', async () => {
  const { token } = await enter()
  expect(await readStaffSession(token, addMilliseconds(now, SESSION_IDLE - 1))).not.toBeNull()
  // That visit counts as use.
  expect(await readStaffSession(token, addMilliseconds(now, SESSION_IDLE + 20 * MINUTE))).not.toBeNull()
  expect(await readStaffSession(token, addMilliseconds(now, 2 * HOUR))).toBeNull()

  const busy = (await enter()).token
  for (let at = 0; at < SESSION_LIFE; at += 25 * MINUTE) {
    expect(await readStaffSession(busy, addMilliseconds(now, at))).not.toBeNull()
  }
  expect(await readStaffSession(busy, addMilliseconds(now, SESSION_LIFE))).toBeNull()
})

test('signing out ends the session for every copy of its cookie', async () => {
  const { token } = await enter()
  await signOut(token, now)
  expect(await readStaffSession(token, now)).toBeNull()
  expect(await readStaffSession('made-up', now)).toBeNull()
})

test('unknown, disabled and not yet activated accounts answer like a wrong password', async () => {
  const wrong = err({ code: 'wrong' })
  expect(await signIn({ email, password: 'sai', device: undefined }, now)).toEqual(wrong)
  expect(await signIn({ email: 'ai@congan.example', password, device: undefined }, now)).toEqual(wrong)
  await db.staffAccount.update({ where: { id }, data: { passwordHash: null } })
  expect(await signIn({ email, password, device: undefined }, now)).toEqual(wrong)
  await db.staffAccount.update({ where: { id }, data: { active: false } })
  expect(await signIn({ email, password, device: undefined }, now)).toEqual(wrong)
})

test('what the log says of a refused sign-in cannot be guessed by its public hash', async () => {
  for (const address of [email, 'ai@congan.example'])
    await signIn({ email: address, password: 'sai', device: undefined }, now)
  const entries = await db.auditEntry.findMany({ where: { act: 'session.refuse' } })
  expect(new Set(entries.map(({ requestId }) => requestId)).size).toBe(2)
  for (const { requestId } of entries) expect(requestId).toMatch(/^[0-9a-f-]{36}$/)
})

test('an unknown account costs the same hashing as a known one', async () => {
  for (const address of [email, 'ai@congan.example']) {
    hashing.times = 0
    await signIn({ email: address, password: 'sai', device: undefined }, now)
    expect(hashing.times, address).toBe(1)
  }
})

test('guessing grows slow, for known and unknown accounts alike, even when all guesses come at once', async () => {
  for (const address of [email, 'ai@congan.example']) {
    const guesses = await Promise.all(
      Array.from({ length: 8 }, () => signIn({ email: address, password: 'sai', device: undefined }, now)),
    )
    const codes = guesses.map((guess) => (guess.ok ? 'in' : guess.error.code))
    expect(codes.filter((code) => code === 'wrong')).toHaveLength(4)
    expect(codes.filter((code) => code === 'wait')).toHaveLength(4)
  }
  // Even the right password has to wait; after that it signs in, and the count starts again.
  expect(await signIn({ email, password, device: undefined }, addMilliseconds(now, 1_000))).toEqual(
    err({ code: 'mail' }),
  )
  expect((await signIn({ email, password, device: undefined }, addMilliseconds(now, 2_001))).ok).toBe(true)
  expect((await signIn({ email, password: 'sai', device: undefined }, addMilliseconds(now, 2_002))).ok).toBe(
    false,
  )
})

test('guesses of others lock nobody out of a new browser: a mailed link lets right password and code in', async () => {
  const other = (typed: string, at = now) => signIn({ email, password: typed, device: undefined }, at)
  let late = now
  for (let n = 0; n < 14; n++) {
    late = addMilliseconds(late, 15 * MINUTE)
    expect(await other('sai', late)).toEqual(err({ code: 'wrong' }))
  }
  // The wait is a quarter of an hour by now, also for one more wrong guess.
  late = addMilliseconds(late, MINUTE)
  expect(await other('sai', late)).toMatchObject({ error: { code: 'wait' } })
  expect(await db.staffSession.count()).toBe(0)
  expect(await other(password, late)).toEqual(err({ code: 'mail' }))
  expect(await db.staffSession.count()).toBe(0)
  const { rows } = await superuser.query(
    "SELECT data FROM pgboss.job WHERE name = 'account-notice' AND data->>'notice' = 'new_browser'",
  )
  expect(rows).toHaveLength(1)
  const path = makeBrowserLinkPath(id, rows[0].data.linkExpires)
  const token = path.split('/').at(-1) ?? ''
  const device = (await readBrowserLink(token, late)) ?? undefined
  expect(device).toBe((await readBrowserLink(token, late)) ?? undefined)
  // The link signs nobody in, and its browser has to wait like any other.
  for (let n = 0; n < 4; n++) await signIn({ email, password: 'sai', device }, late)
  expect(await signIn({ email, password, device }, late)).toMatchObject({ error: { code: 'wait' } })
  expect((await signIn({ email, password, device }, addMilliseconds(late, 2_001))).ok).toBe(true)
  expect(await readBrowserLink(token, addMilliseconds(late, 30 * MINUTE))).toBeNull()
  expect(await readBrowserLink(token.replace(id, '00000000-0000-4000-8000-00000000000f'), late)).toBeNull()
})

test('a code that brought a mailed link is spent', async () => {
  for (let n = 0; n < 8; n++) await signIn({ email, password: 'sai', device: undefined }, now)
  const late = addMilliseconds(now, 100)
  const sent = { email, password, otp: codeAt(late), device: undefined }
  await db.staffAccount.updateMany({ data: { totpStep: null } })
  expect(await tryOnce(sent, late)).toEqual(err({ code: 'mail' }))
  expect(await tryOnce(sent, late)).toMatchObject({ error: { code: 'wait' } })
})

test('a browser that has signed in before is not locked out by the guesses of others', async () => {
  const { device } = await enter()
  for (let n = 0; n < 8; n++) await signIn({ email, password: 'sai', device: undefined }, now)
  expect((await signIn({ email, password, device: undefined }, now)).ok).toBe(false)
  expect((await signIn({ email, password, device }, now)).ok).toBe(true)
  // The cookie is for this account only.
  for (let n = 0; n < 4; n++) await signIn({ email: 'b@congan.example', password: 'sai', device }, now)
  expect(await signIn({ email: 'b@congan.example', password: 'sai', device: undefined }, now)).toMatchObject({
    error: { code: 'wait' },
  })
})

test('a browser has one count of tries, however its proof is written', async () => {
  const { device } = await enter()
  const forms = [device, `${device}.1`, `${device}.2`, `${device}=`, `${device}\n`, device.replace('.', '=.')]
  const guesses = []
  for (const form of [...forms, device, device, device, device]) {
    const tried = await signIn({ email, password: 'sai', device: form }, now)
    guesses.push(tried.ok ? 'in' : tried.error.code)
  }
  // Four of the browser's own, and four shared by all browsers with false cookies.
  expect(guesses.filter((code) => code === 'wrong')).toHaveLength(8)
  expect((await signIn({ email, password, device }, now)).ok).toBe(false)
})

describe('what is under way when a sign-in is reset or its password changed', () => {
  const next = 'con chó nằm ngoài hiên nắng'
  const change = (token: string) => {
    const actor = { kind: 'staff', id, email, name: 'Lan', role: 'officer' } as const
    const post = { unitId: 'quan-3', agencyId: null, carrierId: null }
    return changePassword({ ...actor, ...post }, { current: password, password: next }, token, now)
  }
  const reset = async () => {
    await makeStaff('auditor')
    must(await resetSignIn(await makeStaff('admin'), id, now))
    await confirmLast(now)
  }

  test('makes no session of the old credentials', async () => {
    for (const meanwhile of [() => change('another'), reset]) {
      hashing.meanwhile = meanwhile
      expect(await signIn({ email, password, device: undefined }, now)).toMatchObject({
        error: { code: 'wrong' },
      })
      expect(await db.staffSession.count({ where: { endedAt: null } })).toBe(0)
      await superuser.query('DELETE FROM lookup_alerts WHERE subject_id = $1', [id])
      await superuser.query('DELETE FROM approvals')
      await db.staffAccount.delete({ where: { id } })
      await makeAccount()
    }
  })

  test('sets no password', async () => {
    const { token } = await enter()
    hashing.meanwhile = reset
    expect(await change(token)).toEqual(err({ code: 'wrong_current' }))
    expect(await db.staffAccount.findUnique({ where: { id } })).toMatchObject({ passwordHash: null })
  })
})
