import { createHash, randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { type BookLine, LIST_HEADER, listInForce } from '#domain/exchange/book.ts'
import type { OrderReason } from '#domain/exchange/order.ts'
import { localDate } from '#domain/time.ts'
import { closeSignals } from '#server/platform/signals.ts'
import { superuser } from '#tests/database.ts'
import { makeBlockingCase, randomImei, unblock } from '#tests/factories/case.ts'
import { listPage } from '../repository/book.ts'
import { listFile } from './list.ts'

afterAll(closeSignals)

async function list(carrierId: string, seq: number) {
  const file = await listFile(carrierId, seq)
  if (file === null) throw new Error('there is no such list')
  const text = await new Response(file.body).text()
  expect(createHash('sha256').update(text).digest('hex')).toBe(file.sha256)
  expect(Buffer.byteLength(text)).toBe(file.bytes)
  expect(text.split('\n').length - 2).toBe(file.rows)
  return text
}

test('the list at a sequence stays what it was, whatever is written later', async () => {
  const imeis = [randomImei(), randomImei()].sort()
  const made = await makeBlockingCase({ imeis, now: new Date('2026-11-23T17:30:00Z') })
  const blocked = await list('viettel', 2)
  // 23 November in UTC is the 24th in the city.
  expect(blocked).toBe(`${LIST_HEADER}${imeis.map((imei) => `${imei},20261124,robbed\n`).join('')}`)
  await unblock(made)
  expect(await list('viettel', 4)).toBe(LIST_HEADER)
  expect(await list('viettel', 2)).toBe(blocked)
  expect(await list('viettel', 0)).toBe(LIST_HEADER)
  expect(await listFile('viettel', 5)).toBeNull()
})

const PHONES = Array.from({ length: 4 }, randomImei)
const REASONS: readonly OrderReason[] = ['robbed', 'stolen', 'lost', 'hold']
const step = fc.record({
  imei: fc.constantFrom(...PHONES),
  action: fc.constantFrom('block' as const, 'unblock' as const),
  reason: fc.constantFrom(...REASONS),
})

test('the list computed in the database is what replaying the book gives, at any sequence and page size', async () => {
  const made = await makeBlockingCase()
  const { rows } = await superuser.query(`SELECT id FROM carrier_orders WHERE carrier_id = 'viettel'`)
  let tried = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 24 }),
      fc.nat(24),
      fc.integer({ min: 1, max: 3 }),
      async (steps, upTo, size) => {
        const carrierId = `c${tried++}`
        await superuser.query(`INSERT INTO carriers (id, ordinal, name, book_head) VALUES ($1, 9, 'x', $2)`, [
          carrierId,
          steps.length,
        ])
        const lines: BookLine[] = []
        for (const [index, { imei, action, reason }] of steps.entries()) {
          const seq = index + 1
          const issuedAt = new Date(Date.UTC(2026, 10, seq)).toISOString()
          const order = randomUUID()
          lines.push({ seq, order, imei, action, reason, issuedAt })
          await superuser.query(
            `INSERT INTO carrier_orders (id, case_id, carrier_id, action, reason, legal_basis, state, issued_at, due_at)
           VALUES ($1, $2, $3, $4, $5, '', 'sent', $6, $6)`,
            [order, made.id, carrierId, action, reason, issuedAt],
          )
          await superuser.query(
            `INSERT INTO book_entries (carrier_id, seq, order_id, imei, action, reason, legal_basis, issued_at)
           VALUES ($1, $2, $3, $4, $5, $6, '', $7)`,
            [carrierId, seq, order, imei, action, reason, issuedAt],
          )
        }
        let text = ''
        for (let after: string | null = ''; after !== null; ) {
          const page = await listPage(carrierId, upTo, after, size)
          text += page.text
          after = page.next
        }
        const replayed = listInForce(lines.filter((line) => line.seq <= upTo))
        const expected = replayed.map(
          ({ imei, since, reasons }) =>
            `${imei},${localDate(new Date(since)).replaceAll('-', '')},${reasons.join('|')}\n`,
        )
        expect(text).toBe(expected.join(''))
      },
    ),
    { numRuns: 40 },
  )
  expect(rows).toHaveLength(1)
})
