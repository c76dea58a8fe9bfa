import { expect, test } from 'vitest'
import { db } from '#tests/db.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { type AccountFilter, findManagedAccount, readAccountPage } from './data.ts'

async function makeShops(count: number) {
  const shops = Array.from({ length: count }, (_, n) => ({
    email: `cua-hang-${n}@example.test`,
    name: `Cửa hàng ${n % 7}`,
    role: 'shop' as const,
    active: n % 3 !== 0,
  }))
  await db.staffAccount.createMany({ data: shops })
}

test('every account is reached page by page, each once, the locked ones and those with some letters too', async () => {
  const admin = await makeStaff('admin')
  await makeShops(200)
  const all = async (filter: AccountFilter) => {
    const seen: string[] = []
    let after: string | null = null
    do {
      const page = await readAccountPage(admin, filter, after)
      if (page === null) throw new Error('not for an admin')
      expect(page.accounts.length).toBeLessThanOrEqual(50)
      seen.push(...page.accounts.map(({ email }) => email))
      after = page.next
    } while (after !== null)
    expect(new Set(seen).size).toBe(seen.length)
    return seen
  }
  const count = (where: object) => db.staffAccount.count({ where })
  expect(await all({ active: true })).toHaveLength(await count({ active: true }))
  expect(await all({ active: false })).toHaveLength(67)
  expect(await all({ sought: 'HANG-19' })).toHaveLength(11)
  expect(await all({ sought: 'Cửa hàng 3' })).toHaveLength(29)
  expect(await all({ sought: 'CỬA HÀNG 3' })).toHaveLength(29)
  expect(await all({ sought: 'Cửa hàng 3'.normalize('NFD') })).toHaveLength(29)
  // Wildcards are taken as plain characters.
  for (const sought of ['%', '_', '\\']) expect(await all({ sought })).toEqual([])
})

test('nobody else reads them', async () => {
  const { id } = await makeStaff('officer')
  for (const role of ['officer', 'city_police', 'auditor', 'survey_manager', 'shop'] as const) {
    const staff = await makeStaff(role)
    expect(await readAccountPage(staff, { active: true }, null)).toBeNull()
    expect(await findManagedAccount(staff, id)).toBeNull()
  }
})
