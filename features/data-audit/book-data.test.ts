import { afterAll, expect, test } from 'vitest'
import { recordResults } from '#features/exchange/results/acts.ts'
import { addMilliseconds } from '#lib/time.ts'
import { closeSignals } from '#platform/signals.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeBlockingCase, randomImei, unblock } from '#tests/factories/case.ts'
import { auditData, beginRecords, verifyData } from './acts.ts'
import { bookLinesCheck, resultsCheck } from './book-data.ts'
import type { Read } from './rules.ts'

afterAll(closeSignals)

const now = new Date()
const read: Read = async <Row extends object>(sql: string, values: readonly unknown[] = []) =>
  (await superuser.query(sql, [...values])).rows as Row[]
const verify = (since: string | null = null) => verifyData(read, since, [bookLinesCheck, resultsCheck])

/** Makes a book of four lines at each carrier: one that failed first, two done, one open. */
async function makeBooks() {
  const made = await makeBlockingCase({ imeis: [randomImei(), randomImei()], now })
  const other = await makeBlockingCase({ now })
  await unblock(other, addMilliseconds(now, 1))
  const lines = await db.bookEntry.findMany({ where: { carrierId: 'viettel' }, orderBy: { seq: 'asc' } })
  const at = addMilliseconds(now, 2).toISOString()
  const rows = lines.slice(0, 2).map(({ orderId: order, imei }) => ({ order, imei, at }))
  const [first, second] = rows
  if (!first || !second) throw new Error('no lines')
  await recordResults('viettel', [{ ...first, outcome: 'rejected', code: 'technical' }], now)
  await recordResults(
    'viettel',
    [first, second].map((row) => ({ ...row, outcome: 'applied' as const })),
    now,
  )
  return { made, first: lines[0]?.orderId ?? '', last: lines[3]?.orderId ?? '' }
}

test('each change of a book, and of what is recorded in it, is one fault', async () => {
  const { made, last } = await makeBooks()
  const before = await verify()
  expect([before.faults, before.notes]).toEqual([[], []])
  expect(before.held).toEqual([
    { name: 'book lines', count: 20 },
    { name: 'results of lines', count: 2 },
  ])
  const line = `carrier_id = 'viettel' AND seq`
  const wanted: Readonly<Record<string, readonly RegExp[]>> = {
    [`UPDATE book_entries SET imei = '${randomImei()}' WHERE ${line} = 3`]: [
      /line 3 of viettel says something else/,
      /chain/,
    ],
    [`UPDATE book_entries SET action = 'unblock', reason = 'wrong' WHERE ${line} = 3`]: [
      /line 3 .* something else/,
      /chain/,
    ],
    [`UPDATE book_entries SET legal_basis = 'x' WHERE ${line} = 3`]: [/line 3 .* something else/, /chain/],
    [`UPDATE book_entries SET issued_at = issued_at - interval '1 ms' WHERE ${line} = 3`]: [
      /something else/,
      /chain/,
    ],
    [`UPDATE carrier_orders SET case_id = '${made.id}' WHERE id = '${last}'`]: [
      /line 4 of viettel is of another case/,
    ],
    [`UPDATE book_entries SET chain = sha256('x') WHERE ${line} = 4`]: [/line 4 of viettel: its chain/],
    [`DELETE FROM book_entries WHERE ${line} = 3`]: [
      /line 4 of viettel follows line 2/,
      /line 4 of viettel: its chain/,
      /line 3 of viettel is not in the book; entry \d+ says it/,
    ],
    [`DELETE FROM book_entries WHERE ${line} = 4`]: [
      /ends at line 3, and its carrier is told 4/,
      /line 4 of viettel is not in/,
    ],
    [`INSERT INTO book_entries (carrier_id, seq, order_id, imei, action, reason, legal_basis, issued_at, chain)
      VALUES ('viettel', 5, '${last}', '${randomImei()}', 'block', 'robbed', '', now(), sha256('x'));
      UPDATE carriers SET book_head = 5 WHERE id = 'viettel'`]: [
      /line 5 of viettel is in the book, and no entry/,
      /line 5 .* chain/,
    ],
    [`UPDATE book_entries SET outcome = 'already' WHERE ${line} = 1`]: [
      /line 1 of viettel has a result that no entry says/,
      /order .* of viettel has not the result that entry/,
    ],
    [`UPDATE book_entries SET outcome_at = outcome_at - interval '1 hour' WHERE ${line} = 2`]: [
      /line 2 of viettel has a result/,
      /has not the result/,
    ],
    // An earlier result that is over does not justify it.
    [`UPDATE book_entries SET outcome = 'rejected', outcome_code = 'technical' WHERE ${line} = 1`]: [
      /has not the result/,
    ],
    [`UPDATE book_entries SET outcome = NULL, outcome_at = NULL WHERE ${line} = 2`]: [/has not the result/],
    [`UPDATE book_entries SET outcome = 'applied', outcome_at = now() WHERE ${line} = 4`]: [
      /line 4 of viettel has a result/,
    ],
  }
  for (const [sql, faults] of Object.entries(wanted)) {
    for (const since of [null, '0']) {
      await superuser.query('BEGIN; SET LOCAL session_replication_role = replica')
      await superuser.query(sql)
      const found = (await verify(since)).faults
      await superuser.query('ROLLBACK')
      expect(found, sql).toEqual(faults.map((fault) => expect.stringMatching(fault)))
    }
  }
})

test('the worker reads them by its own connection, as the command does by its own', async () => {
  await makeBooks()
  await beginRecords(now)
  const report = await auditData(new Date())
  const mine = report?.held.filter(({ name }) => ['book lines', 'results of lines'].includes(name))
  expect(mine?.map(({ count }) => count)).toEqual([20, 2])
  expect(report?.faults.filter((fault) => /^(book lines|results of lines)/.test(fault))).toEqual([])
})

test('an entry that was put into the log without a line is a fault too', async () => {
  await makeBooks()
  await superuser.query('BEGIN; SET LOCAL session_replication_role = replica')
  await superuser.query(
    `INSERT INTO audit_entries (at, actor_kind, act, subject_kind, subject_id, facts, v)
     SELECT now(), 'system', act, subject_kind, subject_id, facts || '{"seq": 9}', 2 FROM audit_entries
     WHERE act = 'order.line' AND facts->>'carrier' = 'viettel' AND facts->>'seq' = '1'`,
  )
  const { faults } = await verify()
  await superuser.query('ROLLBACK')
  expect(faults).toEqual([expect.stringMatching(/line 9 of viettel is not in the book/)])
})

test('what a release before this one wrote is a note, not a fault', async () => {
  await makeBooks()
  await superuser.query('BEGIN; SET LOCAL session_replication_role = replica')
  await superuser.query(`DELETE FROM audit_entries WHERE act = 'order.line'`)
  await superuser.query(`UPDATE book_entries SET chain = NULL`)
  await superuser.query(`UPDATE audit_entries SET facts = facts - 'rowHashes' WHERE act = 'order.result'`)
  const { faults, notes } = await verify()
  await superuser.query('ROLLBACK')
  await superuser.query('BEGIN; SET LOCAL session_replication_role = replica')
  await superuser.query(`UPDATE book_entries SET chain = NULL WHERE carrier_id = 'viettel' AND seq = 4`)
  await superuser.query(`DELETE FROM audit_entries WHERE act = 'order.line' AND facts->>'seq' = '4'`)
  await superuser.query(`UPDATE audit_entries SET at = at - interval '2 days' WHERE act = 'order.line'`)
  const later = await verify()
  await superuser.query('ROLLBACK')
  expect(later.faults).toContainEqual(expect.stringMatching(/line 4 of viettel is in the book, and no entry/))
  expect(faults).toEqual([])
  expect(notes).toEqual([
    'book lines: 20 lines of a release before entries said each are not brought up yet',
    'results of lines: 1 orders were answered before entries said what: known by their state alone',
  ])
})
