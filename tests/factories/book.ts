import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import type { BookLine } from '#features/exchange/book/rules.ts'
import type { OrderReason } from '#features/exchange/orders/rules.ts'
import { superuser, withoutTriggers } from '../database.ts'
import { makeCase, randomImei } from './case.ts'

export type Step = Pick<BookLine, 'imei' | 'action' | 'reason'>

const PHONES = Array.from({ length: 4 }, randomImei)
const REASONS: readonly OrderReason[] = ['robbed', 'stolen', 'lost', 'hold']

/** Generates the lines of a book in any order: four phones, blocked and unblocked again and again. */
export const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    imei: fc.constantFrom(...PHONES),
    action: fc.constantFrom('block' as const, 'unblock' as const),
    reason: fc.constantFrom(...REASONS),
  }),
  { maxLength: 24 },
)

let made = 0

/** Makes a carrier whose book has these lines, one a day. */
export async function makeBook(
  written: readonly Step[],
): Promise<{ readonly carrierId: string; readonly lines: readonly BookLine[] }> {
  const carrierId = `c${made++}`
  const { rows } = await superuser.query<{ id: string }>('SELECT id FROM cases LIMIT 1')
  const caseId = rows[0]?.id ?? (await makeCase()).id
  await superuser.query(`INSERT INTO carriers (id, ordinal, name, book_head) VALUES ($1, 9, 'x', $2)`, [
    carrierId,
    written.length,
  ])
  const lines = written.map((step, index) => ({
    ...step,
    seq: index + 1,
    order: randomUUID(),
    issuedAt: new Date(Date.UTC(2026, 10, index + 1)).toISOString(),
  }))
  // All lines belong to one case, with more phones than a real case can have. So triggers are off.
  const write = async ({ seq, order, imei, action, reason, issuedAt }: (typeof lines)[number]) => {
    await superuser.query(
      `INSERT INTO carrier_orders (id, case_id, carrier_id, action, reason, legal_basis, state, issued_at, due_at)
       VALUES ($1, $2, $3, $4, $5, '', 'sent', $6, $6)`,
      [order, caseId, carrierId, action, reason, issuedAt],
    )
    await superuser.query(
      `INSERT INTO book_entries (carrier_id, seq, order_id, imei, action, reason, legal_basis, issued_at)
       VALUES ($1, $2, $3, $4, $5, $6, '', $7)`,
      [carrierId, seq, order, imei, action, reason, issuedAt],
    )
  }
  await withoutTriggers(async () => {
    for (const line of lines) await write(line)
  })
  return { carrierId, lines }
}
