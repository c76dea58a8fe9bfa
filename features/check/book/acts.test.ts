import { randomUUID } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import type { StaffActor } from '#lib/access/actor.ts'
import { addMilliseconds, DAY } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeBlockingCase, makeProvenCase, randomImei } from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { takeBook, tellShops, writeInBook } from './acts.ts'
import { bookOf } from './data.ts'

const now = new Date()
let shop: StaffActor
beforeEach(async () => {
  shop = await makeStaff('shop')
})
const write = (imeis: string, booked: 'bought' | 'sold' = 'bought', by = shop, at = now) =>
  writeInBook(by, { booked, imeis, paper: ' BN-17 ', submitKey: randomUUID() }, at)
const mails = async () =>
  (
    await superuser.query(
      `SELECT data->>'accountId' AS to FROM pgboss.job WHERE name = 'account-notice' AND data->>'notice' = 'bought_reported'`,
    )
  ).rows.map(({ to }) => to)
const tell = () => tellShops(now)

test('a line says what the check answered then and answers now; each shop reads its own', async () => {
  const { imeis } = await makeBlockingCase({ now })
  const pending = await makeProvenCase({ now })
  const other = randomImei()
  expect(await write(`${imeis[0]}\n${pending.imeis[0]}, ${other}\n${other}`)).toMatchObject({ ok: true })
  const lines = await bookOf(shop, 10)
  expect(new Map(lines.map((one) => [one.imei, one.reportedNow]))).toEqual(
    new Map([
      [imeis[0], true],
      // A case that two people have not acted on is not told of.
      [pending.imeis[0], false],
      [other, false],
    ]),
  )
  expect(lines.map(({ paper }) => paper)).toEqual(['BN-17', 'BN-17', 'BN-17'])
  expect(await bookOf(await makeStaff('shop'), 10)).toEqual([])
  expect(await bookOf(await makeStaff('relay'), 10)).toEqual([])
  expect(await takeBook(shop, now)).toHaveLength(3)
  const { facts } = await db.auditEntry.findFirstOrThrow({ where: { act: 'check.booked' } })
  expect(JSON.stringify(facts)).not.toContain(other)
})

test('a line that is no IMEI, none at all, and more than the day allows write nothing', async () => {
  expect(await write(`${randomImei()}\n123456789012345`)).toMatchObject({ error: 'book_line' })
  expect(await write(' ')).toMatchObject({ error: 'empty' })
  expect(await write(randomImei(), 'bought', await makeStaff('officer'))).toMatchObject({ ok: false })
  expect(await db.bookedPhone.count()).toBe(0)
})

test('a shop is told once that a phone it bought in the last 30 days is reported; of one that it sold it is not', async () => {
  const { imeis } = await makeProvenCase({ now })
  const [imei = ''] = imeis
  const [old, seller] = [await makeStaff('shop'), await makeStaff('shop')]
  await write(imei)
  await write(imei, 'sold', seller)
  await write(imei, 'bought', old, addMilliseconds(now, -31 * DAY))
  expect(await tell()).toBe(0)
  await superuser.query(`UPDATE case_imeis SET is_public = true WHERE imei = $1`, [imei])
  expect(await Promise.all([tell(), tell()])).toContain(1)
  expect(await tell()).toBe(0)
  expect(await mails()).toEqual([shop.id])
})
