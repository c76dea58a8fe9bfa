import { randomUUID } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { checkList, checkPhone } from '#features/check/acts.ts'
import { writeInBook } from '#features/check/book/acts.ts'
import { destroyPersonalData } from '#features/privacy/erasure/data.ts'
import { exportData } from '#features/privacy/export/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { citizenScope } from '#lib/access/scope.ts'
import { addMilliseconds, DAY, HOUR } from '#lib/time.ts'
import { db, transaction } from '#tests/db.ts'
import {
  type MadeCase,
  makeBlockingCase,
  makePolice,
  makeProvenCase,
  move,
  type Police,
  randomImei,
} from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { statementsOf } from '#tests/same-work.ts'
import { unitsLeads } from './data.ts'
import { lookAtLead, writeShopAddress } from './leads-acts.ts'

const now = new Date('2026-11-24T03:00:00Z')
let police: Police
let made: MadeCase
let shop: StaffActor
beforeEach(async () => {
  police = await makePolice()
  made = await makeBlockingCase({ now }, police)
  shop = await makeStaff('shop')
})
const check = async (imeis: readonly string[], by = shop, at = now) => {
  const checked = await checkList(by, { text: imeis.join('\n'), file: null }, at)
  return checked.ok ? checked.value.lines.map(({ result }) => result) : checked.error
}

test('ten checks of a blocked phone by a shop are one lead a day, for police of its case', async () => {
  await writeShopAddress(shop, { shopAddress: ' 12 Lê Lợi, Quận 1 ', submitKey: randomUUID() }, now)
  await Promise.all(Array.from({ length: 9 }, () => check([...made.imeis, randomImei()])))
  const [imeis = ''] = made.imeis
  await writeInBook(shop, { booked: 'bought', imeis, paper: '', submitKey: randomUUID() }, now)
  const { id, email, name } = await db.staffAccount.findUniqueOrThrow({ where: { id: shop.id } })
  expect(await unitsLeads(police.officer)).toMatchObject([
    {
      ...{ number: made.number, at: now, dueAt: addMilliseconds(now, 4 * HOUR) },
      shop: { name, email, address: '12 Lê Lợi, Quận 1' },
    },
  ])
  await check(made.imeis, await makeStaff('shop'))
  await check(made.imeis, shop, addMilliseconds(now, DAY))
  expect(await unitsLeads(police.officer)).toHaveLength(3)
  expect(await db.auditEntry.count({ where: { act: 'sighting.shop_checked', caseId: made.id } })).toBe(3)
  for (const other of [(await makePolice('quan-1')).officer, shop, await makeStaff('auditor')])
    expect(await unitsLeads(other)).toEqual([])
  // The owner learns when a shop checked, but neither which shop nor that police asked it.
  const data = await exportData(citizenScope(made.id, 'full'), made.id, 'json', now)
  expect(data?.recovery.shopChecks).toHaveLength(3)
  for (const secret of [id, email, name, 'Lê Lợi']) expect(JSON.stringify(data)).not.toContain(secret)
})

test('a lead is looked at once, by police of its case alone', async () => {
  await check(made.imeis)
  const [lead] = await unitsLeads(police.officer)
  const look = (by: StaffActor) => lookAtLead(by, { leadId: lead?.id ?? '', submitKey: randomUUID() }, now)
  expect(await look((await makePolice('quan-1')).officer)).toMatchObject({ error: 'not_now' })
  expect(await look(shop)).toMatchObject({ error: 'forbidden' })
  const looks = await Promise.all([look(police.officer), look(police.supervisor)])
  expect(looks.map(({ ok }) => ok).toSorted()).toEqual([false, true])
  expect(await unitsLeads(police.officer)).toMatchObject([{ dueAt: null }])
})

test('what the public check does not tell of opens no lead, by the same work; nor does anybody without an account', async () => {
  const pending = await makeProvenCase({ now })
  const watched = await makeProvenCase({ now })
  await move(watched.id, { kind: 'citizen' }, { move: 'watch' }, now)
  await move(watched.id, police.officer, { move: 'take' }, now)
  await move(watched.id, police.officer, { move: 'verify' }, now)
  await move(watched.id, police.supervisor, { move: 'approve' }, now)
  await check([randomImei()])
  const none = await statementsOf(() => check([randomImei()]))
  for (const { imeis } of [pending, watched]) {
    expect(await statementsOf(() => check(imeis))).toEqual(none)
    expect(await check(imeis)).toEqual(['not_reported'])
  }
  await checkPhone(made.imeis[0] ?? '', 'somebody', now)
  expect(await db.shopLead.count()).toBe(0)
})

test('a lead goes with the erasure of its case, and none comes after it', async () => {
  await check(made.imeis)
  await transaction((tx) => destroyPersonalData(tx, made.id))
  expect(await db.shopLead.count()).toBe(0)
  await check(made.imeis)
  expect(await db.shopLead.count()).toBe(0)
})
