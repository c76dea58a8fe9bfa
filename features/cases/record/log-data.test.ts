import { expect, test } from 'vitest'
import { eraseCase } from '#features/privacy/erasure/acts.ts'
import { addMilliseconds, HOUR } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeBlockingCase, makeCase, makePolice, move, unblock } from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { findCaseId, matchesAuditLog } from './log-data.ts'

const changes = (caseId: string) =>
  db.auditEntry.findMany({
    where: { caseId, act: { startsWith: 'case.' } },
    orderBy: { id: 'asc' },
    select: { act: true, beforeHash: true, afterHash: true },
  })

test('each entry of a case begins with the hash that the one before ended with, and the last is what it is now', async () => {
  const [made, auditor] = [await makeBlockingCase(), await makeStaff('auditor')]
  expect(await matchesAuditLog(auditor, made.id)).toBe(true)
  await unblock(made)
  expect(await matchesAuditLog(auditor, made.id)).toBe(true)
  const entries = await changes(made.id)
  expect(entries.map(({ act }) => act)).toEqual([
    'case.submit',
    'case.take',
    'case.verify',
    'case.approve',
    'case.request_unblock',
    'case.verify_unblock',
    'case.approve_unblock',
  ])
  expect(entries[0]?.beforeHash).toBeNull()
  for (const [at, { beforeHash }] of entries.slice(1).entries())
    expect(beforeHash).toEqual(entries[at]?.afterHash)
  expect(new Set(entries.map(({ afterHash }) => String(afterHash))).size).toBe(entries.length)
})

test('a second claim, a withdrawal and an appeal leave what the log says too', async () => {
  const { officer } = await makePolice()
  const citizen = { kind: 'citizen' } as const
  const auditor = await makeStaff('auditor')
  const first = await makeCase()
  const second = await makeCase({
    imeis: [...first.imeis],
    particulars: {
      contact: { kind: 'email', value: 'somebody.else@example.vn' },
      nationalId: '079080000999',
    },
  })
  await move(first.id, citizen, { move: 'withdraw' })
  await move(first.id, citizen, { move: 'undo_withdraw' })
  await move(first.id, officer, { move: 'take' })
  await move(first.id, officer, { move: 'reject', reasonCode: 'not_owner' })
  await move(first.id, citizen, { move: 'appeal' })
  expect([await matchesAuditLog(auditor, first.id), await matchesAuditLog(auditor, second.id)]).toEqual([
    true,
    true,
  ])
})

test.each([
  ["UPDATE cases SET state = 'blocked' WHERE id = $1", false],
  ["UPDATE case_imeis SET imei = '356789100000015' WHERE case_id = $1", false],
  ['UPDATE cases SET assignee_id = NULL WHERE id = $1', false],
  ['UPDATE cases SET sealed = set_byte(sealed, 20, 255 - get_byte(sealed, 20)) WHERE id = $1', false],
  ["UPDATE case_keys SET wrapped = '' WHERE case_id = $1", false],
  ['UPDATE cases SET erased_at = now() WHERE id = $1', false],
  ['DELETE FROM audit_entries WHERE case_id = $1', null],
])('what was changed beside the log is seen: %s', async (sql, stands) => {
  const { officer } = await makePolice()
  const auditor = await makeStaff('auditor')
  const { id, number } = await makeCase()
  await move(id, officer, { move: 'take' })
  await superuser.query('SET session_replication_role = replica')
  await superuser.query(sql, [id])
  await superuser.query('SET session_replication_role = DEFAULT')
  expect(await findCaseId(auditor, number.toLowerCase())).toMatchObject({ id })
  expect(await matchesAuditLog(auditor, id)).toBe(stands)
  expect([await findCaseId(officer, number), await matchesAuditLog(officer, id)]).toEqual([null, null])
})

test('equal cases have hashes that have nothing in common, for each has its own key', async () => {
  const [one, other] = [await makeCase(), await makeCase()]
  expect((await changes(one.id))[0]?.afterHash).not.toEqual((await changes(other.id))[0]?.afterHash)
})

test('nothing is compared once the log says that the key is gone', async () => {
  const [made, auditor] = [await makeCase(), await makeStaff('auditor')]
  await move(made.id, { kind: 'citizen' }, { move: 'withdraw' })
  const later = addMilliseconds(new Date(), 25 * HOUR)
  await move(made.id, { kind: 'system' }, { move: 'finish_withdrawal' }, later)
  expect(await eraseCase(made.id, 'asked', later)).toMatchObject({ ok: true })
  expect(await matchesAuditLog(auditor, made.id)).toBeNull()
})
