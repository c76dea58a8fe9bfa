import { expect, test } from 'vitest'
import type { StaffActor } from '#lib/access/actor.ts'
import { db } from '#tests/db.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { setKeys } from './acts.ts'

const now = new Date('2026-11-24T03:00:05Z')

test('keys are on until a person switches them off, for their own account alone', async () => {
  const [lan, ha] = [await makeStaff('officer'), await makeStaff('officer')]
  const keysOf = async ({ id }: StaffActor) =>
    (await db.staffAccount.findUniqueOrThrow({ where: { id } })).keysOn
  expect(await keysOf(lan)).toBe(true)
  await setKeys(lan, false, now)
  await setKeys(lan, false, now)
  expect([await keysOf(lan), await keysOf(ha)]).toEqual([false, true])
  const written = await db.auditEntry.findMany({ where: { act: 'account.set_preferences' } })
  expect(written.map(({ subjectId }) => subjectId)).toEqual([lan.id])
})
