import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { switchEdition } from '#features/areas/commands.ts'
import { audit } from '#features/audit/commands.ts'
import type { AuditAct } from '#features/audit/rules/acts.ts'
import { ACTS } from '#features/audit/rules/acts.ts'
import { confirmStaffRequest, setStaffPost } from '#features/cases/commands/staffing.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { addMilliseconds, HOUR } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { db, transaction } from '#tests/db.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { pendingRequests } from '../queries.ts'
import { requestExpiry } from '../rules/account-request.ts'
import { ACTS_WHILE_WAITING } from '../rules/waiting.ts'
import { invite, inviteAdmin, setActive, setEmail } from './account.ts'
import { expireRequests, refuseRequest, withdrawRequest } from './request.ts'
import { resetSignIn } from './reset.ts'

const now = new Date('2026-11-28T03:00:00Z')
const DAY_LATER = addMilliseconds(now, 24 * HOUR)
const someone = { email: 'moi@congan.example', name: 'Nguyễn Mới', agencyId: null, carrierId: null }
const officer = { ...someone, role: 'officer', unitId: 'quan-3' } as const
const relay = { ...someone, role: 'relay', unitId: null } as const
const requested = { ok: true, value: 'requested' }
const confirmed = { ok: true, value: true }
const refused = (error: string) => ({ ok: false, error })

let admin: StaffReader
let second: StaffReader
let supervisor: StaffReader
let auditor: StaffReader
beforeEach(async () => {
  auditor = await makeStaff('auditor')
  admin = await makeStaff('admin')
  second = await makeStaff('admin')
  supervisor = await makeStaff('supervisor')
})

const open = async () => (await db.accountRequest.findFirstOrThrow({ where: { outcome: null } })).id
const accountOf = (id: string) => db.staffAccount.findUniqueOrThrow({ where: { id } })
const links = () =>
  superuser
    .query(
      "SELECT count(*)::int AS n FROM pgboss.job WHERE name = 'account-notice' AND data ? 'invitationId'",
    )
    .then(({ rows }) => rows[0].n)

describe('an invitation', () => {
  test('of police makes no account and sends no link before a second person has confirmed it', async () => {
    expect(await invite(admin, officer, now)).toEqual(requested)
    expect(await db.staffAccount.findUnique({ where: { email: officer.email } })).toBeNull()
    expect(await links()).toBe(0)
    expect(await confirmStaffRequest(supervisor, await open(), now)).toEqual(confirmed)
    const made = await db.staffAccount.findUniqueOrThrow({ where: { email: officer.email } })
    expect(made).toMatchObject({
      role: 'officer',
      unitId: 'quan-3',
      passwordHash: null,
      decidesFrom: DAY_LATER,
    })
    expect(await links()).toBe(1)
    // Nothing of the person stays in the request.
    expect(await db.accountRequest.findMany()).toMatchObject([
      { outcome: 'confirmed', judgedById: supervisor.id, email: null, name: null, accountId: made.id },
    ])
  })

  test('is not confirmed by its maker, by another district, nor by a role that has no say', async () => {
    await invite(admin, officer, now)
    const id = await open()
    expect(await confirmStaffRequest(admin, id, now)).toEqual(refused('own_request'))
    const others = ['officer', 'city_police', 'relay', 'auditor', 'survey_manager'] as const
    for (const role of others)
      expect(await confirmStaffRequest(await makeStaff(role), id, now), role).toEqual(refused('forbidden'))
    const elsewhere = await makeStaff('supervisor', { unitId: 'quan-1' })
    expect(await confirmStaffRequest(elsewhere, id, now)).toEqual(refused('forbidden'))
    expect(await db.staffAccount.count({ where: { email: officer.email } })).toBe(0)
  })

  test('of the relay, the city police or an admin is confirmed by an admin alone', async () => {
    expect(await invite(admin, relay, now)).toEqual(requested)
    expect(await confirmStaffRequest(supervisor, await open(), now)).toEqual(refused('forbidden'))
    expect(await confirmStaffRequest(second, await open(), now)).toEqual(confirmed)
  })

  test('is confirmed once, by one of two at once', async () => {
    await invite(admin, officer, now)
    const id = await open()
    const both = await Promise.all([
      confirmStaffRequest(supervisor, id, now),
      confirmStaffRequest(second, id, now),
    ])
    expect(both.filter(({ ok }) => ok)).toHaveLength(1)
    expect(both).toContainEqual(refused('request_gone'))
    expect(await links()).toBe(1)
  })

  test('is open once an address', async () => {
    await invite(admin, officer, now)
    expect(await invite(second, relay, now)).toEqual(refused('request_open'))
  })

  test('of a person whose role leads to no block needs no second one, and the link goes by mail', async () => {
    const auditor = { ...someone, role: 'auditor', unitId: null } as const
    expect(await invite(admin, auditor, now)).toEqual({ ok: true, value: 'done' })
    expect(await links()).toBe(1)
  })
})

test('a chain of one’s own makes: a new admin and a reset supervisor confirm nothing while they wait', async () => {
  await invite(admin, { ...relay, role: 'admin' }, now)
  await confirmStaffRequest(second, await open(), now)
  const third = {
    ...admin,
    id: (await db.staffAccount.findUniqueOrThrow({ where: { email: relay.email } })).id,
  }
  await resetSignIn(admin, supervisor.id, now)
  await confirmStaffRequest(second, await open(), now)
  await invite(admin, { ...officer, email: 'khac@congan.example' }, now)
  const id = await open()
  for (const waits of [third, supervisor])
    expect(await confirmStaffRequest(waits, id, addMilliseconds(DAY_LATER, -1))).toEqual(refused('waiting'))
  expect(await confirmStaffRequest(third, id, DAY_LATER)).toEqual(confirmed)
})

describe('a reset, a change of post and a change of address', () => {
  const acts = {
    reset: () => resetSignIn(admin, supervisor.id, now),
    change: () =>
      setStaffPost(
        admin,
        supervisor.id,
        { role: 'city_police', unitId: null, agencyId: null, carrierId: null },
        now,
      ),
    email: () => setEmail(admin, supervisor.id, 'ke-gian@evil.example', now),
  }
  test.each(['reset', 'change', 'email'] as const)(
    '%s: changes nothing before a second person confirms',
    async (kind) => {
      const before = await accountOf(supervisor.id)
      expect(await acts[kind]()).toEqual(requested)
      expect(await accountOf(supervisor.id)).toEqual(before)
      expect(await links()).toBe(0)
      const id = await open()
      expect(await confirmStaffRequest(admin, id, now)).toEqual(refused('own_request'))
      const by = kind === 'change' ? second : await makeStaff('supervisor')
      const own = await confirmStaffRequest(supervisor, id, now)
      expect(own).toEqual(refused(kind === 'change' ? 'forbidden' : 'own_account'))
      expect(await confirmStaffRequest(by, id, now)).toEqual(confirmed)
      const after = await accountOf(supervisor.id)
      expect(after).not.toEqual(before)
      expect(after.decidesFrom).toEqual(DAY_LATER)
    },
  )

  test('nobody but two others brings an auditor into the police', async () => {
    const auditor = await makeStaff('auditor')
    const post = { role: 'officer', unitId: 'quan-3', agencyId: null, carrierId: null } as const
    expect(await setStaffPost(admin, auditor.id, post, now)).toEqual(requested)
    expect((await accountOf(auditor.id)).role).toBe('auditor')
    const own = await db.accountRequest.findFirstOrThrow({ where: { outcome: null } })
    expect(await confirmStaffRequest({ ...supervisor, id: auditor.id }, own.id, now)).toEqual(
      refused('forbidden'),
    )
    expect(await confirmStaffRequest(supervisor, own.id, now)).toEqual(confirmed)
    expect((await accountOf(auditor.id)).role).toBe('officer')
  })

  test('the old address is told as well as the new one', async () => {
    await setEmail(admin, supervisor.id, 'dia-chi-moi@congan.example', now)
    await confirmStaffRequest(second, await open(), now)
    const { rows } = await superuser.query(
      "SELECT data FROM pgboss.job WHERE name = 'account-notice' AND data->>'notice' = 'email_changed'",
    )
    expect(rows.filter(({ data }) => 'sealedTo' in data)).toHaveLength(1)
    expect(rows).toHaveLength(2)
    expect(JSON.stringify(rows)).not.toContain('@')
  })

  test('an account that is enabled again waits', async () => {
    await transaction((tx) => setActive(tx, admin, supervisor.id, false, now))
    await transaction((tx) => setActive(tx, admin, supervisor.id, true, now))
    expect((await accountOf(supervisor.id)).decidesFrom).toEqual(DAY_LATER)
  })
})

describe('a request', () => {
  test('is refused by a second person or withdrawn by its asker, and nothing is done', async () => {
    await invite(admin, officer, now)
    expect(await withdrawRequest(second, await open(), now)).toEqual(refused('forbidden'))
    expect(await refuseRequest(admin, await open(), now)).toEqual(refused('own_request'))
    expect(await refuseRequest(supervisor, await open(), now)).toEqual(confirmed)
    await invite(admin, officer, now)
    const id = await open()
    expect(await withdrawRequest(admin, id, now)).toEqual(confirmed)
    expect(await confirmStaffRequest(supervisor, id, now)).toEqual(refused('request_gone'))
    expect(await db.staffAccount.count({ where: { email: officer.email } })).toBe(0)
  })

  test('is confirmed, refused or withdrawn by a form sent several times, which is answered alike', async () => {
    const answers = [
      (id: string, key: string) => confirmStaffRequest(second, id, now, key),
      (id: string, key: string) => refuseRequest(second, id, now, key),
      (id: string, key: string) => withdrawRequest(admin, id, now, key),
    ]
    for (const [n, answer] of answers.entries()) {
      await invite(admin, { ...relay, email: `so-${n}@so.example` }, now)
      const [id, key] = [await open(), randomUUID()]
      const sent = await Promise.all([answer(id, key), answer(id, key)])
      expect([...sent, await answer(id, key)]).toEqual([confirmed, confirmed, confirmed])
      // Another form finds it closed.
      expect(await answer(id, randomUUID())).toEqual(refused('request_gone'))
    }
    expect(await links()).toBe(1)
  })

  test('ends after a week, and what it says of the person goes', async () => {
    await invite(admin, officer, now)
    const id = await open()
    await expireRequests(addMilliseconds(requestExpiry(now), -1))
    expect(await open()).toBe(id)
    expect(await confirmStaffRequest(supervisor, id, requestExpiry(now))).toEqual(refused('request_gone'))
    await expireRequests(requestExpiry(now))
    expect(await db.accountRequest.findMany()).toMatchObject([
      { outcome: 'expired', email: null, name: null },
    ])
  })

  test('of an admin who was dismissed meanwhile is not carried out', async () => {
    await invite(admin, officer, now)
    await transaction((tx) => setActive(tx, second, admin.id, false, now))
    expect(await confirmStaffRequest(supervisor, await open(), now)).toEqual(refused('request_gone'))
  })

  test('is listed for admins, and for the supervisors of its district', async () => {
    await invite(admin, officer, now)
    await invite(admin, { ...relay, email: 'relay@so.example' }, now)
    expect(await pendingRequests(second, now)).toHaveLength(2)
    expect(await pendingRequests(supervisor, now)).toMatchObject([{ role: 'officer', email: officer.email }])
    expect(await pendingRequests(await makeStaff('supervisor', { unitId: 'quan-1' }), now)).toEqual([])
    expect(await pendingRequests(await makeStaff('officer'), now)).toBeNull()
  })
})

describe('with the wards of 2025 in force', () => {
  const ward = { ...officer, unitId: 'phuong-xuan-hoa' } as const
  const switchTo = async (edition: '2016' | '2025') =>
    expect(await switchEdition(edition, new Date())).toMatchObject({ ok: true })

  test('a supervisor of the former district sees what is asked for its wards, and confirms it', async () => {
    await switchTo('2025')
    await invite(admin, ward, now)
    const services = await db.unitService.findMany({ where: { byId: 'quan-3' } })
    const serving = { ...supervisor, serves: services.map(({ ofId }) => ofId) }
    expect(await pendingRequests(serving, now)).toMatchObject([{ unitId: ward.unitId }])
    const elsewhere = await makeStaff('supervisor', { unitId: 'quan-1' })
    expect(await pendingRequests(elsewhere, now)).toEqual([])
    expect(await confirmStaffRequest(elsewhere, await open(), now)).toEqual(refused('forbidden'))
    expect(await confirmStaffRequest(supervisor, await open(), now)).toEqual(confirmed)
  })

  test('nobody is given a unit that is not in force, a desk or the city’s own, asked before a switch either', async () => {
    await switchTo('2025')
    for (const unitId of ['quan-3', 'dau-moi-quan-3', 'cong-an-thanh-pho'])
      expect(await invite(admin, { ...officer, unitId }, now), unitId).toEqual(refused('unit_missing'))
    expect(await invite(admin, ward, now)).toEqual(requested)
    await switchTo('2016')
    expect(await invite(second, { ...ward, email: 'khac@congan.example' }, now)).toEqual(
      refused('unit_missing'),
    )
    // A ward would be its whole district now, which is not what was asked.
    expect(await confirmStaffRequest(second, await open(), now)).toEqual(refused('unit_missing'))
  })

  test('a person of an ended unit keeps it with another role and a reset', async () => {
    const { id } = await makeStaff('officer')
    await switchTo('2025')
    const post = { role: 'supervisor', unitId: 'quan-3', agencyId: null, carrierId: null } as const
    expect(await setStaffPost(admin, id, post, now)).toEqual(requested)
    expect(await confirmStaffRequest(second, await open(), now)).toEqual(confirmed)
    expect(await accountOf(id)).toMatchObject({ role: 'supervisor', unitId: 'quan-3' })
    expect(await resetSignIn(admin, id, now)).toEqual(requested)
    expect(await confirmStaffRequest(second, await open(), now)).toEqual(confirmed)
  })
})

test('the database itself lets nobody confirm their own request or their own account', async () => {
  await invite(admin, officer, now)
  const own = `UPDATE account_requests SET outcome = 'confirmed', judged_at = now(), email = NULL, name = NULL,
    account_id = $1, judged_by_id = $2`
  await expect(superuser.query(own, [second.id, admin.id])).rejects.toThrow('account_requests_second_person')
  await expect(superuser.query(own, [second.id, second.id])).rejects.toThrow('account_requests_not_own')
})

test('every auditor is told of each request and confirmation, and of a link printed at the machine', async () => {
  const auditors = [auditor, await makeStaff('auditor')]
  await invite(admin, officer, now)
  await confirmStaffRequest(supervisor, await open(), now)
  await db.staffAccount.update({ where: { id: second.id }, data: { active: false } })
  expect((await inviteAdmin('hai@example.vn', now)).ok).toBe(true)
  const alerts = await db.lookupAlert.findMany({ orderBy: { raisedAt: 'asc' } })
  expect(alerts.map(({ act }) => act).toSorted()).toEqual([
    'account.confirm',
    'account.print_link',
    'account.request',
  ])
  const { rows } = await superuser.query("SELECT data FROM pgboss.job WHERE name = 'lookup-alert'")
  expect(rows).toHaveLength(3 * auditors.length)
})

test('an admin who takes an auditor away alone is told of to the others', async () => {
  const [taken] = [await makeStaff('auditor'), await makeStaff('auditor')]
  if (!taken) throw new Error('no auditor')
  expect(await setEmail(admin, taken.id, 'cua-toi@evil.example', now)).toEqual({ ok: true, value: 'done' })
  expect(await resetSignIn(admin, taken.id, now)).toEqual({ ok: true, value: 'done' })
  await transaction((tx) => setActive(tx, admin, taken.id, false, now))
  const alerts = await db.lookupAlert.findMany({ where: { subjectId: taken.id, accountId: admin.id } })
  expect(alerts.map(({ act }) => act).toSorted()).toEqual([
    'account.change_email',
    'account.disable',
    'account.reset_sign_in',
  ])
})

test('the log takes from an account that waits what only reads, and refuses every other act', async () => {
  await db.staffAccount.update({ where: { id: supervisor.id }, data: { decidesFrom: DAY_LATER } })
  const write = (act: AuditAct, at = now) =>
    transaction((tx) => audit(tx, { actor: supervisor, act, subject: { kind: 'case', id: 'one' }, at }))
  for (const act of ACTS.flatMap(({ acts }) => acts)) {
    const written = write(act).then(
      () => 'taken',
      (error) => String(error),
    )
    const expected = ACTS_WHILE_WAITING.includes(act) ? 'taken' : 'account_waits'
    expect(await written, act).toContain(expected)
  }
  await write('case.approve', DAY_LATER)
})
