import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { checkPhone } from '#features/check/acts.ts'
import { carrierStates } from '#features/exchange/case-orders/data.ts'
import { askExemption } from '#features/exchange/exemptions/acts.ts'
import { retryOrder } from '#features/exchange/orders/acts.ts'
import { recordResults } from '#features/exchange/results/acts.ts'
import { askSharedWords } from '#features/exchange/shared-words/acts.ts'
import { waitingWords } from '#features/exchange/shared-words/data.ts'
import { countTasks, listCaseTasks } from '#features/tasks/data.ts'
import type { Actor, StaffReader } from '#lib/access/actor.ts'
import { citizenScope } from '#lib/access/scope.ts'
import { err } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR } from '#lib/time.ts'
import { closeSignals } from '#platform/signals.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import {
  AGREES,
  type MadeCase,
  makeBlockingCase,
  makeCase,
  makePolice,
  makeProof,
  move,
  openProof,
  randomImei,
  stateOf,
} from '#tests/factories/case.ts'
import { confirmExemption, confirmSharedWords } from '#tests/factories/second-person.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { runClocks } from '../clocks/acts.ts'
import { type DecisionInput, decideCase } from '../decisions/acts.ts'
import { readQueuePage } from '../queue/page-data.ts'
import { WHOLE_QUEUE } from '../queue/rules.ts'
import { settleCase } from '../settling/acts.ts'

afterAll(closeSignals)

const now = new Date()
const CARRIERS = ['gmobile', 'mobifone', 'viettel', 'vietnamobile', 'vinaphone'] as const

async function answer(
  imei: string,
  carrierId: string,
  told: 'applied' | 'shared_imei',
  { at = now, by }: { at?: Date; by?: Actor } = {},
) {
  const line = await db.bookEntry.findFirstOrThrow({ where: { carrierId, imei }, orderBy: { seq: 'desc' } })
  const row = { order: line.orderId, imei, at: at.toISOString() }
  const said =
    told === 'applied' ? { ...row, outcome: told } : { ...row, outcome: 'rejected' as const, code: told }
  const [answered] = await recordResults(carrierId, [said], at, by)
  return answered?.status
}

const decision = async (number: string, what: DecisionInput['decision']): Promise<DecisionInput> => ({
  number,
  version: (await db.case.findUniqueOrThrow({ where: { number } })).version,
  submitKey: randomUUID(),
  decision: what,
  reason: 'Đã xem giấy tờ mua máy.',
  check: AGREES,
})
async function decideSeen(actor: StaffReader, { id, number }: MadeCase, what: DecisionInput['decision']) {
  await openProof(actor, id, now)
  return decideCase(actor, await decision(number, what), now)
}

const caseOf = (id: string) => db.case.findUniqueOrThrow({ where: { id } })
const told = async (imei: string, carrierId: string) =>
  (await db.bookEntry.findMany({ where: { carrierId, imei }, orderBy: { seq: 'asc' } })).map(
    (line) => `${line.action} ${line.reason}`,
  )
const unblocks = (id: string) => db.carrierOrder.count({ where: { caseId: id, action: 'unblock' } })
const publicly = async (imei: string) => {
  const checked = await checkPhone(imei, randomUUID(), now)
  return checked.ok && checked.value.result
}
const eventsOf = async (caseId: string) =>
  (await db.caseEvent.findMany({ where: { caseId }, orderBy: { seq: 'asc' } })).map((event) => event.move)
const mailed = async (notice: string) => {
  const { rows } = await superuser.query(
    "SELECT data->>'accountId' AS id FROM pgboss.job WHERE name = 'account-notice' AND data->>'notice' = $1",
    [notice],
  )
  return rows.map(({ id }) => id as string)
}

/** Makes a case that waits for its carriers, and two people of city police. */
async function makeSaid(imeis = [randomImei()]) {
  const made = await makeBlockingCase({ now, imeis })
  const city = [await makeStaff('city_police'), await makeStaff('city_police')] as const
  return { ...made, imei: imeis[0] ?? '', city }
}

describe('attack: one carrier’s key says `shared_imei`', () => {
  test('no block is lifted at any carrier, and the phone stays on the public check', async () => {
    const made = await makeSaid()
    expect(await answer(made.imei, 'gmobile', 'shared_imei')).toBe('recorded')
    await Promise.all([settleCase(made.id, now), settleCase(made.id, now)])
    expect(await unblocks(made.id)).toBe(0)
    for (const carrier of CARRIERS) expect(await told(made.imei, carrier)).toEqual(['block robbed'])
    expect(await publicly(made.imei)).toBe('reported')
    expect(await caseOf(made.id)).toMatchObject({ state: 'blocking', held: null, sharedAt: null })
  })

  test('for each IMEI, again, and late, it lifts nothing either', async () => {
    const imeis = [randomImei(), randomImei()]
    const made = await makeSaid(imeis)
    for (const imei of [...imeis, ...imeis]) {
      const status = await answer(imei, 'gmobile', 'shared_imei')
      expect(['recorded', 'duplicate']).toContain(status)
      await settleCase(made.id, now)
    }
    expect((await eventsOf(made.id)).filter((one) => one === 'shared_said')).toHaveLength(1)
    for (const imei of imeis) expect(await publicly(imei)).toBe('reported')
    expect(await unblocks(made.id)).toBe(0)
    await move(made.id, made.city[0], { move: 'keep_shared', text: 'Đúng máy' }, now)
    await move(made.id, made.city[1], { move: 'confirm_keep_shared', text: 'Đồng ý' }, now)
    expect(await answer(made.imei, 'gmobile', 'shared_imei')).toBe('duplicate')
    await settleCase(made.id, now)
    expect(await unblocks(made.id)).toBe(0)
    expect((await caseOf(made.id)).sharedDueAt).toBeNull()
  })

  test('about another carrier’s order it is unknown, and says nothing', async () => {
    const made = await makeSaid()
    const theirs = await db.bookEntry.findFirstOrThrow({ where: { carrierId: 'viettel', imei: made.imei } })
    const row = { order: theirs.orderId, imei: made.imei, outcome: 'rejected', code: 'shared_imei' } as const
    const [answered] = await recordResults('gmobile', [{ ...row, at: now.toISOString() }], now)
    expect(answered?.status).toBe('unknown')
    await settleCase(made.id, now)
    expect(await db.sharedWord.count()).toBe(0)
    expect(await eventsOf(made.id)).not.toContain('shared_said')
  })

  test('after it said that the phone is blocked it contradicts itself, and nothing happens', async () => {
    const made = await makeSaid()
    await answer(made.imei, 'gmobile', 'applied')
    expect(await answer(made.imei, 'gmobile', 'shared_imei')).toBe('contradicts')
    expect(await db.sharedWord.count()).toBe(0)
  })

  test('of a temporary block it lifts nothing', async () => {
    const { officer, supervisor } = await makePolice()
    const made = await makeCase({ now })
    const [imei = ''] = made.imeis
    await makeProof(made.id)
    expect(await decideSeen(officer, made, 'hold')).toMatchObject({ ok: true })
    expect(await decideSeen(supervisor, made, 'confirm_hold')).toMatchObject({ ok: true })
    await answer(imei, 'mobifone', 'shared_imei')
    await settleCase(made.id, now)
    expect(await told(imei, 'viettel')).toEqual(['block hold'])
    const { held, holdUntil } = await caseOf(made.id)
    expect(held).toBeNull()
    expect(holdUntil).not.toBeNull()
    expect((await caseOf(made.id)).sharedDueAt).not.toBeNull()
    // It ends in its time like any other block, and the question ends with it.
    await runClocks(holdUntil ?? now)
    expect(await told(imei, 'viettel')).toEqual(['block hold', 'unblock expired'])
    expect((await caseOf(made.id)).sharedDueAt).toBeNull()
  })

  test('of six orders a day, the sixth waits for the relay: police are not called, and the relay is told', async () => {
    const [one, two] = [await makeStaff('relay'), await makeStaff('relay')]
    await makeStaff('city_police')
    const police = await makePolice()
    const made: MadeCase[] = []
    for (let count = 0; count < 6; count++) made.push(await makeBlockingCase({ now }, police))
    for (const { id, imeis } of made) {
      await answer(imeis[0] ?? '', 'gmobile', 'shared_imei')
      await settleCase(id, now)
    }
    const called = await db.case.findMany({ where: { sharedDueAt: { not: null } } })
    expect(called).toHaveLength(5)
    const sixth = made.find(({ id }) => !called.some((one) => one.id === id)) as MadeCase
    expect(await db.carrierFlag.findMany({ where: { carrierId: 'gmobile', endedAt: null } })).toMatchObject([
      { kind: 'shared_many', facts: { words: 1 } },
    ])
    const { rows } = await superuser.query(
      "SELECT data->>'toId' AS id FROM pgboss.job WHERE name = 'exchange-notice' AND data->'notice'->>'template' = 'flag_shared_many' AND data->>'to' = 'staff'",
    )
    expect(rows.map(({ id }) => id)).toEqual(expect.arrayContaining([one.id, two.id]))
    // Only the relay is told which case it is.
    expect(await waitingWords(one, 'gmobile', now)).toEqual({ count: 1, cases: [sixth.number], asked: null })
    expect(await waitingWords(police.officer, 'gmobile', now)).toBeNull()
    // A second carrier's report does not join one that waits.
    await answer(sixth.imeis[0] ?? '', 'viettel', 'shared_imei')
    await settleCase(sixth.id, now)
    expect(await unblocks(sixth.id)).toBe(0)

    const asked = { carrierId: 'gmobile', verdict: 'count', note: 'Đã gọi trực ban.' } as const
    const key = () => ({ submitKey: randomUUID() })
    expect(await askSharedWords(police.officer, { ...asked, ...key() }, now)).toEqual(err('forbidden'))
    expect(await confirmSharedWords(two, { ...asked, ...key() }, now)).toMatchObject({
      error: 'request_gone',
    })
    expect(await askSharedWords(one, { ...asked, ...key() }, now)).toMatchObject({ ok: true })
    expect(await confirmSharedWords(one, { ...asked, ...key() }, now)).toMatchObject({ error: 'own_request' })
    expect(await confirmSharedWords(two, { ...asked, ...key() }, now)).toMatchObject({ ok: true })
    await settleCase(sixth.id, now)
    expect(await unblocks(sixth.id)).toBe(5)
    expect(await db.carrierFlag.count({ where: { endedAt: null } })).toBe(0)
  })

  test('words that two of the relay dismiss call nobody; one person cannot write that into the database', async () => {
    const [one, two] = [await makeStaff('relay'), await makeStaff('relay')]
    const police = await makePolice()
    const made: MadeCase[] = []
    for (let count = 0; count < 7; count++) made.push(await makeBlockingCase({ now }, police))
    for (const { imeis } of made.slice(0, 6)) await answer(imeis[0] ?? '', 'gmobile', 'shared_imei')
    const asked = { carrierId: 'gmobile', verdict: 'dismiss', note: 'Khóa bị lộ.' } as const
    await askSharedWords(one, { ...asked, submitKey: randomUUID() }, now)
    await expect(
      superuser.query(
        "UPDATE shared_words SET state = 'dismissed', verdict = 'dismiss', note = '', asked_by_id = $1, decided_by_id = $1 WHERE state = 'waiting'",
        [one.id],
      ),
    ).rejects.toThrow(/shared_words_decided_by_two/)
    // The second person has not seen a report that came after the request.
    await answer(made[6]?.imeis[0] ?? '', 'gmobile', 'shared_imei', { at: addMilliseconds(now, 1) })
    expect(await confirmSharedWords(two, { ...asked, submitKey: randomUUID() }, now)).toMatchObject({
      ok: true,
    })
    for (const { id } of made) await settleCase(id, now)
    expect(await db.case.count({ where: { sharedDueAt: { not: null } } })).toBe(5)
    const words = await db.sharedWord.findMany({ where: { state: { in: ['dismissed', 'waiting'] } } })
    expect(words.map(({ state, decidedById }) => [state, decidedById]).toSorted()).toEqual([
      ['dismissed', two.id],
      ['waiting', null],
    ])
    expect(await db.carrierFlag.count({ where: { kind: 'shared_many', endedAt: null } })).toBe(1)
    const acts = { act: { startsWith: 'carrier.shared_words' } }
    expect(await db.auditEntry.findMany({ where: acts, orderBy: { id: 'asc' } })).toMatchObject([
      { act: 'carrier.shared_words_asked', actorId: one.id, facts: { words: 1, verdict: 'dismiss' } },
      { act: 'carrier.shared_words_confirmed', actorId: two.id, facts: { words: 1, verdict: 'dismiss' } },
    ])
  })
})

describe('one carrier’s word', () => {
  test('leaves its own order undone, calls city police within 4 hours, and tells the reporter', async () => {
    const made = await makeSaid()
    const [first, second] = made.city
    const district = made.police.supervisor
    await answer(made.imei, 'mobifone', 'shared_imei')
    await settleCase(made.id, now)
    const due = addMilliseconds(now, 4 * HOUR)
    expect(await caseOf(made.id)).toMatchObject({ sharedDueAt: due, needsWork: true })
    const carriers = await carrierStates(citizenScope(made.id, 'full'), made.id)
    expect(carriers.filter(({ state }) => state === 'failed')).toMatchObject([
      { carrierId: 'mobifone', failureCode: 'shared_imei' },
    ])
    expect((await mailed('case_shared_imei')).toSorted()).toEqual([first.id, second.id].toSorted())
    expect(await countTasks(first, now)).toMatchObject({ shared_imei: 1 })
    expect(await listCaseTasks(first, now)).toMatchObject([{ kind: 'shared_imei', actBy: due }])
    expect((await countTasks(district, now)).shared_imei).toBeUndefined()
    const notice = await db.notice.findMany({ where: { template: 'shared_said' } })
    expect(notice).toHaveLength(1)
    // The case is in city police’s list, by its own due time, and moves up when that is over.
    const filter = { ...WHOLE_QUEUE, view: 'conflicts', flag: 'shared_imei' } as const
    const list = await readQueuePage(first, filter, null, addMilliseconds(now, 5 * HOUR))
    expect(list?.rows.map(({ id, actBy, held }) => [id, actBy, held])).toEqual([
      [made.id, due, 'shared_imei'],
    ])
  })

  test('the other carriers go on, and the case is blocked once the one is exempted', async () => {
    const made = await makeSaid()
    const [one, two] = [await makeStaff('relay'), await makeStaff('relay')]
    for (const carrier of CARRIERS)
      await answer(made.imei, carrier, carrier === 'mobifone' ? 'shared_imei' : 'applied')
    await settleCase(made.id, now)
    expect(await stateOf(made.id)).toBe('blocking')
    const order = await db.carrierOrder.findFirstOrThrow({
      where: { caseId: made.id, carrierId: 'mobifone' },
    })
    const asked = { orderId: order.id, reason: 'Nhà mạng thấy nhiều máy.' }
    expect(await askExemption(one, { ...asked, submitKey: randomUUID() }, now)).toMatchObject({ ok: true })
    expect(await confirmExemption(two, { ...asked, submitKey: randomUUID() }, now)).toMatchObject({
      ok: true,
    })
    await settleCase(made.id, now)
    expect(await caseOf(made.id)).toMatchObject({ state: 'blocked' })
    expect((await caseOf(made.id)).sharedDueAt).not.toBeNull()
  })

  test('is not answered once a second carrier has said the same: then the block is lifted', async () => {
    const made = await makeSaid()
    const [first, second] = made.city
    await answer(made.imei, 'mobifone', 'shared_imei')
    await settleCase(made.id, now)
    expect(await decideSeen(first, made, 'keep_shared')).toMatchObject({ ok: true })
    // The job that settles the case has not run yet.
    await answer(made.imei, 'gmobile', 'shared_imei')
    expect(await decideSeen(second, made, 'confirm_keep_shared')).toMatchObject({ error: 'changed' })
    await settleCase(made.id, now)
    expect(await unblocks(made.id)).toBe(5)
    expect(await caseOf(made.id)).toMatchObject({ state: 'under_review', held: 'shared_imei' })
  })

  test('two of city police who opened the proof lift the block; one alone, or unseen, does not', async () => {
    const made = await makeSaid()
    const [first, second] = made.city
    await answer(made.imei, 'mobifone', 'shared_imei')
    await settleCase(made.id, now)
    expect(await decideCase(first, await decision(made.number, 'lift_shared'), now)).toMatchObject({
      error: 'proof_unseen',
    })
    expect(await decideSeen(made.police.supervisor, made, 'lift_shared')).toMatchObject({
      error: 'forbidden',
    })
    expect(await decideSeen(first, made, 'lift_shared')).toMatchObject({ ok: true })
    expect(await decideSeen(first, made, 'confirm_lift_shared')).toMatchObject({ error: 'own_proposal' })
    expect(await decideCase(second, await decision(made.number, 'confirm_lift_shared'), now)).toMatchObject({
      error: 'proof_unseen',
    })
    expect(await unblocks(made.id)).toBe(0)
    expect((await countTasks(first, now)).shared_imei).toBeUndefined()
    const confirm = await decision(made.number, 'confirm_lift_shared')
    await openProof(second, made.id, now)
    const twice = await Promise.all([decideCase(second, confirm, now), decideCase(second, confirm, now)])
    expect(twice).toMatchObject([{ ok: true }, { ok: true }])
    expect(await unblocks(made.id)).toBe(5)
    expect(await publicly(made.imei)).toBe('not_reported')
    expect(await caseOf(made.id)).toMatchObject({
      state: 'under_review',
      held: 'shared_imei',
      sharedDueAt: null,
    })
    expect(await db.notice.count({ where: { template: 'confirm_lift_shared' } })).toBe(1)

    // City police may block again or reject; the district may not.
    expect(await decideSeen(made.police.supervisor, made, 'verify')).toMatchObject({ error: 'held' })
    expect(await decideSeen(first, made, 'verify')).toMatchObject({ ok: true })
    expect(await decideSeen(second, made, 'approve')).toMatchObject({ ok: true })
    // They have insisted, so the same report asks nothing new.
    for (const carrier of ['mobifone', 'gmobile']) await answer(made.imei, carrier, 'shared_imei')
    await settleCase(made.id, now)
    expect(await caseOf(made.id)).toMatchObject({ state: 'blocking', held: null, sharedDueAt: null })
  })

  test('two of city police keep the block, and the same carrier’s word on a newer order asks nothing new', async () => {
    const made = await makeSaid()
    const [first, second] = made.city
    await answer(made.imei, 'mobifone', 'shared_imei')
    await settleCase(made.id, now)
    expect(await decideSeen(first, made, 'keep_shared')).toMatchObject({ ok: true })
    expect(await decideSeen(second, made, 'confirm_lift_shared')).toMatchObject({ error: 'not_proposed' })
    expect(await decideSeen(second, made, 'confirm_keep_shared')).toMatchObject({ ok: true })
    expect(await caseOf(made.id)).toMatchObject({
      state: 'blocking',
      sharedDueAt: null,
      sharedProposedById: null,
    })
    expect(await db.notice.count({ where: { template: 'confirm_keep_shared' } })).toBe(1)
    const failed = await db.carrierOrder.findFirstOrThrow({ where: { caseId: made.id, state: 'failed' } })
    const relay = await makeStaff('relay')
    expect(
      await retryOrder(relay, { orderId: failed.id, submitKey: randomUUID() }, addMilliseconds(now, 1)),
    ).toMatchObject({ ok: true })
    await answer(made.imei, 'mobifone', 'shared_imei', { at: addMilliseconds(now, 1000) })
    await settleCase(made.id, now)
    expect((await caseOf(made.id)).sharedDueAt).toBeNull()
    expect(await unblocks(made.id)).toBe(0)
    // Another carrier’s report is new: with the first one’s it lifts the block.
    await answer(made.imei, 'gmobile', 'shared_imei')
    await settleCase(made.id, now)
    expect(await unblocks(made.id)).toBe(5)
  })

  test('a carrier that corrects itself has not spoken for the one that comes after', async () => {
    const made = await makeSaid()
    await answer(made.imei, 'mobifone', 'shared_imei')
    await answer(made.imei, 'mobifone', 'applied')
    await answer(made.imei, 'gmobile', 'shared_imei')
    await settleCase(made.id, now)
    expect(await unblocks(made.id)).toBe(0)
    expect((await caseOf(made.id)).sharedDueAt).not.toBeNull()
  })

  test('while an unblock is decided it calls city police as well', async () => {
    const made = await makeSaid()
    for (const carrier of CARRIERS)
      await answer(made.imei, carrier, carrier === 'mobifone' ? 'shared_imei' : 'applied')
    await move(made.id, { kind: 'citizen' }, { move: 'request_unblock' }, now)
    await settleCase(made.id, now)
    expect(await caseOf(made.id)).toMatchObject({ state: 'unblock_review' })
    expect((await caseOf(made.id)).sharedDueAt).not.toBeNull()
  })
})

describe('two carriers', () => {
  test('that say so of one IMEI, each by itself, have the block lifted at once, in whatever order they answer', async () => {
    for (const together of [true, false]) {
      const made = await makeSaid()
      await answer(made.imei, 'viettel', 'applied')
      const said = () => answer(made.imei, 'gmobile', 'shared_imei')
      if (together) await Promise.all([said(), answer(made.imei, 'mobifone', 'shared_imei')])
      else {
        await said()
        await settleCase(made.id, now)
        expect(await unblocks(made.id)).toBe(0)
        await answer(made.imei, 'mobifone', 'shared_imei')
      }
      await Promise.all([settleCase(made.id, now), settleCase(made.id, now)])
      for (const carrier of ['viettel', 'mobifone', 'vinaphone'])
        expect(await told(made.imei, carrier)).toEqual(['block robbed', 'unblock wrong'])
      expect(await publicly(made.imei)).toBe('not_reported')
      expect(await caseOf(made.id)).toMatchObject({
        state: 'under_review',
        held: 'shared_imei',
        sharedDueAt: null,
        needsWork: true,
      })
    }
  })

  test('that say so of two IMEIs of one case do not agree', async () => {
    const imeis = [randomImei(), randomImei()]
    const made = await makeSaid(imeis)
    await answer(imeis[0] ?? '', 'gmobile', 'shared_imei')
    await answer(imeis[1] ?? '', 'mobifone', 'shared_imei')
    await settleCase(made.id, now)
    expect(await unblocks(made.id)).toBe(0)
    await answer(imeis[0] ?? '', 'mobifone', 'shared_imei')
    await settleCase(made.id, now)
    expect(await unblocks(made.id)).toBe(10 / 2)
  })

  test('whose letters one person of the relay copied are not two', async () => {
    const made = await makeSaid()
    const relay = await makeStaff('relay')
    await answer(made.imei, 'gmobile', 'shared_imei', { by: relay })
    await answer(made.imei, 'mobifone', 'shared_imei', { by: relay })
    await answer(made.imei, 'viettel', 'shared_imei')
    await settleCase(made.id, now)
    expect(await unblocks(made.id)).toBe(0)
    expect((await caseOf(made.id)).sharedDueAt).not.toBeNull()
  })
})

test('what a carrier said two days ago does not count toward today’s five', async () => {
  const police = await makePolice()
  const before = addMilliseconds(now, -2 * DAY)
  const old = await makeBlockingCase({ now: before }, police)
  await answer(old.imeis[0] ?? '', 'gmobile', 'shared_imei', { at: before })
  for (let count = 0; count < 4; count++) {
    const { imeis } = await makeBlockingCase({ now }, police)
    await answer(imeis[0] ?? '', 'gmobile', 'shared_imei')
  }
  expect(await db.sharedWord.count({ where: { state: 'open' } })).toBe(5)
})
