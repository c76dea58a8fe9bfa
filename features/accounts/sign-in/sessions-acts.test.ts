import { randomUUID } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { err, ok } from '#lib/result.ts'
import { addMilliseconds, MINUTE } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { db, transaction } from '#tests/db.ts'
import { endAllSessions } from '#tests/factories/accounts.ts'
import { codeAt, createAccount, makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { full } from '#tests/runs.ts'
import { endOtherSessions, endOwnSession, readStaffSession, signIn } from './acts.ts'
import { listSessions } from './data.ts'
import { changePassword } from './password-acts.ts'

const now = new Date('2026-11-24T03:00:00Z')
const email = 'lan.nguyen@congan.example'
const password = 'con mèo ngủ trên mái nhà'
const next = 'con chó nằm ngoài hiên nắng'
const person = {
  email,
  name: 'Lan',
  role: 'officer',
  unitId: 'quan-3',
  agencyId: null,
  carrierId: null,
} as const
let id: string
beforeEach(async () => {
  step = 0
  id = await transaction((tx) => createAccount(tx, person, password))
})
const actor = () => ({ kind: 'staff', id, ...person }) as const

/** A code counts once, so each sign-in takes place one step later. */
let step = 0
const attempt = (typed: string, device?: string, at = addMilliseconds(now, 30_000 * step++)) =>
  signIn({ email, password: typed, otp: codeAt(at), device, browser: 'chrome android' }, at)
const enter = async () => {
  return must(await attempt(password))
}
const alive = async (token: string, at = now) => (await readStaffSession(token, at)) !== null

test('a person sees their live sessions, ends one, and ends all others', async () => {
  const [own, one, two] = [await enter(), await enter(), await enter()]
  const other = await makeStaff('officer')
  const listed = await listSessions(actor(), id, own.token, addMilliseconds(now, 3 * MINUTE))
  expect(listed.map(({ browser, current }) => [browser, current])).toEqual([
    ['chrome android', false],
    ['chrome android', false],
    ['chrome android', true],
  ])
  expect(await listSessions(await makeStaff('admin'), id, null, now)).toHaveLength(3)
  expect(await listSessions(other, id, null, now)).toEqual([])
  const newest = listed[0]?.id ?? ''
  // Another person who knows the session's id can do nothing with it.
  expect(await endOwnSession(other, newest, addMilliseconds(now, 3 * MINUTE))).toBe(0)
  expect(await endOwnSession(actor(), newest, addMilliseconds(now, 3 * MINUTE))).toBe(1)
  expect(await Promise.all([own, one, two].map(({ token }) => alive(token)))).toEqual([true, true, false])
  await enter()
  expect(await endOtherSessions(actor(), own.token, addMilliseconds(now, 5 * MINUTE))).toBe(2)
  expect(await listSessions(actor(), id, own.token, addMilliseconds(now, 5 * MINUTE))).toMatchObject([
    { current: true },
  ])
})

test('an admin, and nobody else, ends all sessions of an account', async () => {
  const { token } = await enter()
  expect(await endAllSessions(await makeStaff('supervisor'), id, now)).toEqual(err('forbidden'))
  expect(await alive(token)).toBe(true)
  expect(await endAllSessions(await makeStaff('admin'), id, now)).toEqual(ok(1))
  expect(await alive(token)).toBe(false)
})

test('what another process ends is dead at the next request: nothing is remembered', async () => {
  const { token } = await enter()
  expect(await alive(token)).toBe(true)
  await superuser.query('UPDATE staff_sessions SET ended_at = $1 WHERE account_id = $2', [now, id])
  expect(await alive(token)).toBe(false)
})

test('looking at pages writes at most once a minute', async () => {
  const { token } = await enter()
  const version = async () =>
    (await superuser.query('SELECT xmin::text AS v FROM staff_sessions WHERE account_id = $1', [id])).rows[0]
      .v
  const before = await version()
  for (let n = 0; n < 60; n++) await alive(token, addMilliseconds(now, n * 1_000))
  expect(await version()).toBe(before)
  await alive(token, addMilliseconds(now, MINUTE + 1))
  expect(await version()).not.toBe(before)
})

test('a changed password ends the other sessions; the old one opens nothing any more', async () => {
  const [own, other] = [await enter(), await enter()]
  expect(await changePassword(actor(), { current: password, password: next }, own.token, now)).toEqual(
    ok(null),
  )
  expect([await alive(own.token), await alive(other.token)]).toEqual([true, false])
  expect((await attempt(password)).ok).toBe(false)
  expect((await attempt(next)).ok).toBe(true)
  const told = await db.$queryRaw<{ data: unknown }[]>`
    SELECT data - 'id' AS data FROM pgboss.job WHERE name = 'account-notice'`
  expect(told).toEqual([{ data: { accountId: id, notice: 'password_changed' } }])
})

test('a form for a new password that is sent twice is done once, and tells nobody that the old one is wrong', async () => {
  const { token } = await enter()
  const key = randomUUID()
  const sent = () => changePassword(actor(), { current: password, password: next }, token, now, key)
  expect(await Promise.all([sent(), sent()])).toEqual(Array(2).fill(ok(null)))
  expect(await sent()).toEqual(ok(null))
  expect(await db.auditEntry.count({ where: { act: 'account.password' } })).toBe(1)
  expect((await attempt(next)).ok).toBe(true)
})

test.each([
  ['too_short', 'mười một kỹ'],
  ['too_long', 'con mèo ngủ '.repeat(11)],
  ['too_plain', 'Lan-Nguyễn thì dài'],
  ['too_plain', 'chào An Tâm buổi sáng'],
  ['too_plain', 'zzzzzzzzzzzzzz'],
  ['too_common', 'password12345'],
  ['unchanged', password],
])('a new password is refused as %s: %s', async (code, chosen) => {
  const { token } = await enter()
  const changed = await changePassword(actor(), { current: password, password: chosen }, token, now)
  expect(changed).toEqual(err({ code }))
})

test('a stranger who sits down at an open session cannot guess the password there', async () => {
  const { token } = await enter()
  const guess = () => changePassword(actor(), { current: 'sai', password: next }, token, now)
  for (let n = 0; n < 4; n++) expect(await guess()).toMatchObject({ error: { code: 'wrong_current' } })
  expect(await guess()).toEqual(err({ code: 'wait', seconds: 2 }))
  expect(await db.auditEntry.count({ where: { act: 'account.password' } })).toBe(0)
})

test.runIf(full)(
  'a hundred wrong tries from a stranger’s device delay strangers, and not the owner’s',
  async () => {
    const { device } = await enter()
    let waited = 0
    for (let n = 0; n < 100; n++) {
      const tried = await attempt('sai', undefined, addMilliseconds(now, n * 1_000))
      if (!tried.ok && tried.error.code === 'wait') waited = Math.max(waited, tried.error.seconds)
    }
    expect(waited).toBeGreaterThan(30)
    const at = addMilliseconds(now, 100_000)
    expect(await attempt(password, undefined, at)).toEqual(err({ code: 'mail' }))
    // With the next code: the mail used that one.
    expect((await attempt(password, device, addMilliseconds(at, 30_000))).ok).toBe(true)
  },
)
