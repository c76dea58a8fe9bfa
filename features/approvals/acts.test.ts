import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { setActive } from '#features/accounts/acts.ts'
import { takingBack } from '#features/accounts/approvals-acts.ts'
import { inviteAdmin } from '#features/accounts/invitations/acts.ts'
import { ACTS_WHILE_WAITING } from '#features/accounts/rules.ts'
import { switchEdition } from '#features/areas/acts.ts'
import { audit } from '#features/audit/entries/acts.ts'
import { ACTS, type AuditAct } from '#features/audit/entries/names-rules.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { err } from '#lib/result.ts'
import { addMilliseconds, DAY } from '#lib/time.ts'
import { env } from '#platform/env.ts'
import { superuser } from '#tests/database.ts'
import { db, transaction } from '#tests/db.ts'
import { invite, resetSignIn, setEmail, setStaffPost } from '#tests/factories/accounts.ts'
import { confirm, openApproval as open, refuse, withdraw } from '#tests/factories/second-person.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { confirmApproval } from './acts.ts'
import { approvalsFor, countApprovals, unreadApprovals } from './data.ts'
import { expireApprovals } from './jobs.ts'

const now = new Date('2026-11-28T03:00:00Z')
const DAY_LATER = addMilliseconds(now, DAY)
const WEEK_LATER = addMilliseconds(now, 7 * DAY)
const someone = { email: 'moi@congan.example', name: 'Nguyễn Mới', agencyId: null, carrierId: null }
const officer = { ...someone, role: 'officer', unitId: 'quan-3' } as const
const relay = { ...someone, role: 'relay', unitId: null } as const
const requested = { ok: true, value: 'requested' }
const confirmed = { ok: true, value: expect.any(String) }

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
    expect(await confirm(supervisor, await open(), now)).toEqual(confirmed)
    const made = await db.staffAccount.findUniqueOrThrow({ where: { email: officer.email } })
    expect(made).toMatchObject({
      role: 'officer',
      unitId: 'quan-3',
      passwordHash: null,
      decidesFrom: DAY_LATER,
    })
    expect(await links()).toBe(1)
    // No personal data stays in the request.
    const ended = await db.approval.findMany()
    expect(ended).toMatchObject([{ state: 'confirmed', decidedById: supervisor.id, subject: 'address' }])
    expect(JSON.stringify(ended)).not.toMatch(/@|Nguyễn/)
  })

  test('is not confirmed by its maker, by another district, nor by a role that has no say', async () => {
    await invite(admin, officer, now)
    const id = await open()
    expect(await confirm(admin, id, now)).toEqual(err('own_request'))
    const others = ['officer', 'city_police', 'relay', 'auditor', 'survey_manager'] as const
    for (const role of others)
      expect(await confirm(await makeStaff(role), id, now), role).toEqual(err('forbidden'))
    const elsewhere = await makeStaff('supervisor', { unitId: 'quan-1' })
    expect(await confirm(elsewhere, id, now)).toEqual(err('forbidden'))
    expect(await db.staffAccount.count({ where: { email: officer.email } })).toBe(0)
  })

  test('of the relay, the city police or an admin is confirmed by an admin alone', async () => {
    expect(await invite(admin, relay, now)).toEqual(requested)
    expect(await confirm(supervisor, await open(), now)).toEqual(err('forbidden'))
    expect(await confirm(second, await open(), now)).toEqual(confirmed)
  })

  test('is confirmed once, by one of two at once', async () => {
    await invite(admin, officer, now)
    const id = await open()
    const both = await Promise.all([confirm(supervisor, id, now), confirm(second, id, now)])
    expect(both.filter(({ ok }) => ok)).toHaveLength(1)
    expect(both).toContainEqual(err('request_gone'))
    expect(await links()).toBe(1)
  })

  test('never has the address that alerts go to, asked for or confirmed', async () => {
    const settings = env() as { ALERT_MAIL?: string | undefined }
    onTestFinished(() => void Object.assign(settings, { ALERT_MAIL: undefined }))
    expect(await invite(admin, officer, now)).toEqual(requested)
    Object.assign(settings, { ALERT_MAIL: officer.email.toUpperCase() })
    expect(await confirm(supervisor, await open(), now)).toEqual(err('email_alerts'))
    expect(await invite(admin, officer, now)).toEqual(err('email_alerts'))
    expect(await setEmail(admin, supervisor.id, officer.email, now)).toEqual(err('email_alerts'))
    expect(await db.staffAccount.count({ where: { email: officer.email } })).toBe(0)
  })

  test('is open once an address', async () => {
    await invite(admin, officer, now)
    expect(await invite(second, relay, now)).toEqual(err('request_open'))
  })

  const nowhere = { unitId: null, agencyId: null, carrierId: null }
  test.each([
    ['carrier', { carrierId: 'viettel' }, 'relay'],
    ['survey_manager', {}, null],
    ['agency_viewer', { agencyId: 'quan-3' }, 'survey_manager'],
    ['auditor', {}, null],
    ['shop', {}, null],
  ] as const)(
    'of %s is made by two as well: by another admin, or who works with them',
    async (role, place, other) => {
      const person = { ...someone, ...nowhere, role, ...place } as const
      expect(await invite(admin, person, now)).toEqual(requested)
      expect(await links()).toBe(0)
      const id = await open()
      expect(await confirm(admin, id, now)).toEqual(err('own_request'))
      for (const judge of [
        'supervisor',
        'city_police',
        'relay',
        'survey_manager',
        'carrier',
        'auditor',
      ] as const)
        if (judge !== other)
          expect(await confirm(await makeStaff(judge), id, now), judge).toEqual(err('forbidden'))
      expect(await confirm(other ? await makeStaff(other) : second, id, now)).toEqual(confirmed)
      expect(await links()).toBe(1)
      expect(await db.staffAccount.findUnique({ where: { email: person.email } })).toMatchObject({
        role,
        passwordHash: null,
        decidesFrom: DAY_LATER,
      })
    },
  )
})

test('a chain of one’s own makes: a new admin and a reset supervisor confirm nothing while they wait', async () => {
  await invite(admin, { ...relay, role: 'admin' }, now)
  await confirm(second, await open(), now)
  const third = {
    ...admin,
    id: (await db.staffAccount.findUniqueOrThrow({ where: { email: relay.email } })).id,
  }
  await resetSignIn(admin, supervisor.id, now)
  await confirm(second, await open(), now)
  await invite(admin, { ...officer, email: 'khac@congan.example' }, now)
  const id = await open()
  for (const waits of [third, supervisor])
    expect(await confirm(waits, id, addMilliseconds(DAY_LATER, -1))).toEqual(err('waiting'))
  expect(await confirm(third, id, DAY_LATER)).toEqual(confirmed)
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
      expect(await confirm(admin, id, now)).toEqual(err('own_request'))
      const by = kind === 'change' ? second : await makeStaff('supervisor')
      const own = await confirm(supervisor, id, now)
      expect(own).toEqual(err(kind === 'change' ? 'forbidden' : 'own_account'))
      expect(await confirm(by, id, now)).toEqual(confirmed)
      const after = await accountOf(supervisor.id)
      expect(after).not.toEqual(before)
      expect(after.decidesFrom).toEqual(DAY_LATER)
    },
  )

  test('nobody but two others brings an auditor into the police', async () => {
    await makeStaff('auditor')
    const post = { role: 'officer', unitId: 'quan-3', agencyId: null, carrierId: null } as const
    expect(await setStaffPost(admin, auditor.id, post, now)).toEqual(requested)
    expect((await accountOf(auditor.id)).role).toBe('auditor')
    const own = { id: await open() }
    expect(await confirm({ ...supervisor, id: auditor.id }, own.id, now)).toEqual(err('forbidden'))
    // Police cannot remove an auditor, who watches them.
    expect(await confirm(supervisor, own.id, now)).toEqual(err('forbidden'))
    expect(await confirm(second, own.id, now)).toEqual(confirmed)
    expect((await accountOf(auditor.id)).role).toBe('officer')
  })

  test('the old address is told as well as the new one', async () => {
    await setEmail(admin, supervisor.id, 'dia-chi-moi@congan.example', now)
    await confirm(second, await open(), now)
    const { rows } = await superuser.query(
      "SELECT data FROM pgboss.job WHERE name = 'account-notice' AND data->>'notice' = 'email_changed'",
    )
    expect(rows.filter(({ data }) => 'sealedTo' in data)).toHaveLength(1)
    expect(rows).toHaveLength(2)
    expect(JSON.stringify(rows)).not.toContain('@')
  })

  test('a person is taken back by two, with nothing of how they signed in before, and waits', async () => {
    const activate = (active: boolean) =>
      transaction((tx) => setActive(tx, admin, supervisor.id, active, now))
    expect(await activate(false)).toEqual({ ok: true, value: 'done' })
    expect(await activate(true)).toEqual({ ok: true, value: 'requested' })
    expect(await accountOf(supervisor.id)).toMatchObject({ active: false, passwordHash: 'set' })
    expect(await confirm(admin, await open(), now)).toEqual(err('own_request'))
    expect(await confirm(second, await open(), now)).toEqual(confirmed)
    expect(await accountOf(supervisor.id)).toMatchObject({
      ...{ active: true, passwordHash: null, totpSecret: null, decidesFrom: DAY_LATER },
    })
    expect(await links()).toBe(1)
  })
})

describe('a request', () => {
  test('is refused by a second person or withdrawn by its asker, and nothing is done', async () => {
    await invite(admin, officer, now)
    expect(await withdraw(second, await open(), now)).toEqual(err('forbidden'))
    expect(await refuse(admin, await open(), now)).toEqual(err('own_request'))
    expect(await refuse(supervisor, await open(), now)).toEqual(confirmed)
    await invite(admin, officer, now)
    const id = await open()
    expect(await withdraw(admin, id, now)).toEqual(confirmed)
    expect(await confirm(supervisor, id, now)).toEqual(err('request_gone'))
    expect(await db.staffAccount.count({ where: { email: officer.email } })).toBe(0)
  })

  test('is confirmed, refused or withdrawn by a form sent several times, which is answered alike', async () => {
    const answers = [
      (id: string, submitKey: string) => confirm(second, id, now, { submitKey }),
      (id: string, submitKey: string) => refuse(second, id, now, { submitKey }),
      (id: string, submitKey: string) => withdraw(admin, id, now, { submitKey }),
    ]
    for (const [n, answer] of answers.entries()) {
      await invite(admin, { ...relay, email: `so-${n}@so.example` }, now)
      const [id, key] = [await open(), randomUUID()]
      const sent = await Promise.all([answer(id, key), answer(id, key)])
      expect([...sent, await answer(id, key)]).toEqual([confirmed, confirmed, confirmed])
      // Another form finds it closed.
      expect(await answer(id, randomUUID())).toEqual(err('request_gone'))
    }
    expect(await links()).toBe(1)
  })

  test('ends after a week, and what it says of the person goes', async () => {
    await invite(admin, officer, now)
    const id = await open()
    await expireApprovals(addMilliseconds(WEEK_LATER, -1))
    expect(await open()).toBe(id)
    expect(await confirm(supervisor, id, WEEK_LATER)).toEqual(err('request_gone'))
    await expireApprovals(WEEK_LATER)
    const ended = await db.approval.findMany()
    expect(ended).toMatchObject([{ state: 'expired', subject: 'address', decidedById: null }])
    expect(JSON.stringify(ended)).not.toMatch(/@|Nguyễn/)
  })

  test('that is past its time is asked for anew, before the clock has ended it', async () => {
    await invite(admin, officer, now)
    const id = await open()
    for (const by of [admin, second]) {
      const at = by === admin ? WEEK_LATER : addMilliseconds(WEEK_LATER, 7 * DAY)
      expect(await invite(by, officer, at)).toEqual(requested)
      const states = await db.approval.findMany({ orderBy: { askedAt: 'asc' }, select: { state: true } })
      expect(states.at(-2)).toEqual({ state: 'expired' })
      expect(states.at(-1)).toEqual({ state: 'asked' })
      expect(await open()).not.toBe(id)
    }
    expect(await confirm(supervisor, await open(), addMilliseconds(WEEK_LATER, 7 * DAY))).toEqual(confirmed)
  })

  test('of an admin who was dismissed meanwhile is not carried out', async () => {
    await invite(admin, officer, now)
    await transaction((tx) => setActive(tx, second, admin.id, false, now))
    expect(await confirm(supervisor, await open(), now)).toEqual(err('request_gone'))
  })

  test('is listed for admins, and for the supervisors of its district', async () => {
    await invite(admin, officer, now)
    await invite(admin, { ...relay, email: 'relay@so.example' }, now)
    expect(await approvalsFor(second, now)).toHaveLength(2)
    expect(await approvalsFor(supervisor, now)).toMatchObject([
      { kind: 'account.invite', content: { email: officer.email, after: { role: 'officer' } } },
    ])
    expect(await approvalsFor(await makeStaff('supervisor', { unitId: 'quan-1' }), now)).toEqual([])
    expect(await approvalsFor(await makeStaff('officer'), now)).toBeNull()
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
    expect(await approvalsFor(serving, now)).toMatchObject([{ content: { after: { unitId: ward.unitId } } }])
    const elsewhere = await makeStaff('supervisor', { unitId: 'quan-1' })
    expect(await approvalsFor(elsewhere, now)).toEqual([])
    expect(await confirm(elsewhere, await open(), now)).toEqual(err('forbidden'))
    expect(await confirm(supervisor, await open(), now)).toEqual(confirmed)
  })

  test('nobody is given a unit that is not in force, a desk or the city’s own, asked before a switch either', async () => {
    await switchTo('2025')
    for (const unitId of ['quan-3', 'dau-moi-quan-3', 'cong-an-thanh-pho'])
      expect(await invite(admin, { ...officer, unitId }, now), unitId).toEqual(err('unit_missing'))
    expect(await invite(admin, ward, now)).toEqual(requested)
    await switchTo('2016')
    expect(await invite(second, { ...ward, email: 'khac@congan.example' }, now)).toEqual(err('unit_missing'))
    // In this edition it could only be a whole district, which is not what was requested.
    expect(await confirm(second, await open(), now)).toEqual(err('unit_missing'))
  })

  test('a person of an ended unit keeps it with another role and a reset', async () => {
    const { id } = await makeStaff('officer')
    await switchTo('2025')
    const post = { role: 'supervisor', unitId: 'quan-3', agencyId: null, carrierId: null } as const
    expect(await setStaffPost(admin, id, post, now)).toEqual(requested)
    expect(await confirm(second, await open(), now)).toEqual(confirmed)
    expect(await accountOf(id)).toMatchObject({ role: 'supervisor', unitId: 'quan-3' })
    expect(await resetSignIn(admin, id, now)).toEqual(requested)
    expect(await confirm(second, await open(), now)).toEqual(confirmed)
  })
})

describe('the database itself', () => {
  const end = (id: string, by: string | null, state: string, more = '') =>
    superuser.query(
      `UPDATE approvals SET state = $3::approval_state, decided_at = now(), decided_by_id = $2 ${more} WHERE id = $1`,
      [id, by, state],
    )
  test('lets nobody decide what they asked, nor about their own account, nor withdraw another’s', async () => {
    await resetSignIn(admin, supervisor.id, now)
    const id = await open()
    for (const state of ['confirmed', 'refused']) {
      await expect(end(id, admin.id, state)).rejects.toThrow('takes another person')
      await expect(end(id, supervisor.id, state)).rejects.toThrow('takes another person')
      await expect(end(id, null, state)).rejects.toThrow('names who decided it')
    }
    await expect(end(id, second.id, 'withdrawn')).rejects.toThrow('withdrawn by who asked')
    await expect(end(id, second.id, 'expired')).rejects.toThrow('names who decided it')
    await expect(
      end(id, second.id, 'confirmed', ", decided_at = now() + interval '1 year'"),
    ).rejects.toThrow()
  })

  test('changes nothing of a request but its end, and nothing after it', async () => {
    await invite(admin, officer, now)
    const id = await open()
    const content = `content = content || '{"email":"ke-gian@evil.example"}'`
    await expect(superuser.query(`UPDATE approvals SET ${content} WHERE id = $1`, [id])).rejects.toThrow(
      'changes only when it ends',
    )
    await expect(end(id, second.id, 'confirmed', `, ${content}`)).rejects.toThrow('as it was asked')
    await expect(end(id, second.id, 'confirmed', `, asked_by_id = '${supervisor.id}'`)).rejects.toThrow(
      'as it was asked',
    )
    expect(await confirm(second, id, now)).toEqual(confirmed)
    for (const change of [
      `state = 'refused'`,
      `decided_by_id = '${supervisor.id}'`,
      content,
      `state = 'asked'`,
    ])
      await expect(superuser.query(`UPDATE approvals SET ${change} WHERE id = $1`, [id])).rejects.toThrow(
        'is decided',
      )
    const made = `INSERT INTO approvals (id, kind, subject, content, asked_by_id, asked_at, state, decided_by_id, decided_at)
      VALUES (gen_random_uuid(), 'account.reset', 'x', '{}', $1, now(), 'confirmed', $2, now())`
    await expect(superuser.query(made, [admin.id, second.id])).rejects.toThrow('before it is asked')
  })

  test('is not asked by the product to delete one, or to write the digest of another', async () => {
    await invite(admin, officer, now)
    const { rows } = await superuser.query(
      `SELECT p, has_table_privilege('antam_app', 'approvals', p) AS may FROM unnest(ARRAY['DELETE', 'TRUNCATE', 'INSERT']) p`,
    )
    expect(Object.fromEntries(rows.map(({ p, may }) => [p, may]))).toEqual({
      DELETE: false,
      TRUNCATE: false,
      INSERT: true,
    })
    const column = "SELECT has_column_privilege('antam_app', 'approvals', 'digest', 'UPDATE') AS may"
    expect((await superuser.query(column)).rows).toEqual([{ may: false }])
  })
})

describe('what a person confirms is what they saw', () => {
  test('a forged digest, or that of another request, confirms and refuses nothing', async () => {
    await invite(admin, officer, now)
    const [id, other] = [await open(), { ...officer, email: 'khac@congan.example' }]
    await invite(admin, other, addMilliseconds(now, 1))
    const { digest } = await db.approval.findUniqueOrThrow({ where: { id: await open() } })
    for (const seen of [digest ?? '', '', 'f'.repeat(64)])
      for (const act of [confirm, refuse])
        expect(await act(supervisor, id, now, { digest: seen })).toEqual(err('changed'))
    expect(await confirm(supervisor, id, now)).toEqual(confirmed)
    expect(await db.staffAccount.findUnique({ where: { email: other.email } })).toBeNull()
  })

  test('an account whose post changed since it was asked is not reset', async () => {
    await resetSignIn(admin, supervisor.id, now)
    await db.staffAccount.update({ where: { id: supervisor.id }, data: { role: 'officer' } })
    expect(await confirm(second, await open(), now)).toEqual(err('changed'))
    expect((await accountOf(supervisor.id)).passwordHash).toBe('set')
  })

  test('content that was written over in the database is shown to nobody and confirmed by nobody', async () => {
    await invite(admin, officer, now)
    const id = await open()
    await superuser.query('ALTER TABLE approvals DISABLE TRIGGER approvals_two_people')
    await superuser.query(`UPDATE approvals SET content = content || '{"email":"ke-gian@evil.example"}'`)
    await superuser.query('ALTER TABLE approvals ENABLE TRIGGER approvals_two_people')
    expect(await approvalsFor(second, now)).toEqual([])
    expect(await confirm(second, id, now)).toEqual(err('request_gone'))
  })

  /** Alters open requests, which the product itself cannot do. */
  const overwrite = async (change: string) => {
    await superuser.query('ALTER TABLE approvals DISABLE TRIGGER approvals_two_people')
    await superuser.query(`UPDATE approvals SET ${change} WHERE state = 'asked'`)
    await superuser.query('ALTER TABLE approvals ENABLE TRIGGER approvals_two_people')
  }
  const unread = async (actor: StaffReader) => (await unreadApprovals(actor, now)).map((one) => one.unread)

  test.each([
    ['was written over', `content = jsonb_set(content, '{before,role}', '"admin"')`],
    ['lacks what its kind has', `content = '{}'`],
  ])('content that %s is told to its asker and admins, and asked for anew', async (_, change) => {
    await resetSignIn(admin, supervisor.id, now)
    await overwrite(change)
    for (const actor of [admin, second]) {
      expect(await approvalsFor(actor, now)).toEqual([])
      expect(await unread(actor)).toEqual(['altered'])
    }
    expect(await unread(supervisor)).toEqual([])
    expect(await countApprovals([admin, second, supervisor], now)).toEqual(new Map())
    const id = await open()
    expect(await resetSignIn(second, supervisor.id, now)).toEqual(requested)
    expect(await unread(admin)).toEqual([])
    expect(await db.approval.findUnique({ where: { id } })).toMatchObject({ state: 'replaced', content: {} })
    expect(await db.auditEntry.findFirst({ where: { act: 'approval.replace' } })).toMatchObject({
      facts: { altered: true, askedBy: admin.id },
    })
    expect(await confirm(admin, await open(), now)).toEqual(confirmed)
  })

  test('content that was written over ends with its week', async () => {
    await invite(admin, officer, now)
    await overwrite(`content = '{}'`)
    await expireApprovals(WEEK_LATER)
    expect(await db.approval.findMany()).toMatchObject([
      { state: 'expired', subject: 'address', content: {} },
    ])
  })

  test('a request of a kind that only a newer release knows is told, and left to it', async () => {
    await resetSignIn(admin, supervisor.id, now)
    await overwrite("kind = 'account.of_tomorrow'")
    expect(await approvalsFor(second, now)).toEqual([])
    expect(await unread(second)).toEqual(['newer'])
    expect(await resetSignIn(second, supervisor.id, now)).toEqual(err('request_open'))
    await expireApprovals(WEEK_LATER)
    expect(await db.approval.findMany()).toMatchObject([{ kind: 'account.of_tomorrow', state: 'asked' }])
  })

  test('a form sent again with the kind of another request does nothing', async () => {
    await resetSignIn(admin, supervisor.id, now)
    const [approvalId, submitKey] = [await open(), randomUUID()]
    const { digest } = await db.approval.findUniqueOrThrow({ where: { id: approvalId } })
    const input = { approvalId, digest: digest ?? '', submitKey }
    expect(await confirmApproval(second, takingBack, input, now)).toEqual(err('request_gone'))
    expect((await accountOf(supervisor.id)).passwordHash).toBe('set')
  })
})

test('what the release before took goes on, and is confirmed as it is shown', async () => {
  const old = (kind: string, accountId: string | null, role: string, email: string | null) =>
    superuser.query(
      `INSERT INTO account_requests (id, kind, account_id, role, unit_id, email, name, requested_by_id, requested_at, expires_at)
       VALUES (gen_random_uuid(), $1::account_request_kind, $2, $3::staff_role, 'quan-3', $4, $5, $6, $7, $8)`,
      [kind, accountId, role, email, kind === 'invite' ? 'Nguyễn Mới' : null, admin.id, now, WEEK_LATER],
    )
  await old('invite', null, 'officer', officer.email)
  await old('reset', supervisor.id, 'supervisor', null)
  await old('email', (await makeStaff('supervisor')).id, 'supervisor', 'dia-chi-moi@congan.example')
  await old('change', (await makeStaff('officer')).id, 'supervisor', null)
  const migration = readFileSync('prisma/migrations/20261130220000_approvals/migration.sql', 'utf8')
  await superuser.query(migration.slice(migration.indexOf('INSERT INTO "approvals"')))
  const listed = await approvalsFor(second, now)
  expect(listed?.map(({ kind }) => kind).toSorted()).toEqual([
    ...['account.change', 'account.email', 'account.invite', 'account.reset'],
  ])
  for (const { id, digest } of listed ?? []) {
    expect(await confirm(second, id, now, { digest: '' })).toEqual(err('changed'))
    expect(await confirm(admin, id, now, { digest })).toEqual(err('own_request'))
    expect(await confirm(second, id, now, { digest })).toEqual(confirmed)
  }
  expect(await db.staffAccount.count({ where: { email: officer.email, role: 'officer' } })).toBe(1)
  expect(await db.accountRequest.count({ where: { outcome: null } })).toBe(0)
})

describe('who watches', () => {
  // PostgreSQL's deadlock timer uses the true time, so under a moved clock it never fires.
  test.skipIf(process.env.FAKETIME)(
    'is dismissed by two, and the last auditor by nobody, two at once included',
    async () => {
      const [one, two] = [auditor, await makeStaff('auditor')]
      const dismiss = (id: string) => transaction((tx) => setActive(tx, admin, id, false, now))
      expect(await dismiss(one.id)).toEqual(requested)
      expect((await accountOf(one.id)).active).toBe(true)
      const first = await open()
      expect(await confirm(admin, first, now)).toEqual(err('own_request'))
      expect(
        await transaction((tx) => setActive(tx, second, two.id, false, addMilliseconds(now, 1))),
      ).toEqual(requested)
      const both = await Promise.all([confirm(second, first, now), confirm(admin, await open(), now)])
      expect(both.filter(({ ok }) => ok)).toHaveLength(1)
      expect(both).toContainEqual(err('last_auditor'))
      const left = await db.staffAccount.findMany({ where: { role: 'auditor', active: true } })
      expect(left).toHaveLength(1)
      expect(await dismiss(left[0]?.id ?? '')).toEqual(err('last_auditor'))
    },
  )

  test('does not become somebody else while no other auditor is there', async () => {
    const post = { role: 'survey_manager', unitId: null, agencyId: null, carrierId: null } as const
    expect(await setStaffPost(admin, auditor.id, post, now)).toEqual(requested)
    expect(await confirm(second, await open(), now)).toEqual(err('last_auditor'))
    expect((await accountOf(auditor.id)).role).toBe('auditor')
  })
})

test('every auditor is told of each request and confirmation, and of a link printed at the machine', async () => {
  const auditors = [auditor, await makeStaff('auditor')]
  await invite(admin, officer, now)
  await confirm(supervisor, await open(), now)
  await db.staffAccount.update({ where: { id: second.id }, data: { active: false } })
  expect((await inviteAdmin('hai@example.vn', now)).ok).toBe(true)
  const alerts = await db.lookupAlert.findMany({ orderBy: { raisedAt: 'asc' } })
  expect(alerts.map(({ act }) => act).toSorted()).toEqual([
    'account.print_link',
    'approval.ask',
    'approval.confirm',
  ])
  const { rows } = await superuser.query("SELECT data FROM pgboss.job WHERE name = 'lookup-alert'")
  expect(rows).toHaveLength(3 * auditors.length)
})

test('nobody takes an auditor away, or their address or sign-in, alone and unseen', async () => {
  const [taken] = [await makeStaff('auditor'), await makeStaff('auditor')]
  if (!taken) throw new Error('no auditor')
  const before = await accountOf(taken.id)
  expect(await setEmail(admin, taken.id, 'cua-toi@evil.example', now)).toEqual(requested)
  expect(await withdraw(admin, await open(), now)).toEqual(confirmed)
  expect(await resetSignIn(admin, taken.id, now)).toEqual(requested)
  expect(await accountOf(taken.id)).toEqual(before)
  const alerts = await db.lookupAlert.findMany({ where: { subjectId: taken.id, accountId: admin.id } })
  expect(alerts.map(({ act }) => act).toSorted()).toEqual([
    'approval.ask',
    'approval.ask',
    'approval.withdraw',
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
