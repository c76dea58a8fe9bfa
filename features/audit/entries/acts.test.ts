import { expect, test } from 'vitest'
import { findPeopleMeant, namesOf } from '#features/accounts/data.ts'
import { addMilliseconds, DAY, HOUR } from '#lib/time.ts'
import { db, transaction } from '#tests/db.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { audit, type TakenFilter, takeList } from './acts.ts'

const start = new Date('2026-11-23T17:00:00Z')
const now = addMilliseconds(start, 10 * DAY)
const between = [start, addMilliseconds(start, 2 * DAY)] as const

const write = (by: string, at: Date, number = '1') =>
  transaction((tx) =>
    audit(tx, {
      actor: { kind: 'staff', id: by },
      act: 'case.search',
      subject: { kind: 'case', id: number },
      facts: { reason: 'Có dấu phẩy, và "ngoặc"' },
      at,
    }),
  )
async function taken(of: Parameters<typeof takeList>[0], filter: TakenFilter): Promise<string[] | null> {
  const pieces = await takeList(of, filter, namesOf, now)
  return pieces && (await Array.fromAsync(pieces)).join('').trimEnd().split('\r\n')
}

test('an auditor takes the lines of a period and a person, once each and the newest first; the taking is a line', async () => {
  const [auditor, one, other] = [
    await makeStaff('auditor'),
    await makeStaff('officer'),
    await makeStaff('officer'),
  ]
  // A name that a spreadsheet would run as a formula.
  await db.staffAccount.update({ where: { id: one.id }, data: { name: '=1+1' } })
  await write(one.id, addMilliseconds(start, -1))
  await write(one.id, start, 'first')
  await write(other.id, addMilliseconds(start, HOUR))
  // More in one instant than fit in one part.
  const at = addMilliseconds(start, DAY)
  await db.$executeRaw`
    INSERT INTO audit_entries (at, actor_kind, actor_id, act, subject_kind, subject_id, request_id, facts, v)
    SELECT ${at}, 'staff', ${one.id}, 'case.search', 'case', n::text, 'x', '{}', 2 FROM generate_series(1, 1100) n`
  await write(one.id, between[1])
  const lines = await taken(auditor, { actorId: one.id, between })
  expect(lines?.[0]).toBe('id,at,actor_kind,actor_id,actor_name,act,subject_kind,subject_id,facts,leaf')
  expect(lines).toHaveLength(1 + 1100 + 1)
  expect(new Set(lines).size).toBe(lines?.length)
  const last = lines?.at(-1) ?? ''
  expect(last).toContain(`,2026-11-23T17:00:00.000Z,staff,${one.id},'=1+1,case.search,case,first,`)
  expect(last).toContain('"{""reason"":""Có dấu phẩy, và \\""ngoặc\\""""}"')
  expect(await taken(auditor, { between })).toHaveLength(1 + 1100 + 2)
  const entries = await db.auditEntry.findMany({ where: { act: 'audit.take_list' }, orderBy: { id: 'asc' } })
  expect(entries).toMatchObject([
    {
      actorId: auditor.id,
      subjectKind: 'entry',
      subjectId: '2026-11-24/2026-11-25',
      facts: { since: '2026-11-24', until: '2026-11-25', account: one.id },
    },
    { facts: { since: '2026-11-24', until: '2026-11-25' } },
  ])
})

test('nobody else takes lines, and nothing is written of it', async () => {
  for (const role of ['admin', 'city_police', 'relay'] as const) {
    expect(await taken(await makeStaff(role), { between })).toBeNull()
    expect(await findPeopleMeant(await makeStaff(role), 'a')).toEqual([])
  }
  expect(await db.auditEntry.count({ where: { act: 'audit.take_list' } })).toBe(0)
})

test('a person is found by a part of the name or address, for somebody who reads the log', async () => {
  const auditor = await makeStaff('auditor')
  const { id } = await makeStaff('officer')
  await db.staffAccount.update({ where: { id }, data: { name: 'Đặng Thị Kỳ Lạ' } })
  expect(await findPeopleMeant(auditor, ' kỳ lạ ')).toEqual([{ id, name: 'Đặng Thị Kỳ Lạ', role: 'officer' }])
  const { email } = await db.staffAccount.findUniqueOrThrow({ where: { id } })
  expect((await findPeopleMeant(auditor, email)).map((one) => one.id)).toEqual([id])
})
