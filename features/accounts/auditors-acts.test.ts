import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { jobs } from '#features/disclosures/lookups/jobs.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { err } from '#lib/result.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { invite, resetSignIn, setEmail, setStaffActive, setStaffPost } from '#tests/factories/accounts.ts'
import { confirm, openApproval } from '#tests/factories/second-person.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { outbox } from '#tests/outbox.ts'

const OUTSIDE = 'giam-sat@thanhtra.example'
process.env.ALERT_MAIL = OUTSIDE

const now = new Date('2026-11-28T03:00:00Z')
const nobody = { unitId: null, agencyId: null, carrierId: null }
const officer = {
  ...nobody,
  email: 'moi@congan.example',
  name: 'Nguyễn Mới',
  role: 'officer',
  unitId: 'quan-3',
} as const
const newAuditor = { ...nobody, email: 'moi@thanhtra.example', name: 'Trần Mới', role: 'auditor' } as const

let admin: StaffReader
let second: StaffReader
beforeEach(async () => {
  mkdirSync(join(process.env.DATA_DIR ?? '', 'outbox'), { recursive: true })
  admin = await makeStaff('admin')
  second = await makeStaff('admin')
})

const accountOf = (id: string) => db.staffAccount.findUniqueOrThrow({ where: { id } })
const addressOf = async (id: string) => (await accountOf(id)).email
const deactivate = (id: string) => db.staffAccount.update({ where: { id }, data: { active: false } })

async function mailed(): Promise<string[]> {
  const folder = process.env.DATA_DIR ?? ''
  const before = new Set(outbox(folder).map(({ name }) => name))
  const { rows } = await superuser.query("DELETE FROM pgboss.job WHERE name = 'lookup-alert' RETURNING data")
  for (const { data } of rows) await jobs[0]?.run(data, now, new AbortController().signal)
  const sent = outbox(folder).filter(({ name }) => !before.has(name))
  return sent.map(({ content }) => /^To: (.*)$/m.exec(content)?.[1]?.trim() ?? '').toSorted()
}

test('who is dismissed as an auditor is told, with the others and the address outside', async () => {
  const [taken, stays] = [await makeStaff('auditor'), await makeStaff('auditor')]
  const everybody = [await addressOf(taken.id), await addressOf(stays.id), OUTSIDE].toSorted()
  await setStaffActive(admin, taken.id, false, now)
  expect(await mailed()).toEqual(everybody)
  expect((await confirm(second, await openApproval(), now)).ok).toBe(true)
  expect(await mailed()).toEqual(everybody)
  expect((await accountOf(taken.id)).active).toBe(false)
})

test('an auditor whose address is changed is told at the old one and at the new one', async () => {
  const auditor = await makeStaff('auditor')
  const old = await addressOf(auditor.id)
  await setEmail(admin, auditor.id, 'cua-toi@evil.example', now)
  expect(await mailed()).toEqual([old, OUTSIDE].toSorted())
  await confirm(second, await openApproval(), now)
  expect(await mailed()).toEqual([old, 'cua-toi@evil.example', OUTSIDE].toSorted())
})

test('an auditor who gets another role is told by the confirmation as well', async () => {
  const [taken, stays] = [await makeStaff('auditor'), await makeStaff('auditor')]
  await setStaffPost(admin, taken.id, { ...nobody, role: 'relay' }, now)
  await mailed()
  expect((await confirm(second, await openApproval(), now)).ok).toBe(true)
  expect(await mailed()).toEqual([await addressOf(taken.id), await addressOf(stays.id), OUTSIDE].toSorted())
})

test('no copy of an address waits in the queue to be read', async () => {
  const [taken] = [await makeStaff('auditor'), await makeStaff('auditor')]
  await setStaffActive(admin, taken.id, false, now)
  await confirm(second, await openApproval(), now)
  const { rows } = await superuser.query("SELECT data::text FROM pgboss.job WHERE name = 'lookup-alert'")
  expect(rows).toHaveLength(6)
  expect(JSON.stringify(rows)).not.toContain(await addressOf(taken.id))
})

test('dismissing the only auditor is refused, and nobody is mailed of anything', async () => {
  const auditor = await makeStaff('auditor')
  await deactivate((await makeStaff('auditor')).id)
  expect(await setStaffActive(admin, auditor.id, false, now)).toEqual(err('last_auditor'))
  expect(await accountOf(auditor.id)).toMatchObject({ active: true, role: 'auditor' })
  expect(await mailed()).toEqual([])
})

test('an auditor who has not opened the invitation does not let the one who watches be dismissed', async () => {
  const [watching, invited] = [await makeStaff('auditor'), await makeStaff('auditor')]
  await db.staffAccount.update({ where: { id: invited.id }, data: { passwordHash: null, totpSecret: null } })
  expect(await setStaffActive(admin, watching.id, false, now)).toEqual(err('last_auditor'))
})

test('without an active auditor nothing is asked for or confirmed that auditors are told of', async () => {
  const auditor = await makeStaff('auditor')
  expect((await invite(admin, officer, now)).ok).toBe(true)
  const asked = await openApproval()
  const dismissed = await makeStaff('officer')
  await deactivate(dismissed.id)
  await deactivate(auditor.id)
  expect(await confirm(second, asked, now)).toEqual(err('no_auditor'))
  expect(await db.staffAccount.findUnique({ where: { email: officer.email } })).toBeNull()
  expect(await invite(admin, { ...officer, email: 'hai@congan.example' }, now)).toEqual(err('no_auditor'))
  const relay = await makeStaff('relay')
  expect(await resetSignIn(admin, relay.id, now)).toEqual(err('no_auditor'))
  expect(await setEmail(admin, relay.id, 'khac@example.vn', now)).toEqual(err('no_auditor'))
  expect(await setStaffActive(admin, dismissed.id, true, now)).toEqual(err('no_auditor'))
  expect((await accountOf(dismissed.id)).active).toBe(false)
  // Disabling an account is never put off.
  expect((await setStaffActive(admin, relay.id, false, now)).ok).toBe(true)
})

test('the first auditor is made before any other account, and then the rest goes on', async () => {
  expect(await invite(admin, officer, now)).toEqual(err('no_auditor'))
  expect((await invite(admin, newAuditor, now)).ok).toBe(true)
  expect((await confirm(second, await openApproval(), now)).ok).toBe(true)
  expect((await invite(admin, officer, now)).ok).toBe(true)
})
