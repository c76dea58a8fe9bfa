import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { acknowledge } from '#features/exchange/book/acts.ts'
import { recordResults } from '#features/exchange/results/acts.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { type MadeCase, makeBlockingCase, makeProvenCase, randomImei } from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'

/** Runs SQL with the application's own rights and all rows visible. Returns the number of affected rows. */
const asApp = (statement: string, ...values: unknown[]): Promise<number> =>
  db.$executeRawUnsafe(statement, ...values)

const DENIED = /permission denied/

let made: MadeCase
beforeEach(async () => {
  made = await makeBlockingCase()
})

describe('the application’s role', () => {
  test('may not change or delete what happened in a case, nor the case', async () => {
    for (const statement of [
      'DELETE FROM case_events',
      "UPDATE case_events SET move = 'reject'",
      'UPDATE case_events SET actor_id = NULL',
      "UPDATE case_events SET at = now() - interval '1 day'",
      'DELETE FROM objection_events',
      "UPDATE objection_events SET move = 'x'",
      'DELETE FROM cases',
      'TRUNCATE cases CASCADE',
    ])
      await expect(asApp(statement), statement).rejects.toThrow(DENIED)
    // The sealed words are protected too, as long as they can be read.
    await expect(asApp('UPDATE case_events SET sealed = NULL WHERE sealed IS NOT NULL')).rejects.toThrow(
      /stay until the case's key is destroyed/,
    )
    await expect(asApp("UPDATE case_events SET sealed = '\\x00'")).rejects.toThrow(/stay until/)
    await asApp("UPDATE case_keys SET wrapped = '' WHERE case_id = $1::uuid", made.id)
    await expect(
      asApp("UPDATE case_events SET sealed = '\\x00' WHERE case_id = $1::uuid", made.id),
    ).rejects.toThrow(/stay until/)
    expect(await asApp('UPDATE case_events SET sealed = NULL WHERE case_id = $1::uuid', made.id)).toBe(4)
  })

  test('may not change or delete a line of a book, but for what its carrier answered', async () => {
    for (const statement of [
      'DELETE FROM book_entries',
      `UPDATE book_entries SET imei = '${randomImei()}'`,
      "UPDATE book_entries SET action = 'unblock'",
      "UPDATE book_entries SET legal_basis = 'x'",
      'UPDATE book_entries SET issued_at = now()',
      'UPDATE book_entries SET seq = seq + 1',
      'DELETE FROM carrier_orders',
    ])
      await expect(asApp(statement), statement).rejects.toThrow(DENIED)
    // The product's own changes still work.
    const line = await db.bookEntry.findFirstOrThrow({ where: { carrierId: 'viettel' } })
    const row = {
      order: line.orderId,
      imei: line.imei,
      outcome: 'applied',
      at: new Date().toISOString(),
    } as const
    expect(await acknowledge('viettel', 1, new Date())).toMatchObject({ ok: true })
    expect(await recordResults('viettel', [row], new Date())).toMatchObject([{ status: 'recorded' }])
  })

  test('may not change or delete an answer of the survey, but for its way into the figures', async () => {
    for (const table of [
      'survey_responses',
      'survey_kiosk_responses',
      'survey_invited_responses',
      'survey_invited_cells',
      'survey_kiosk_removals',
      'survey_receipts',
      'survey_dossier_codes',
      'survey_reply_changes',
      'survey_receipt_roots',
      'published_figures',
    ])
      await expect(asApp(`DELETE FROM ${table}`), table).rejects.toThrow(DENIED)
    for (const set of [
      "answers = '{}'",
      "agency_id = 'quan-1'",
      'with_code = true',
      'service_date = now()',
      'same_network = false',
    ])
      await expect(asApp(`UPDATE survey_responses SET ${set}`), set).rejects.toThrow(DENIED)
    for (const set of ["answers = '{}'", "agency_id = 'quan-1'", 'person = true', 'service_date = now()'])
      await expect(asApp(`UPDATE survey_kiosk_responses SET ${set}`), set).rejects.toThrow(DENIED)
    await expect(asApp("UPDATE published_figures SET name = 'x'")).rejects.toThrow(DENIED)
    // Each month is a table of its own.
    const { rows } = await superuser.query<{ name: string }>(
      `SELECT inhrelid::regclass::text AS name FROM pg_inherits
       WHERE inhparent = ANY (ARRAY['survey_responses', 'survey_receipts']::regclass[])`,
    )
    expect(rows.length).toBeGreaterThan(2)
    for (const { name } of rows) {
      await expect(asApp(`DELETE FROM ${name}`), name).rejects.toThrow(DENIED)
      await expect(asApp(`UPDATE ${name} SET received_month = received_month`), name).rejects.toThrow(DENIED)
    }
  })

  test('may not unsay an alert to auditors: it grows, and is marked as read once', async () => {
    const [one, auditor] = [await makeStaff('officer'), await makeStaff('auditor')]
    await superuser.query(
      `INSERT INTO lookup_alerts (id, account_id, since, raised_at, last_at, count)
       VALUES (gen_random_uuid(), $1, now(), now(), now(), 40)`,
      [one.id],
    )
    await expect(asApp('DELETE FROM lookup_alerts')).rejects.toThrow(DENIED)
    await expect(asApp('UPDATE lookup_alerts SET account_id = $1::uuid', auditor.id)).rejects.toThrow(DENIED)
    await expect(asApp('UPDATE lookup_alerts SET count = 1')).rejects.toThrow(/cannot be changed/)
    expect(await asApp('UPDATE lookup_alerts SET count = count + 1, last_at = now()')).toBe(1)
    expect(await asApp('UPDATE lookup_alerts SET seen_at = now(), seen_by_id = $1::uuid', auditor.id)).toBe(1)
    await expect(asApp('UPDATE lookup_alerts SET seen_at = NULL, seen_by_id = NULL')).rejects.toThrow(
      /cannot be changed/,
    )
  })

  test('may not take a carrier’s word out, nor say that one person decided on it', async () => {
    const line = await db.bookEntry.findFirstOrThrow({ where: { carrierId: 'viettel' } })
    const row = { order: line.orderId, imei: line.imei, outcome: 'rejected', code: 'shared_imei' } as const
    await recordResults('viettel', [{ ...row, at: new Date().toISOString() }], new Date())
    await expect(asApp('DELETE FROM shared_words')).rejects.toThrow(DENIED)
    await expect(asApp("UPDATE shared_words SET carrier_id = 'gmobile'")).rejects.toThrow(DENIED)
    await expect(asApp("UPDATE shared_words SET state = 'dismissed'")).rejects.toThrow(/dismissed_by_two/)
  })
})

describe('a block that nobody decided', () => {
  const line = (orderId: string, imei: string, seq: number, more = { action: 'block', reason: 'robbed' }) =>
    asApp(
      `INSERT INTO book_entries (carrier_id, seq, order_id, imei, action, reason, legal_basis, issued_at)
       VALUES ('viettel', $1, $2::uuid, $3, $4::order_action, $5::order_reason, '', now())`,
      seq,
      orderId,
      imei,
      more.action,
      more.reason,
    )

  test('is refused: a line is on a number of its order’s case', async () => {
    const other = await makeProvenCase()
    const order = await db.carrierOrder.findFirstOrThrow({ where: { caseId: made.id, carrierId: 'viettel' } })
    for (const imei of [randomImei(), other.imeis[0] ?? ''])
      await expect(line(order.id, imei, 2)).rejects.toThrow(/on a number of its order's case/)
    expect(await db.bookEntry.count({ where: { carrierId: 'viettel' } })).toBe(1)
  })

  test('is refused: a line says what its order says, in its own carrier’s book', async () => {
    const orders = await db.carrierOrder.findMany({ where: { caseId: made.id } })
    const mine = orders.find(({ carrierId }) => carrierId === 'viettel')
    const theirs = orders.find(({ carrierId }) => carrierId === 'gmobile')
    await superuser.query('INSERT INTO case_imeis VALUES ($1, 2, $2, $3, false, false)', [
      made.id,
      '35678910123456',
      '356789101234563',
    ])
    const imei = '356789101234563'
    const unblock = { action: 'unblock', reason: 'wrong' }
    await expect(line(mine?.id ?? '', imei, 2, unblock)).rejects.toThrow(/says what its order says/)
    await expect(line(theirs?.id ?? '', imei, 2)).rejects.toThrow(/says what its order says/)
    // Nor for an IMEI of the case that two people have not confirmed.
    await expect(line(mine?.id ?? '', imei, 2)).rejects.toThrow(/takes two people/)
  })

  test('of a case whose data was erased only numbers that its book has are ordered', async () => {
    await superuser.query("UPDATE cases SET state = 'unblocked', erased_at = now() WHERE id = $1", [made.id])
    await superuser.query('DELETE FROM case_imeis WHERE case_id = $1', [made.id])
    const id = randomUUID()
    await superuser.query(
      `INSERT INTO carrier_orders (id, case_id, carrier_id, action, reason, legal_basis, state, issued_at, due_at)
       VALUES ($1, $2, 'viettel', 'unblock', 'wrong', '', 'sent', now(), now())`,
      [id, made.id],
    )
    const unblock = { action: 'unblock', reason: 'wrong' }
    await expect(line(id, randomImei(), 2, unblock)).rejects.toThrow(/on a number of its order's case/)
    expect(await line(id, made.imeis[0] ?? '', 2, unblock)).toBe(1)
  })
})
