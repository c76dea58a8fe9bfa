import { expect, test } from 'vitest'
import { db } from '#tests/db.ts'
import { makeCase, makePolice, move } from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { findLastChanger } from './page-data.ts'

test('who changed a case last is said to its own unit alone, and nothing of the case is opened for it', async () => {
  const { officer, supervisor } = await makePolice()
  const { id, number } = await makeCase()
  expect(await findLastChanger(supervisor, number)).toBeNull()
  await move(id, officer, { move: 'take' })
  // Its sealed data cannot be opened.
  await db.case.update({ where: { id }, data: { sealed: Buffer.from('damaged') } })
  expect(await findLastChanger(supervisor, number)).toBe(officer.name)
  expect(await findLastChanger(await makeStaff('officer', { unitId: 'quan-1' }), number)).toBeNull()
})
