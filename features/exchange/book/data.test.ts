import { createHash } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { err, ok } from '#lib/result.ts'
import { closeSignals } from '#platform/signals.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeBlockingCase, makePolice, randomImei } from '#tests/factories/case.ts'
import { must } from '#tests/must.ts'
import { changes } from './data.ts'
import { digestLine } from './rules.ts'

afterAll(closeSignals)

const never = new AbortController().signal
const CARRIERS = ['gmobile', 'mobifone', 'viettel', 'vietnamobile', 'vinaphone']

async function read(carrierId: string, after = 0, limit = 1000, wait = 0) {
  return must(await changes(carrierId, { after, limit, wait }, never))
}

describe('a carrier’s book', () => {
  test('is gapless and ascending from 1 after 20 approvals at once', async () => {
    const police = await makePolice()
    const cases = await Promise.all(
      Array.from({ length: 20 }, () => makeBlockingCase({ imeis: [randomImei(), randomImei()] }, police)),
    )
    const sent = cases.flatMap((made) => made.imeis).sort()
    for (const carrierId of CARRIERS) {
      const { entries, head, next } = await read(carrierId)
      expect(entries.map((line) => line.seq)).toEqual(Array.from({ length: 40 }, (_, index) => index + 1))
      expect([head, next]).toEqual([40, 40])
      expect(entries.map((line) => line.imei).sort()).toEqual(sent)
      // The lines of an order follow each other.
      for (const { order } of entries) {
        const [first, second] = entries.filter((line) => line.order === order)
        expect(second?.seq).toBe((first?.seq ?? 0) + 1)
      }
    }
  })

  test('is read from any place, and its checksum covers exactly the lines sent', async () => {
    await makeBlockingCase({ imeis: [randomImei(), randomImei(), randomImei()] })
    const middle = await read('viettel', 1, 1)
    expect(middle).toMatchObject({ after: 1, next: 2, head: 3 })
    const lines = middle.entries.map(digestLine).join('')
    expect(middle.sha256).toBe(createHash('sha256').update(lines).digest('hex'))
    expect(middle.entries[0]).toMatchObject({ seq: 2, action: 'block', reason: 'robbed' })
    expect(middle.entries[0]?.legalBasis).not.toBe('')
    expect(await read('viettel', 3)).toMatchObject({ after: 3, next: 3, head: 3, entries: [] })
    expect(await changes('viettel', { after: 4, limit: 1, wait: 30 }, never)).toMatchObject(
      err('beyond_head'),
    )
  })

  test('cannot be changed, though its outcome can', async () => {
    await makeBlockingCase()
    const where = { carrierId_seq: { carrierId: 'viettel', seq: 1n } }
    await expect(db.bookEntry.update({ where, data: { imei: randomImei() } })).rejects.toThrow()
    await expect(db.bookEntry.update({ where, data: { reason: 'lost' } })).rejects.toThrow()
    await db.bookEntry.update({ where, data: { outcome: 'applied' } })
    await expect(db.bookEntry.update({ where, data: { outcome: 'rejected' } })).rejects.toThrow()
  })
})

describe('waiting for a line', () => {
  /** Seconds. An answer within half of it did not come from the end of the wait. */
  const WAIT = 20
  const beforeItsTime = (began: number) => expect(performance.now() - began).toBeLessThan((WAIT * 1_000) / 2)

  test('ends when one is committed, and holds no connection meanwhile', async () => {
    const police = await makePolice()
    const waiting = Array.from({ length: 30 }, () => read('gmobile', 0, 100, WAIT))
    // Far more waits than the pool has connections: other work still goes on.
    const began = performance.now()
    await makeBlockingCase({}, police)
    const answers = await Promise.all(waiting)
    beforeItsTime(began)
    for (const answer of answers) expect(answer.entries).toHaveLength(1)
  })

  test('notices a line also when no signal comes through', async () => {
    await read('gmobile', 0, 100, 0.01)
    await superuser.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'signals'`,
    )
    const waiting = read('gmobile', 0, 100, WAIT)
    await makeBlockingCase()
    const committed = performance.now()
    expect((await waiting).entries).toHaveLength(1)
    beforeItsTime(committed)
  })

  test('ends empty when the time is up or the carrier hangs up', async () => {
    expect(await read('viettel', 0, 100, 0.05)).toMatchObject({ next: 0, head: 0, entries: [] })
    const hangUp = new AbortController()
    const waiting = changes('viettel', { after: 0, limit: 100, wait: 30 }, hangUp.signal)
    setTimeout(() => hangUp.abort(), 50)
    expect(await waiting).toMatchObject(ok({ entries: [] }))
  })
})
