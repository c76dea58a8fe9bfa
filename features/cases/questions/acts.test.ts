import { randomUUID } from 'node:crypto'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { readQuestions, recordAnswers } from '#features/exchange/questions/acts.ts'
import { listQuestions } from '#features/exchange/questions/data.ts'
import type { SimAnswer } from '#features/exchange/questions/rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { citizenScope, staffScope } from '#lib/access/scope.ts'
import { err } from '#lib/result.ts'
import { addMilliseconds, DAY } from '#lib/time.ts'
import { closeSignals } from '#platform/signals.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { type MadeCase, makeCase, move } from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { askCarrierOfCase } from './acts.ts'

afterAll(closeSignals)

const now = new Date()
const NUMBER = '+84901234567'
const never = new AbortController().signal

let officer: StaffActor
let made: MadeCase
beforeEach(async () => {
  officer = await makeStaff('officer', { unitId: 'quan-3' })
  made = await makeCase({ particulars: { phoneNumbers: [NUMBER, '+84321234567'] } })
  await db.consent.create({
    data: { caseId: made.id, purpose: 'sim_question', version: '2026-11-24', at: now },
  })
})

const ask = (
  change: { submitKey?: string; askNumber?: number; askImei?: string; askCarrier?: string } = {},
  actor = officer,
  at = now,
) => {
  const [askImei = ''] = made.imeis
  const input = {
    number: made.number,
    submitKey: randomUUID(),
    askNumber: 0,
    askImei,
    askCarrier: 'mobifone',
  }
  return askCarrierOfCase(actor, { ...input, ...change }, at)
}
async function read(carrierId = 'mobifone', after = 0, wait = 0) {
  return must(await readQuestions(carrierId, { after, limit: 100, wait }, never))
}
const idOf = async () => (await db.carrierQuestion.findFirstOrThrow({ where: { open: true } })).id
async function answer(carrierId: string, question: string, said: SimAnswer, at = now) {
  const [receipt] = await recordAnswers(carrierId, [{ question, answer: said }], at)
  return receipt?.status
}
const acts = async () => {
  const entries = await db.auditEntry.findMany({ where: { act: { startsWith: 'question.' } } })
  return entries.map(({ act, actorKind }) => `${actorKind} ${act}`).sort()
}

describe('asking a carrier', () => {
  test('wakes it, gives it the number once it reads, and brings its answer back to the file', async () => {
    const waiting = read('mobifone', 0, 20)
    expect(await ask()).toEqual({ ok: true, value: true })
    const [entry] = (await waiting).entries
    expect(entry).toMatchObject({ seq: 1, msisdn: NUMBER, imei: made.imeis[0] })
    expect(await answer('mobifone', entry?.question ?? '', 'yes', addMilliseconds(now, 60_000))).toBe(
      'recorded',
    )
    expect(await read()).toMatchObject({ next: 1, head: 1, entries: [] })
    const scope = staffScope(officer)
    expect(scope && (await listQuestions(scope, made.id))).toMatchObject([
      { carrierName: 'MobiFone', msisdn: NUMBER, answer: 'yes', answeredAt: addMilliseconds(now, 60_000) },
    ])
    expect(await acts()).toEqual(['carrier question.answer', 'carrier question.read', 'staff question.ask'])
    // Asking and answering leave the case as it is: the officers who have it open are not disturbed.
    expect(await db.case.findFirstOrThrow()).toMatchObject({ version: 1, state: 'submitted' })
  })

  test('needs the consent, an open case, the scope, and what stands in the file', async () => {
    const refusals = [
      ask({}, await makeStaff('officer', { unitId: 'quan-1' })),
      ask({}, await makeStaff('relay')),
      ask({ askNumber: 2 }),
      ask({ askImei: '356789100000007' }),
      ask({ askCarrier: 'none' }),
    ]
    const told = (await Promise.all(refusals)).map((refused) => !refused.ok && refused.error)
    expect(told).toEqual(['not_found', 'forbidden', 'no_such_number', 'no_such_imei', 'no_such_carrier'])
    await move(made.id, officer, { move: 'take' })
    await move(made.id, officer, { move: 'reject', reasonCode: 'not_owner' })
    expect(await ask()).toMatchObject({ error: 'closed' })
    await db.consent.deleteMany({ where: { purpose: 'sim_question' } })
    made = await makeCase({ particulars: { phoneNumbers: [NUMBER] } })
    expect(await ask()).toMatchObject({ error: 'no_consent' })
    expect(await db.carrierQuestion.count()).toBe(0)
    expect(await read()).toMatchObject({ head: 0 })
  })

  test('is once for a form and once for number, IMEI and carrier, however often and at once', async () => {
    const submitKey = randomUUID()
    const form = await Promise.all([ask({ submitKey }), ask({ submitKey }), ask({ submitKey })])
    expect(form.every(({ ok }) => ok)).toBe(true)
    const again = await Promise.all([ask(), ask(), ask()])
    expect(again.map((one) => !one.ok && one.error)).toEqual(Array(3).fill('asked'))
    // The number may have been ported: another carrier may be asked the same.
    expect(await ask({ askCarrier: 'viettel' })).toMatchObject({ ok: true })
    expect(await ask({ askNumber: 1 })).toMatchObject({ ok: true })
    expect((await read()).entries.map(({ seq }) => seq)).toEqual([1, 2])
  })

  test('expires after seven days: it is given out and answered no more, and may be asked again', async () => {
    const long = addMilliseconds(now, -7 * DAY)
    await ask({}, officer, long)
    const question = await idOf()
    expect((await read()).entries).toEqual([])
    expect(await answer('mobifone', question, 'yes')).toBe('unknown')
    expect(await ask()).toMatchObject({ ok: true })
    expect((await read()).entries.map(({ seq }) => seq)).toEqual([2])
  })
})

describe('a carrier’s answer', () => {
  test('is recorded once; the first one stands, another carrier’s is refused, and none is from the future', async () => {
    await ask()
    const question = await idOf()
    expect(await answer('viettel', question, 'no')).toBe('unknown')
    expect(await answer('mobifone', randomUUID(), 'no')).toBe('unknown')
    const future = { question, answer: 'no', at: addMilliseconds(now, DAY).toISOString() } as const
    expect(await recordAnswers('mobifone', [future], now)).toMatchObject([{ status: 'unknown' }])
    const twice = await recordAnswers(
      'mobifone',
      [
        { question: question.toUpperCase(), answer: 'unknown' },
        { question, answer: 'unknown' },
        { question, answer: 'yes' },
      ],
      now,
    )
    expect(twice.map(({ status }) => status)).toEqual(['recorded', 'duplicate', 'duplicate'])
    expect(twice[2]?.detail).toContain('first answer stands')
    await expect(db.carrierQuestion.updateMany({ data: { answer: 'yes' } })).rejects.toThrow()
    expect(await acts()).toEqual(['carrier question.answer', 'staff question.ask'])
  })

  test('is read in the case’s own scope only, and the number goes with the case’s key', async () => {
    await ask()
    const [row] = await superuser
      .query('SELECT carrier_questions::text AS text FROM carrier_questions')
      .then(({ rows }) => rows as { text: string }[])
    expect(row?.text).not.toContain(Buffer.from('901234567').toString('hex'))
    const other = await makeStaff('officer', { unitId: 'quan-1' })
    const scope = staffScope(other)
    expect(scope && (await listQuestions(scope, made.id))).toEqual([])
    expect(await listQuestions(citizenScope(made.id, 'full'), made.id)).toHaveLength(1)
    // Nothing erases a whole case yet, so this tests what goes with its key without the case.
    await superuser.query(
      `SET session_replication_role = replica; DELETE FROM cases WHERE id = '${made.id}';
       SET session_replication_role = DEFAULT`,
    )
    await db.caseKey.delete({ where: { caseId: made.id } })
    expect(await db.carrierQuestion.count()).toBe(0)
  })
})

test('a carrier that gets letters cannot be asked: its keys open no questions', async () => {
  await superuser.query(`UPDATE carriers SET way = 'letter' WHERE id = 'mobifone'`)
  expect(await ask()).toEqual(err('no_such_carrier'))
})
