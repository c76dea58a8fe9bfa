import { randomUUID } from 'node:crypto'
import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { keepErasures, noteErased } from '#features/audit/erasures/acts.ts'
import { makeKiosk, revokeKiosk } from '#features/kiosks/acts.ts'
import { KIOSK_DAYS } from '#features/kiosks/rules.ts'
import { eraseCase } from '#features/privacy/erasure/acts.ts'
import { listCasesOver } from '#features/privacy/erasure/data.ts'
import { askAboutData } from '#features/privacy/requests/acts.ts'
import { citizenScope, systemScope } from '#lib/access/scope.ts'
import { addMilliseconds, DAY, MINUTE } from '#lib/time.ts'
import { mailer } from '#platform/mail.ts'
import { inScope } from '#platform/scope.ts'
import { smsSender } from '#platform/sms.ts'
import { superuser } from '#tests/database.ts'
import { db, transaction } from '#tests/db.ts'
import { setStaffPost } from '#tests/factories/accounts.ts'
import { makeCase, move } from '#tests/factories/case.ts'
import { confirmLast } from '#tests/factories/second-person.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { outbox } from '#tests/outbox.ts'
import { jobs } from './jobs.ts'

const data = process.env.DATA_DIR ?? ''
const job = jobs.find(({ queue }) => queue === 'retention')
const sweepAt = async (now: Date) => {
  if (job?.queue !== 'retention') throw new Error('there is no such job')
  await job.run({}, now, new AbortController().signal)
}
const again = jobs.find(({ queue }) => queue === 'erasures-again')
const eraseAgainAt = async (now: Date) => {
  if (again?.queue !== 'erasures-again') throw new Error('there is no such job')
  await again.run({}, now, new AbortController().signal)
}

test('messages lie in the outbox for seven days; what is not ours stays', async () => {
  const at = new Date('2026-11-24T03:40:00.123Z')
  const id = '5f0c9d4e-8a52-4d0e-9c1e-2f7d8f3f1a11'
  await mailer().send({ id, to: 'lan@example.vn', subject: 'x', body: 'y', locale: 'vi', at })
  await smsSender().send({ id, to: '+84912345678', text: 'x', at: addMilliseconds(at, MINUTE) })
  const note = join(data, 'outbox', 'my-notes.json')
  writeFileSync(note, '{}')
  await sweepAt(addMilliseconds(at, 7 * DAY))
  expect(outbox(data)).toHaveLength(3)
  await sweepAt(addMilliseconds(at, 7 * DAY + 1000))
  expect(outbox(data).map(({ name }) => name.slice(-4))).toEqual(['json', 'json'])
  await sweepAt(addMilliseconds(at, 7 * DAY + 2 * MINUTE))
  expect(existsSync(note)).toBe(true)
  expect(outbox(data)).toHaveLength(1)
})

test('the counts of messages are kept for thirteen months', async () => {
  const day = new Date('2025-10-20')
  await db.messageCount.create({
    data: { day, way: 'sms', outcome: 'accepted', code: '', count: 1, segments: 1 },
  })
  await sweepAt(new Date('2026-11-19T00:00:00Z'))
  expect(await db.messageCount.count()).toBe(1)
  await sweepAt(new Date('2026-11-22T00:00:00Z'))
  expect(await db.messageCount.count()).toBe(0)
})

test('a case that cannot be erased again keeps no other, and no account, from being ended again', async () => {
  const at = new Date('2026-11-26T03:00:00Z')
  const over = async () => {
    const { id } = await makeCase({ now: addMilliseconds(at, -3 * DAY) })
    await move(id, { kind: 'citizen' }, { move: 'withdraw' }, addMilliseconds(at, -2 * DAY))
    await move(id, { kind: 'system' }, { move: 'finish_withdrawal' }, at)
    return id
  }
  const [broken, fine] = [await over(), await over()]
  const [dismissed, left] = [await makeStaff('officer'), await makeStaff('relay')]
  const noted = (later: number, kind: 'case_asked' | 'account', ids: string[]) =>
    transaction((tx) => noteErased(tx, kind, ids, addMilliseconds(at, later)))
  await noted(0, 'case_asked', [broken])
  await noted(0, 'account', [dismissed.id])
  await keepErasures(at)
  await noted(MINUTE, 'case_asked', [fine])
  await noted(MINUTE, 'account', [left.id])
  await keepErasures(addMilliseconds(at, MINUTE))
  // As in an older backup, which knows nothing of the erasures.
  await superuser.query(`DELETE FROM erasures`)
  await superuser.query(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not this one'; END $$;
    CREATE TRIGGER refuse BEFORE UPDATE ON cases FOR EACH ROW
      WHEN (old.id = '${broken}') EXECUTE FUNCTION refuse()`)
  try {
    await expect(eraseAgainAt(addMilliseconds(at, DAY))).rejects.toThrow('1 could not be erased')
  } finally {
    await superuser.query('DROP FUNCTION refuse CASCADE')
    rmSync(join(data, 'checkpoints'), { recursive: true, force: true })
  }
  const active = { where: { id: { in: [dismissed.id, left.id] }, active: true } }
  expect(await db.staffAccount.count(active)).toBe(0)
  const erased = await db.case.findMany({ where: { erasedAt: { not: null } }, select: { id: true } })
  expect(erased).toEqual([{ id: fine }])
})

test('a copy of before disables who has another post, ends a kiosk and keeps a case whose hold it lost', async () => {
  const at = new Date('2026-11-26T03:00:00Z')
  const { id } = await makeCase({ now: addMilliseconds(at, -3 * DAY) })
  await move(id, { kind: 'citizen' }, { move: 'withdraw' }, addMilliseconds(at, -2 * DAY))
  await move(id, { kind: 'system' }, { move: 'finish_withdrawal' }, at)
  const [moved, manager] = [await makeStaff('city_police'), await makeStaff('survey_manager')]
  const made = must(
    await makeKiosk(
      manager,
      { agencyId: 'quan-3', counter: '1', days: KIOSK_DAYS[0], submitKey: randomUUID() },
      at,
    ),
  )
  expect(await revokeKiosk(manager, made, at)).toMatchObject({ ok: true })
  const relay = { role: 'relay', unitId: null, agencyId: null, carrierId: null } as const
  await makeStaff('auditor')
  expect(await setStaffPost(await makeStaff('admin'), moved.id, relay, at)).toMatchObject({ ok: true })
  await confirmLast(at)
  await transaction((tx) => noteErased(tx, 'legal_hold', [id], at))
  const agreed = { caseId: id, purpose: 'imei_of_number', version: '2026-11-28', at }
  await db.consent.create({ data: agreed })
  const { version } = await db.case.findUniqueOrThrow({ where: { id } })
  const back = { caseId: id, version, act: 'withdraw_consent', message: '', submitKey: randomUUID() } as const
  expect(await askAboutData(citizenScope(id, 'full'), back, at)).toEqual({ ok: true, value: null })
  await keepErasures(at)
  // As in an older backup, which knows nothing of them.
  await superuser.query(
    `DELETE FROM erasures; UPDATE survey_kiosks SET revoked_at = NULL; UPDATE consents SET withdrawn_at = NULL`,
  )
  const hasCase = async () =>
    (await inScope(systemScope(), () => listCasesOver(addMilliseconds(at, DAY), null, 10))).some(
      (one) => one.id === id,
    )
  expect(await hasCase()).toBe(true)
  try {
    await eraseAgainAt(addMilliseconds(at, DAY))
    expect(await db.staffAccount.count({ where: { id: moved.id, active: true } })).toBe(0)
    expect(await db.kiosk.count({ where: { revokedAt: null } })).toBe(0)
    expect(await db.consent.count({ where: { caseId: id, withdrawnAt: null } })).toBe(0)
    expect(await hasCase()).toBe(false)
    expect(await eraseCase(id, 'asked', addMilliseconds(at, DAY))).toEqual({ ok: false, error: 'legal_hold' })
    // A second run does nothing: an account that an admin enabled meanwhile stays enabled.
    await db.staffAccount.update({ where: { id: moved.id }, data: { active: true } })
    await eraseAgainAt(addMilliseconds(at, 2 * DAY))
    expect(await db.staffAccount.count({ where: { id: moved.id, active: true } })).toBe(1)
  } finally {
    rmSync(join(data, 'checkpoints'), { recursive: true, force: true })
  }
})
