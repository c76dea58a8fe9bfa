import { randomUUID } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { err } from '#lib/result.ts'
import { addMilliseconds } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { db, transaction } from '#tests/db.ts'
import { invite, resetSignIn, setEmail } from '#tests/factories/accounts.ts'
import { confirmLast } from '#tests/factories/second-person.ts'
import { codeAt, codeOf, createAccount, makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { type NewAccount, namesOf } from './data.ts'
import { acceptInvitation as accept, inviteAdmin, linkSecret } from './invitations/acts.ts'
import { readInvitation } from './invitations/data.ts'
import { signIn as enter, readStaffSession } from './sign-in/acts.ts'
import { INVITATION_LIFE } from './sign-in/rules.ts'

const now = new Date('2026-11-24T03:00:00Z')
const password = 'con mèo ngủ trên mái nhà'
const officer: NewAccount = {
  email: 'minh@congan.example',
  name: 'Trần Minh',
  role: 'officer',
  unitId: 'quan-3',
  agencyId: null,
  carrierId: null,
}
const viewer: NewAccount = {
  ...officer,
  email: 'lan@quan3.example',
  role: 'agency_viewer',
  unitId: null,
  agencyId: 'quan-3',
}

beforeEach(async () => {
  await makeStaff('auditor')
})

async function mailedSecret(): Promise<string> {
  const { rows } = await superuser.query(
    `SELECT data FROM pgboss.job WHERE name = 'account-notice' AND data ? 'invitationId' ORDER BY created_on DESC, id`,
  )
  const open = []
  for (const { data } of rows)
    if (await readInvitation(linkSecret(data.invitationId), browser, now)) open.push(data)
  return linkSecret(open[0]?.invitationId)
}

const invitation = async (account = officer): Promise<string> => {
  const [asker, second] = [await makeStaff('admin'), await makeStaff('admin')]
  must(await invite(asker, account, now))
  await confirmLast(now, second)
  return mailedSecret()
}

async function acceptInvitation(token: string, password: string, at: Date, otp?: string) {
  const offered = await readInvitation(token, browser, at)
  const code = otp ?? (offered ? codeOf(offered.totp.text, at) : '123456')
  return accept(token, { password, otp: code, browser, signedIn: false }, at)
}
const browser = 'a browser’s cookie'
const signIn = (
  { otp = codeAt(now), ...input }: { email: string; password: string; otp?: string },
  at: Date,
) => enter({ ...input, otp, device: undefined }, at)

test('an invitation sets password and second factor, once, and only with a right code', async () => {
  const token = await invitation()
  const offered = (await readInvitation(token, browser, now))?.totp.text ?? ''
  const otp = codeOf(offered, now, 1)
  expect((await signIn({ email: officer.email, password, otp }, now)).ok).toBe(false)
  expect(await acceptInvitation(token, 'ngắn', now)).toEqual(err('too_short'))
  const wrong = err('code_wrong')
  expect(await acceptInvitation(token, password, now, '000000')).toEqual(wrong)
  expect(await acceptInvitation(token, password, now, codeOf(offered, now, 2))).toEqual(wrong)
  // The same secret is offered again, and nothing is set yet.
  expect((await readInvitation(token, browser, now))?.totp.text).toBe(offered)
  expect((await signIn({ email: officer.email, password, otp }, now)).ok).toBe(false)
  const accepted = await acceptInvitation(token, password, now)
  expect(accepted.ok && new Set(accepted.value).size).toBe(10)
  // The code that confirmed the secret is used.
  const spent = codeOf(offered, now)
  expect((await signIn({ email: officer.email, password, otp: spent }, now)).ok).toBe(false)
  expect((await signIn({ email: officer.email, password, otp }, now)).ok).toBe(true)
  expect(await acceptInvitation(token, 'một câu khác hẳn, dài', now)).toEqual(err('invitation_gone'))
})

test('the second factor is its browser’s: who else saw the link knows nothing of it, and the owner is told', async () => {
  const token = await invitation()
  const seen = (await readInvitation(token, 'another', now))?.totp.text ?? ''
  expect(await acceptInvitation(token, password, now, codeOf(seen, now))).toEqual(err('code_wrong'))
  expect((await acceptInvitation(token, password, now)).ok).toBe(true)
  const later = addMilliseconds(now, 60_000)
  expect((await signIn({ email: officer.email, password, otp: codeOf(seen, later) }, later)).ok).toBe(false)
  const { rows } = await superuser.query(
    "SELECT data->>'notice' AS notice FROM pgboss.job WHERE name = 'account-notice' ORDER BY created_on, id",
  )
  expect(rows.map(({ notice }) => notice).toSorted()).toEqual(['activated', 'invited'])
})

test('accepting sent several times is done once, and each answer shows the recovery codes that count', async () => {
  const token = await invitation()
  const code = codeOf((await readInvitation(token, browser, now))?.totp.text ?? '', now)
  const key = randomUUID()
  const sent = (by = browser, at = now) =>
    accept(token, { password, otp: code, browser: by, signedIn: false }, at, key)
  const all = await Promise.all([sent(), sent(), sent()])
  const [first] = all
  expect(first?.ok && new Set(first.value).size).toBe(10)
  for (const one of [...all, await sent(browser, addMilliseconds(now, 29_000))]) expect(one).toEqual(first)
  expect(await db.auditEntry.count({ where: { act: 'account.activate' } })).toBe(1)
  expect(
    (await signIn({ email: officer.email, password, otp: (first?.ok && first.value[2]) || '' }, now)).ok,
  ).toBe(true)
  // Another browser does not get the codes with that form; nor does the same browser half a minute later.
  for (const later of [sent('another'), sent(browser, addMilliseconds(now, 30_000))])
    expect(await later).toEqual(err('invitation_gone'))
  expect(await acceptInvitation(token, password, now)).toEqual(err('invitation_gone'))
})

test('two people with one link: one sets the password', async () => {
  const token = await invitation()
  const both = await Promise.all([
    acceptInvitation(token, 'câu thứ nhất dài lắm', now),
    acceptInvitation(token, 'câu thứ hai cũng dài', now),
  ])
  expect(both.filter((one) => one.ok)).toHaveLength(1)
  expect(both).toContainEqual(err('invitation_gone'))
})

test('an invitation ends, and a newer one takes its place', async () => {
  const admin = await makeStaff('admin')
  const first = await invitation(viewer)
  const { id } = await db.staffAccount.findUniqueOrThrow({ where: { email: viewer.email } })
  must(await resetSignIn(admin, id, now))
  await confirmLast(now)
  const second = await mailedSecret()
  expect((await acceptInvitation(first, password, now)).ok).toBe(false)
  expect((await acceptInvitation(second, password, addMilliseconds(now, INVITATION_LIFE))).ok).toBe(false)
  expect((await acceptInvitation('made-up', password, now)).ok).toBe(false)
  expect((await acceptInvitation(second, password, now)).ok).toBe(true)
})

test('a link that went to an old address opens nothing; the new address gets its own', async () => {
  const admin = await makeStaff('admin')
  const links = async () =>
    (await superuser.query("SELECT FROM pgboss.job WHERE name = 'account-notice' AND data ? 'invitationId'"))
      .rowCount
  const moved = async (account: NewAccount, email: string, at = now) => {
    const { id } = await db.staffAccount.findUniqueOrThrow({ where: { email: account.email } })
    must(await setEmail(admin, id, email, at))
    await confirmLast(at)
  }
  for (const account of [viewer, officer]) {
    const first = await invitation(account)
    const sent = (await links()) ?? 0
    await moved(account, `dung.${account.email}`)
    expect(await links()).toBe(sent + 1)
    expect(await acceptInvitation(first, password, now)).toEqual(err('invitation_gone'))
    expect((await acceptInvitation(await mailedSecret(), password, now)).ok).toBe(true)
    // An account that has accepted its invitation, or whose link has expired, gets no link.
    await moved({ ...account, email: `dung.${account.email}` }, account.email)
    expect(await links()).toBe(sent + 1)
  }
  const late = { ...viewer, email: 'tre@quan3.example' }
  await invitation(late)
  const sent = await links()
  await moved(late, 'muon@quan3.example', addMilliseconds(now, INVITATION_LIFE))
  expect(await links()).toBe(sent)
})

test('an invitation is not accepted in a browser in which a person is signed in, such as the inviter’s', async () => {
  const token = await invitation()
  const otp = codeOf((await readInvitation(token, browser, now))?.totp.text ?? '', now)
  expect(await accept(token, { password, otp, browser, signedIn: true }, now)).toEqual(err('signed_in'))
  expect((await accept(token, { password, otp, browser, signedIn: false }, now)).ok).toBe(true)
})

test('a mail scanner that opens the link spends nothing, however often', async () => {
  const token = await invitation()
  for (const scanner of ['one', 'two', 'three'])
    expect(await readInvitation(token, scanner, now)).not.toBeNull()
  expect((await acceptInvitation(token, password, now)).ok).toBe(true)
})

test('only an admin invites, and an account in use is not invited again', async () => {
  for (const role of ['officer', 'supervisor', 'city_police', 'relay', 'auditor'] as const) {
    expect(await invite(await makeStaff(role), officer, now)).toEqual(err('forbidden'))
  }
  await transaction((tx) => createAccount(tx, officer, password))
  const admin = await makeStaff('admin')
  expect(await invite(admin, { ...officer, email: officer.email.toUpperCase() }, now)).toEqual(err('taken'))
})

test('a second invitation gives no other post than the first; the account’s page does', async () => {
  const first = await invitation(viewer)
  const admin = await makeStaff('admin')
  const refused = err('taken')
  for (const other of [{ agencyId: 'quan-1' }, { role: 'admin', agencyId: null }] as const)
    expect(await invite(admin, { ...viewer, ...other }, now), JSON.stringify(other)).toEqual(refused)
  expect(await db.auditEntry.count({ where: { act: 'account.invite' } })).toBe(1)
  expect((await acceptInvitation(first, password, now)).ok).toBe(true)
})

test.each([
  [{ email: 'không phải e-mail' }, 'email_invalid'],
  [{ unitId: null }, 'unit_missing'],
  [{ role: 'relay' }, 'unit_not_needed'],
  [{ role: 'agency_viewer', unitId: null }, 'agency_missing'],
  [{ agencyId: 'quan-3' }, 'agency_not_needed'],
  [{ role: 'carrier', unitId: null }, 'carrier_missing'],
  [{ carrierId: 'viettel' }, 'carrier_not_needed'],
  [{ unitId: 'nowhere' }, 'unit_missing'],
  [{ role: 'agency_viewer', unitId: null, agencyId: 'nowhere' }, 'agency_missing'],
  [{ role: 'carrier', unitId: null, carrierId: 'nowhere' }, 'carrier_missing'],
] as const)('refuses %j as %s', async (fault, error) => {
  expect(await invite(await makeStaff('admin'), { ...officer, ...fault }, now)).toEqual(err(error))
})

test('an admin resets a sign-in: nothing of the old one opens any more, and the mailed link sets both anew', async () => {
  const id = await transaction((tx) => createAccount(tx, viewer, password))
  const enter = (otp?: string) => signIn({ email: viewer.email, password, ...(otp && { otp }) }, now)
  const session = await enter()
  const admin = await makeStaff('admin')
  expect(await resetSignIn(await makeStaff('supervisor'), id, now)).toEqual(err('forbidden'))
  expect(await resetSignIn(admin, admin.id, now)).toEqual(err('reset_own'))
  expect(await resetSignIn(admin, id, now)).toEqual({ ok: true, value: 'requested' })
  await confirmLast(now)
  if (!session.ok) throw new Error('not signed in')
  expect(await readStaffSession(session.value.token, now)).toBeNull()
  const otp = codeAt(now, 1)
  expect((await enter(otp)).ok).toBe(false)
  expect((await acceptInvitation(await mailedSecret(), password, now)).ok).toBe(true)
  expect((await enter(otp)).ok).toBe(false)
  expect((await resetSignIn(admin, '00000000-0000-4000-8000-00000000000f', now)).ok).toBe(false)
})

test('a form sent several times invites once and resets once', async () => {
  const admin = await makeStaff('admin')
  const sent = (work: (key: string) => Promise<unknown>) => {
    const key = randomUUID()
    return Promise.all(Array.from({ length: 4 }, () => work(key)))
  }
  const done = Array.from({ length: 4 }, () => ({ ok: true, value: 'requested' }))
  expect(await sent((key) => invite(admin, viewer, now, key))).toEqual(done)
  expect(await db.auditEntry.count({ where: { act: 'approval.ask' } })).toBe(1)
  await confirmLast(now)
  expect(await db.auditEntry.count({ where: { act: 'account.invite' } })).toBe(1)
  const { id } = await db.staffAccount.findUniqueOrThrow({ where: { email: viewer.email } })
  expect(await sent((key) => resetSignIn(admin, id, now, key))).toEqual(done)
  await confirmLast(now)
  expect(await db.auditEntry.count({ where: { act: 'account.reset_sign_in' } })).toBe(1)
  expect((await acceptInvitation(await mailedSecret(), password, now)).ok).toBe(true)
})

test('of admins who invite one person at once, one asks and the others are told so', async () => {
  const admins = await Promise.all(Array.from({ length: 4 }, () => makeStaff('admin')))
  const made = await Promise.all(admins.map((admin) => invite(admin, viewer, now)))
  expect(made.filter(({ ok }) => ok)).toHaveLength(1)
  expect(made).toContainEqual(err('request_open'))
  await confirmLast(now)
  expect(await db.staffAccount.count({ where: { email: viewer.email } })).toBe(1)
})

test('the operator makes two admins at the machine, and no third', async () => {
  const first = must(await inviteAdmin('Mot@example.vn', now))
  const again = must(await inviteAdmin('mot@example.vn', now))
  expect((await acceptInvitation(first, password, now)).ok).toBe(false)
  expect((await acceptInvitation(again, password, now)).ok).toBe(true)
  expect((await inviteAdmin('mot@example.vn', now)).ok).toBe(false)
  const second = await inviteAdmin('hai@example.vn', now)
  expect(second.ok).toBe(true)
  expect(await inviteAdmin('ba@example.vn', now)).toEqual(err('enough_admins'))
  expect(await db.auditEntry.findMany({ where: { act: 'account.print_link' } })).toHaveLength(3)
  // One of the two can no longer sign in and was disabled by the other, so a place is free again.
  await db.staffAccount.update({ where: { email: 'mot@example.vn' }, data: { active: false } })
  expect((await inviteAdmin('mot@example.vn', now)).ok).toBe(true)
  expect(await inviteAdmin(officer.email, addMilliseconds(now, INVITATION_LIFE))).toEqual({
    ok: true,
    value: expect.any(String),
  })
})

test('a history names its people; a carrier in it has no account to be named by', async () => {
  const id = await transaction((tx) => createAccount(tx, officer, password))
  expect(await namesOf([id, 'vietnamobile', "'", id])).toEqual(new Map([[id, officer.name]]))
})
