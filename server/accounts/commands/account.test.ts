import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { StaffActor } from '#domain/access/actor.ts'
import { INVITATION_LIFE } from '#domain/access/sign-in.ts'
import { plus } from '#domain/time.ts'
import { superuser } from '#tests/database.ts'
import { db, transaction } from '#tests/db.ts'
import { codeAt, codeOf, createAccount } from '#tests/factories/staff.ts'
import { invitedBy } from '../loaders.ts'
import { namesOf } from '../repository/accounts.ts'
import { acceptInvitation as accept, invite, type NewAccount } from './account.ts'
import { resetSignIn } from './reset.ts'
import { signIn as enter, staffOfSession } from './session.ts'

const now = new Date('2026-11-24T03:00:00Z')
const password = 'con mèo ngủ trên mái nhà'
const officer: NewAccount = {
  email: 'minh@congan.example',
  name: 'Trần Minh',
  role: 'officer',
  areaId: 'quan-3',
  agencyId: null,
  carrierId: null,
}
const as = (role: StaffActor['role'], id = '00000000-0000-4000-8000-000000000001'): StaffActor => ({
  kind: 'staff',
  id,
  name: '',
  role,
  areaId: null,
  agencyId: null,
  carrierId: null,
})
const invitation = async (account = officer): Promise<string> => {
  const made = await invite({ kind: 'system' }, account, now)
  if (!made.ok) throw new Error(made.error)
  return made.value
}

/** Accepts with the code that the offered secret shows, or with another. */
async function acceptInvitation(token: string, password: string, at: Date, otp?: string) {
  const offered = await invitedBy(token, browser, at)
  const code = otp ?? (offered ? codeOf(offered.totp.text, at) : '123456')
  return accept(token, { password, otp: code, browser }, at)
}
const browser = 'a browser’s cookie'
const signIn = (
  { otp = codeAt(now), ...input }: { email: string; password: string; otp?: string },
  at: Date,
) => enter({ ...input, otp, device: undefined }, at)

test('an invitation sets password and second factor, once, and only with a right code', async () => {
  const token = await invitation()
  const offered = (await invitedBy(token, browser, now))?.totp.text ?? ''
  const otp = codeOf(offered, now, 1)
  expect((await signIn({ email: officer.email, password, otp }, now)).ok).toBe(false)
  expect(await acceptInvitation(token, 'ngắn', now)).toEqual({ ok: false, error: 'too_short' })
  const wrong = { ok: false, error: 'code_wrong' }
  expect(await acceptInvitation(token, password, now, '000000')).toEqual(wrong)
  expect(await acceptInvitation(token, password, now, codeOf(offered, now, 2))).toEqual(wrong)
  // The secret that was scanned is still the one, and nothing is set yet.
  expect((await invitedBy(token, browser, now))?.totp.text).toBe(offered)
  expect((await signIn({ email: officer.email, password, otp }, now)).ok).toBe(false)
  const accepted = await acceptInvitation(token, password, now)
  expect(accepted.ok && new Set(accepted.value).size).toBe(10)
  // The code that confirmed has counted.
  const spent = codeOf(offered, now)
  expect((await signIn({ email: officer.email, password, otp: spent }, now)).ok).toBe(false)
  expect((await signIn({ email: officer.email, password, otp }, now)).ok).toBe(true)
  expect(await acceptInvitation(token, 'một câu khác hẳn, dài', now)).toEqual({
    ok: false,
    error: 'invitation_gone',
  })
})

test('the second factor is its browser’s: who else saw the link knows nothing of it, and the owner is told', async () => {
  const token = await invitation()
  const seen = (await invitedBy(token, 'another', now))?.totp.text ?? ''
  expect(await acceptInvitation(token, password, now, codeOf(seen, now))).toEqual({
    ok: false,
    error: 'code_wrong',
  })
  expect((await acceptInvitation(token, password, now)).ok).toBe(true)
  const later = plus(now, 60_000)
  expect((await signIn({ email: officer.email, password, otp: codeOf(seen, later) }, later)).ok).toBe(false)
  const { rows } = await superuser.query("SELECT data FROM pgboss.job WHERE name = 'account-notice'")
  expect(rows).toMatchObject([{ data: { notice: 'activated' } }])
})

test('accepting sent several times is done once, and each answer shows the recovery codes that count', async () => {
  const token = await invitation()
  const code = codeOf((await invitedBy(token, browser, now))?.totp.text ?? '', now)
  const key = randomUUID()
  const sent = (by = browser, at = now) => accept(token, { password, otp: code, browser: by }, at, key)
  const all = await Promise.all([sent(), sent(), sent()])
  const [first] = all
  expect(first?.ok && new Set(first.value).size).toBe(10)
  for (const one of [...all, await sent(browser, plus(now, 29_000))]) expect(one).toEqual(first)
  expect(await db.auditEntry.count({ where: { act: 'account.activate' } })).toBe(1)
  expect(
    (await signIn({ email: officer.email, password, otp: (first?.ok && first.value[2]) || '' }, now)).ok,
  ).toBe(true)
  // Nobody else reads them by that form, and whoever finds it later neither.
  for (const later of [sent('another'), sent(browser, plus(now, 30_000))])
    expect(await later).toEqual({ ok: false, error: 'invitation_gone' })
  expect(await acceptInvitation(token, password, now)).toEqual({ ok: false, error: 'invitation_gone' })
})

test('two people with one link: one sets the password', async () => {
  const token = await invitation()
  const both = await Promise.all([
    acceptInvitation(token, 'câu thứ nhất dài lắm', now),
    acceptInvitation(token, 'câu thứ hai cũng dài', now),
  ])
  expect(both.filter((one) => one.ok)).toHaveLength(1)
  expect(both).toContainEqual({ ok: false, error: 'invitation_gone' })
})

test('an invitation ends, and a newer one takes its place', async () => {
  const first = await invitation()
  const second = await invitation()
  expect((await acceptInvitation(first, password, now)).ok).toBe(false)
  expect((await acceptInvitation(second, password, plus(now, INVITATION_LIFE))).ok).toBe(false)
  expect((await acceptInvitation('made-up', password, now)).ok).toBe(false)
})

test('only an admin invites, and an account in use is not invited again', async () => {
  for (const role of ['officer', 'supervisor', 'city_police', 'relay', 'auditor'] as const) {
    expect(await invite(as(role), officer, now)).toEqual({ ok: false, error: 'forbidden' })
  }
  await transaction((tx) => createAccount(tx, officer, password))
  expect(await invite(as('admin'), { ...officer, email: officer.email.toUpperCase() }, now)).toEqual({
    ok: false,
    error: 'email_taken',
  })
})

test('a second invitation gives no other post than the first; the account’s page does', async () => {
  const first = await invitation()
  for (const other of [
    { areaId: 'quan-1' },
    { role: 'supervisor' },
    { role: 'admin', areaId: null },
  ] as const) {
    const refused = { ok: false, error: 'email_taken' }
    expect(await invite(as('admin'), { ...officer, ...other }, now), JSON.stringify(other)).toEqual(refused)
    expect(await invite({ kind: 'system' }, { ...officer, ...other }, now)).toEqual(refused)
  }
  expect(await db.auditEntry.count({ where: { act: 'account.invite' } })).toBe(1)
  expect((await acceptInvitation(first, password, now)).ok).toBe(true)
})

test.each([
  [{ email: 'không phải e-mail' }, 'email_invalid'],
  [{ areaId: null }, 'area_missing'],
  [{ role: 'relay' }, 'area_not_needed'],
  [{ role: 'agency_viewer', areaId: null }, 'agency_missing'],
  [{ agencyId: 'quan-3' }, 'agency_not_needed'],
  [{ role: 'carrier', areaId: null }, 'carrier_missing'],
  [{ carrierId: 'viettel' }, 'carrier_not_needed'],
  [{ areaId: 'nowhere' }, 'area_missing'],
  [{ role: 'agency_viewer', areaId: null, agencyId: 'nowhere' }, 'agency_missing'],
  [{ role: 'carrier', areaId: null, carrierId: 'nowhere' }, 'carrier_missing'],
] as const)('refuses %j as %s', async (fault, error) => {
  expect(await invite(as('admin'), { ...officer, ...fault }, now)).toEqual({ ok: false, error })
})
test('an admin resets a sign-in: nothing of the old one opens any more, and the new link sets both anew', async () => {
  const id = await transaction((tx) => createAccount(tx, officer, password))
  const session = await signIn({ email: officer.email, password }, now)
  expect(await resetSignIn(as('supervisor'), id, now)).toEqual({ ok: false, error: 'forbidden' })
  expect(await resetSignIn(as('admin', id), id, now)).toEqual({ ok: false, error: 'reset_own' })
  const made = await resetSignIn(as('admin'), id, now)
  if (!made.ok || !session.ok) throw new Error('not reset')
  expect(await staffOfSession(session.value.token, now)).toBeNull()
  const otp = codeAt(now, 1)
  expect((await signIn({ email: officer.email, password, otp }, now)).ok).toBe(false)
  expect((await acceptInvitation(made.value.token, password, now)).ok).toBe(true)
  expect((await signIn({ email: officer.email, password, otp }, now)).ok).toBe(false)
  expect((await resetSignIn(as('admin'), '00000000-0000-4000-8000-00000000000f', now)).ok).toBe(false)
})

test('a form sent several times invites once and resets once, and each answer has the link that opens', async () => {
  const sent = (work: (key: string) => Promise<unknown>) => {
    const key = randomUUID()
    return Promise.all(Array.from({ length: 4 }, () => work(key)))
  }
  const invited = await sent((key) => invite(as('admin'), officer, now, key))
  const [first] = invited as { ok: true; value: string }[]
  expect(invited).toEqual(Array.from({ length: 4 }, () => ({ ok: true, value: first?.value })))
  expect(await db.auditEntry.count({ where: { act: 'account.invite' } })).toBe(1)
  expect((await acceptInvitation(first?.value ?? '', password, now)).ok).toBe(true)

  const { id } = await db.staffAccount.findUniqueOrThrow({ where: { email: officer.email } })
  const reset = await sent((key) => resetSignIn(as('admin'), id, now, key))
  const [again] = reset as { ok: true; value: { token: string } }[]
  expect(reset).toEqual(Array.from({ length: 4 }, () => ({ ok: true, value: again?.value })))
  expect(await db.auditEntry.count({ where: { act: 'account.reset_sign_in' } })).toBe(1)
  expect((await acceptInvitation(again?.value.token ?? '', password, now)).ok).toBe(true)
})

test('two admins who invite one person at once are both answered', async () => {
  const made = await Promise.all(Array.from({ length: 4 }, () => invite(as('admin'), officer, now)))
  expect(made.filter(({ ok }) => ok)).toHaveLength(4)
  expect(await db.staffAccount.count({ where: { email: officer.email } })).toBe(1)
})

test('a history names its people, and whoever else stands in it has no account to be named by', async () => {
  const id = await transaction((tx) => createAccount(tx, officer, password))
  expect(await namesOf([id, 'vietnamobile', "'", id])).toEqual(new Map([[id, officer.name]]))
})
