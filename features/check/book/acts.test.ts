import { randomUUID } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import { jobs as mailJobs } from '#features/accounts/preferences/jobs.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { LIMITS } from '#lib/access/limits.ts'
import { addMilliseconds, DAY, MINUTE } from '#lib/time.ts'
import { env } from '#platform/env.ts'
import { counterFor } from '#platform/rate-limits/commands.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeBlockingCase, makeProvenCase, randomImei } from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { messageOf, readable } from '#tests/outbox.ts'
import { jobs } from '../watches/jobs.ts'
import { takeBook, writeInBook } from './acts.ts'
import { type BookedPhone, bookOf } from './data.ts'

const now = new Date()
let shop: StaffActor
beforeEach(async () => {
  shop = await makeStaff('shop')
})
const write = (imeis: string, booked: 'bought' | 'sold' = 'bought', by = shop, at = now, paper = ' BN-17 ') =>
  writeInBook(by, { booked, imeis, paper, submitKey: randomUUID() }, at)
async function take(by = shop, at = now): Promise<BookedPhone[]> {
  const book = must(await takeBook(by, at))
  return (await Array.fromAsync(book)).flat()
}
const useUp = (left: number) =>
  superuser.query(
    `INSERT INTO rate_limits (key_hash, hits, ends_at) VALUES ($1, $2, $3)
     ON CONFLICT (key_hash) DO UPDATE SET hits = excluded.hits`,
    [
      counterFor('shop_account', shop.id, now).keyHash,
      LIMITS.shop_account.amount - left,
      addMilliseconds(now, DAY),
    ],
  )
const mails = async () =>
  (
    await superuser.query(
      `SELECT data->>'accountId' AS to FROM pgboss.job WHERE name = 'account-notice' AND data->>'notice' = 'bought_reported'`,
    )
  ).rows.map(({ to }) => to)
const run = (queue: 'check-watch' | 'shop-tell') =>
  jobs.find((one) => one.queue === queue)?.run({} as never, now, new AbortController().signal)
const tell = () => run('shop-tell')

test('a line says what the check answered then and answers now; each shop reads its own', async () => {
  const { imeis } = await makeBlockingCase({ now })
  const pending = await makeProvenCase({ now })
  const other = randomImei()
  expect(await write(`${imeis[0]}\n${pending.imeis[0]}, ${other}\n${other}`)).toMatchObject({ ok: true })
  const lines = await bookOf(shop, 10)
  expect(new Map(lines.map((one) => [one.imei, one.reportedNow]))).toEqual(
    new Map([
      [imeis[0], true],
      // The check does not name a case on which two people have not acted.
      [pending.imeis[0], false],
      [other, false],
    ]),
  )
  expect(lines.map(({ paper }) => paper)).toEqual(['BN-17', 'BN-17', 'BN-17'])
  expect(await bookOf(await makeStaff('shop'), 10)).toEqual([])
  expect(await bookOf(await makeStaff('relay'), 10)).toEqual([])
  expect(await take()).toHaveLength(3)
  const { facts } = await db.auditEntry.findFirstOrThrow({ where: { act: 'check.booked' } })
  expect(JSON.stringify(facts)).not.toContain(other)
})

test('a line that is no IMEI, none at all, and more than the day allows write nothing', async () => {
  expect(await write(`${randomImei()}\n123456789012345`)).toMatchObject({ error: 'book_line' })
  const input = {
    booked: 'bought',
    imeis: `${randomImei()}\n12345`,
    paper: '',
    submitKey: randomUUID(),
  } as const
  expect(await writeInBook.perform(shop, input, now)).toMatchObject({
    error: { field: 'imeis', values: { line: 2, written: '12345' } },
  })
  expect(await write(' ')).toMatchObject({ error: 'book_empty' })
  for (const paper of ['079190012345', 'CCCD 079 190 012 345', 'BN 5, 079.190.012.345'])
    expect(await write(randomImei(), 'bought', shop, now, paper), paper).toMatchObject({
      error: 'book_person',
    })
  expect(await write(randomImei(), 'bought', await makeStaff('officer'))).toMatchObject({ ok: false })
  await useUp(1)
  expect(await write(`${randomImei()}\n${randomImei()}`)).toMatchObject({ error: 'book_too_often' })
  expect(await db.bookedPhone.count()).toBe(0)
  expect(await write(randomImei(), 'bought', shop, now, 'HĐ 0001234, BN-2026-1124-0017')).toMatchObject({
    ok: true,
  })
  expect(await write(randomImei())).toMatchObject({ error: 'book_too_often' })
})

test('a phone that is reported as it is written is told at once', async () => {
  const { imeis } = await makeBlockingCase({ now })
  const page = (reported: unknown) =>
    writeInBook.page?.({ booked: 'bought', imeis: '', paper: '' }, String(reported))
  const [clear, reported] = [await write(randomImei()), await write(`${randomImei()}\n${imeis[0]}`)]
  expect(page(clear.ok && clear.value)).toMatchObject({ query: { done: 'written' } })
  expect(page(reported.ok && reported.value)).toMatchObject({ query: { done: 'reported' } })
})

test('the book that is taken away is counted with the checks of the shop; beyond them it is still whole', async () => {
  const { imeis } = await makeBlockingCase({ now })
  const [reported = '', other] = [imeis[0], randomImei()]
  await write(randomImei(), 'bought', shop, addMilliseconds(now, -2 * MINUTE))
  await write(reported, 'bought', shop, addMilliseconds(now, -MINUTE))
  await write(other)
  await write(other, 'sold', shop, addMilliseconds(now, 1))
  const answers = async (at = now) => (await take(shop, at)).map(({ reportedNow }) => reportedNow)
  await useUp(5)
  expect(await answers()).toEqual([false, false, true, false])
  expect(await answers()).toEqual([false, false, true, null])
  expect(await answers()).toEqual([null, null, null, null])
  expect(await write(randomImei())).toMatchObject({ error: 'book_too_often' })
  expect(await answers(addMilliseconds(now, DAY))).toEqual([false, false, true, false])
  const entries = await db.auditEntry.findMany({ where: { act: 'check.book_taken' }, orderBy: { id: 'asc' } })
  expect(entries.slice(0, 3).map(({ facts }) => facts)).toEqual([
    { lines: 4, phones: 3, reported: 1 },
    { lines: 4, phones: 2, reported: 1 },
    { lines: 4, phones: 0, reported: 0 },
  ])
})

test('a book of any length is taken whole, each line once, and by its shop alone', async () => {
  await superuser.query(
    `INSERT INTO booked_phones (id, account_id, kind, imei, paper, reported, at)
     SELECT gen_random_uuid(), $1, 'bought', lpad(n::text, 15, '0'), '', false, $2::timestamptz - (n / 1500) * interval '1 s'
     FROM generate_series(1, 2500) n`,
    [shop.id, now],
  )
  const lines = await take()
  expect(new Set(lines.map(({ id }) => id)).size).toBe(2_500)
  expect(lines).toHaveLength(2_500)
  expect(lines.map(({ at }) => at)).toEqual(
    lines.map(({ at }) => at).toSorted((a, b) => Number(b) - Number(a)),
  )
  expect(await take(await makeStaff('shop'))).toEqual([])
  expect(await takeBook(await makeStaff('relay'), now)).toEqual({ ok: false, error: 'forbidden' })
  expect(await db.auditEntry.count({ where: { act: 'check.book_taken' } })).toBe(2)
})

test('a shop is told once that a phone it bought in the last 30 days is reported; of one that it sold it is not', async () => {
  const { imeis } = await makeProvenCase({ now })
  const [imei = ''] = imeis
  const [old, seller] = [await makeStaff('shop'), await makeStaff('shop')]
  await write(imei)
  await write(imei, 'sold', seller)
  await write(imei, 'bought', old, addMilliseconds(now, -31 * DAY))
  await tell()
  await superuser.query(`UPDATE case_imeis SET is_public = true WHERE imei = $1`, [imei])
  // Watches have a queue of their own.
  await run('check-watch')
  expect(await mails()).toEqual([])
  await Promise.all([tell(), tell()])
  await tell()
  expect(await mails()).toEqual([shop.id])
  const { rows } = await superuser.query(`SELECT data FROM pgboss.job WHERE name = 'account-notice'`)
  for (const { data } of rows) await mailJobs[0]?.run(data, now, new AbortController().signal)
  const mail = readable(messageOf(env().DATA_DIR, rows.at(-1).data.id)?.content ?? '')
  expect(mail).toContain('/quan-tri/cua-hang/so\r\n')
  expect(mail).toContain('/en/admin/shop/book\r\n')
  expect(mail).not.toContain(imei)
})
