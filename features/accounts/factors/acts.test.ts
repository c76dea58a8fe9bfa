import { randomUUID } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import type { StaffActor } from '#lib/access/actor.ts'
import { err, ok } from '#lib/result.ts'
import { addMilliseconds, MINUTE } from '#lib/time.ts'
import { keyedHash } from '#platform/crypto.ts'
import { db, transaction } from '#tests/db.ts'
import { codeAt, createAccount } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { beginTry, readStaffSession, signIn } from '../sign-in/acts.ts'
import { forgetTries } from '../sign-in/data.ts'
import { renewRecoveryCodes, type StepUpFor, stepUp as stepUpFor } from './acts.ts'
import { stepUpNeed } from './rules.ts'

const now = new Date('2026-11-24T03:00:05Z')
const email = 'lan@congan.example'
const password = 'con mèo ngủ trên mái nhà'
let actor: StaffActor

beforeEach(async () => {
  const account = {
    email,
    name: 'Lan',
    role: 'officer',
    unitId: 'quan-3',
    agencyId: null,
    carrierId: null,
  } as const
  const id = await transaction((tx) => createAccount(tx, account, password))
  actor = { kind: 'staff', id, ...account }
})

const stepUp = (token: string, otp: string, at: Date, what: Partial<StepUpFor> = {}) =>
  stepUpFor(token, otp, at, { kind: 'decision', submitKey: randomUUID(), ...what })

const enter = (otp: string, at = now) => signIn({ email, password, otp, device: undefined }, at)
const tokenOf = async (otp: string, at = now): Promise<string> => {
  const entered = must(await enter(otp, at))
  return entered.token
}
const acts = async () => (await db.auditEntry.findMany({ orderBy: { id: 'asc' } })).map((entry) => entry.act)

test('a wrong code answers as a wrong password does, and makes the next try wait as much', async () => {
  const wrong = err({ code: 'wrong' })
  for (const otp of ['', '000000', 'ABCDE-FGHJK', codeAt(now, 2)])
    expect(await enter(otp), otp).toEqual(wrong)
  expect(await enter('000000')).toEqual(err({ code: 'wait', seconds: 2 }))
  // A right code does not sign in before the wait is over either.
  expect(await enter(codeAt(now))).toEqual(err({ code: 'mail' }))
})

test('one step of clock skew counts, two do not', async () => {
  expect((await enter(codeAt(now, -2))).ok).toBe(false)
  expect((await enter(codeAt(now, -1))).ok).toBe(true)
  expect((await enter(codeAt(now, 2))).ok).toBe(false)
  expect((await enter(codeAt(now, 1))).ok).toBe(true)
})

test('a code counts once, and none before it counts afterwards', async () => {
  expect((await enter(codeAt(now))).ok).toBe(true)
  expect((await enter(codeAt(now))).ok).toBe(false)
  expect((await enter(codeAt(now, -1))).ok).toBe(false)
  expect((await enter(codeAt(now, 1))).ok).toBe(true)
})

test('of several at once with one code one gets in', async () => {
  const otp = codeAt(now)
  const all = await Promise.all([enter(otp), enter(otp), enter(otp)])
  expect(all.filter((one) => one.ok)).toHaveLength(1)
  expect(await db.staffSession.count()).toBe(1)
})

test('a recovery code stands in once, at once or later, is audited and told; new ones end the old', async () => {
  const [first = '', second = ''] = await renewRecoveryCodes(actor, now)
  const both = await Promise.all([enter(first), enter(first.toLowerCase().replace('-', ' '))])
  expect(both.filter((one) => one.ok)).toHaveLength(1)
  expect((await enter(first)).ok).toBe(false)
  expect((await acts()).filter((act) => act === 'account.use_recovery_code')).toHaveLength(1)
  const told = await db.$queryRaw<{ data: unknown }[]>`
    SELECT data->>'notice' AS data FROM pgboss.job WHERE name = 'account-notice' ORDER BY created_on`
  expect(told.map(({ data }) => data).toSorted()).toEqual(['recovery_renewed', 'recovery_used'])
  await renewRecoveryCodes(actor, now)
  expect((await enter(second, addMilliseconds(now, MINUTE))).ok).toBe(false)
  const stored = await db.recoveryCode.findMany()
  expect(stored).toHaveLength(10)
  expect(JSON.stringify(stored)).not.toContain(second)
})

test('a form for new recovery codes that is sent several times shows each time the ones that count', async () => {
  const key = randomUUID()
  const all = await Promise.all([1, 2, 3].map(() => renewRecoveryCodes(actor, now, key)))
  expect(new Set(all.map(String)).size).toBe(1)
  expect(new Set(all[0]).size).toBe(10)
  expect(await acts()).toEqual(['account.renew_recovery_codes'])
  expect((await enter(all[0]?.[3] ?? '')).ok).toBe(true)
  expect(String(await renewRecoveryCodes(actor, now))).not.toBe(String(all[0]))
})

test('signing in speaks for thirty minutes of decisions; then a fresh code does, for this session', async () => {
  const token = await tokenOf(codeAt(now))
  const needAt = async (at: Date) => {
    const staff = await readStaffSession(token, at)
    return staff && stepUpNeed(staff, 'decision', 30, at)
  }
  expect(await needAt(addMilliseconds(now, 28 * MINUTE))).toBe('none')
  const late = addMilliseconds(now, 30 * MINUTE)
  await db.staffSession.updateMany({ data: { lastSeenAt: late } })
  expect(await needAt(late)).toBe('now')
  const wrong = err({ code: 'wrong' })
  expect(await stepUp(token, codeAt(now), late)).toEqual(wrong)
  expect(await stepUp('made-up', codeAt(late), late)).toEqual(wrong)
  expect(await needAt(late)).toBe('now')
  expect((await stepUp(token, codeAt(late), late)).ok).toBe(true)
  expect(await needAt(late)).toBe('none')
  const later = addMilliseconds(late, 30 * MINUTE)
  await db.staffSession.updateMany({ data: { lastSeenAt: later } })
  expect(await needAt(later)).toBe('now')
  expect((await acts()).slice(-3)).toEqual([
    'session.refuse_step_up',
    'session.refuse_step_up',
    'session.step_up',
  ])
  const { facts } = await db.auditEntry.findFirstOrThrow({ where: { act: 'session.step_up' } })
  expect(facts).toEqual({ factor: 'totp' })
})

test('a code for an account opens no period, and speaks for its own form sent twice', async () => {
  const token = await tokenOf(codeAt(now))
  const late = addMilliseconds(now, 31 * MINUTE)
  await db.staffSession.updateMany({ data: { lastSeenAt: late } })
  const submitKey = randomUUID()
  const sent = () => stepUp(token, codeAt(late), late, { kind: 'always', submitKey })
  expect(await Promise.all([sent(), sent()])).toEqual(Array(2).fill(ok(null)))
  expect((await acts()).filter((act) => act.endsWith('step_up'))).toEqual(['session.step_up'])
  const other = await stepUp(token, codeAt(late), late, { kind: 'always' })
  expect(other).toEqual(err({ code: 'wrong' }))
  const staff = await readStaffSession(token, late)
  expect(staff && stepUpNeed(staff, 'decision', 30, late)).toBe('now')
  expect(staff && stepUpNeed(staff, 'file', 30, late)).toBe('now')
})

test('a code for files opens them alone', async () => {
  const token = await tokenOf(codeAt(now))
  const late = addMilliseconds(now, 31 * MINUTE)
  await db.staffSession.updateMany({ data: { lastSeenAt: late } })
  expect((await stepUp(token, codeAt(late), late, { kind: 'file' })).ok).toBe(true)
  const staff = await readStaffSession(token, late)
  expect(staff && stepUpNeed(staff, 'file', 30, late)).toBe('none')
  expect(staff && stepUpNeed(staff, 'decision', 30, late)).toBe('now')
})

test('a form that is sent several times at once with its code is stepped up once, and refused no time', async () => {
  const token = await tokenOf(codeAt(now))
  const late = addMilliseconds(now, 31 * MINUTE)
  const sent = () => stepUp(token, codeAt(late), late)
  expect(await Promise.all([sent(), sent(), sent()])).toEqual(Array(3).fill(ok(null)))
  expect((await acts()).filter((act) => act.endsWith('step_up'))).toEqual(['session.step_up'])
  // The code is used: it is valid neither for another session nor for this one later.
  const other = await tokenOf(codeAt(late, 1), late)
  const later = addMilliseconds(late, 31 * MINUTE)
  for (const one of [token, other])
    expect(await stepUp(one, codeAt(late), later)).toEqual(err({ code: 'wrong' }))
})

test('a try that another one has overtaken does not wait for it', async () => {
  const token = await tokenOf(codeAt(now))
  const late = addMilliseconds(now, 31 * MINUTE)
  expect(await stepUp(token, '000000', late)).toEqual(err({ code: 'wrong' }))
  expect((await stepUp(token, codeAt(late), addMilliseconds(late, -5))).ok).toBe(true)
})

test('tries are counted while others are forgotten', async () => {
  const tries = keyedHash('step-up', 'somebody')
  const both = async () => {
    await beginTry(tries, now)
    await transaction((tx) => forgetTries(tx, tries))
  }
  await Promise.all(Array.from({ length: 40 }, both))
  expect(await db.signInFailure.count()).toBe(0)
})

test('guessing within a session grows slow, and slows nobody else', async () => {
  const token = await tokenOf(codeAt(now))
  const later = addMilliseconds(now, 31 * MINUTE)
  const guesses = await Promise.all(Array.from({ length: 8 }, () => stepUp(token, '000000', later)))
  expect(guesses.filter((guess) => !guess.ok && guess.error.code === 'wait')).toHaveLength(4)
  expect(await stepUp(token, codeAt(later), later)).toMatchObject({ error: { code: 'wait' } })
  const other = await tokenOf(codeAt(later), later)
  expect((await stepUp(other, codeAt(later, 1), later)).ok).toBe(true)
})
