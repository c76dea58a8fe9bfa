import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { settleCase } from '#features/cases/settling/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { systemScope } from '#lib/access/scope.ts'
import { err, ok } from '#lib/result.ts'
import { addMilliseconds, HOUR } from '#lib/time.ts'
import { env } from '#platform/env.ts'
import { closeSignals } from '#platform/signals.ts'
import { superuser } from '#tests/database.ts'
import { db, transaction } from '#tests/db.ts'
import {
  type MadeCase,
  makeBlockingCase,
  makeCase,
  makePolice,
  move,
  type Police,
  stateOf,
  unblock,
} from '#tests/factories/case.ts'
import {
  confirm as confirmApproval,
  confirmLast,
  confirmRelease,
  openApproval,
  refuse,
  withdraw,
} from '#tests/factories/second-person.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { sentThrice } from '#tests/sent-thrice.ts'
import { changes } from '../book/data.ts'
import { findLoads } from '../carriers/data.ts'
import { carrierStates, waitingFor, withheldReason } from '../case-orders/data.ts'
import { issueOrders } from '../issuing/acts.ts'
import { askRelease, sendBatch, setReleaseMode } from './acts.ts'
import { findRelease } from './data.ts'
import { runReleases } from './jobs.ts'

afterAll(closeSignals)

const now = new Date()
const CARRIERS = 5
const never = new AbortController().signal
const key = () => ({ submitKey: randomUUID() })
const reason = 'Đã gọi công an các quận, số liệu đúng.'

let police: Police
let [one, two] = [] as StaffActor[] as [StaffActor, StaffActor]
beforeEach(async () => {
  await makeStaff('auditor')
  police = await makePolice()
  one = await makeStaff('relay')
  two = await makeStaff('relay')
})

function bounds(orders: number, percent = 5): void {
  const settings = env() as { GUARD_ORDERS: number; GUARD_PERCENT: number }
  const before = { ...settings }
  Object.assign(settings, { GUARD_ORDERS: orders, GUARD_PERCENT: percent })
  onTestFinished(() => void Object.assign(settings, before))
}
const make = (count: number, at = now): Promise<(MadeCase & { police: Police })[]> =>
  Promise.all(Array.from({ length: count }, () => makeBlockingCase({ now: at }, police)))
const book = async (carrierId: string) => {
  const read = must(await changes(carrierId, { after: 0, limit: 1000, wait: 0 }, never))
  return read.entries
}
const states = async (made: MadeCase) =>
  (await db.carrierOrder.findMany({ where: { caseId: made.id } })).map(({ state }) => state)
const guardRelease = () => db.orderRelease.findFirstOrThrow({ where: { cause: 'guard', state: 'waiting' } })
const listed = async () => (await db.carrier.findUniqueOrThrow({ where: { id: 'viettel' } })).blocklistSize
async function decide(releaseId: string, outcome: 'sending' | 'withholding') {
  const asked = { releaseId, outcome, reason, ...key() }
  expect(await sentThrice(() => askRelease(one, asked, now))).toMatchObject({ ok: true })
  const confirmed = { ...asked, ...key() }
  expect(await sentThrice(() => confirmRelease(two, confirmed, now))).toMatchObject({ ok: true })
}

describe('the guard', () => {
  test('lets as many blocks go in an hour as it is told, however many come at once, and keeps the rest', async () => {
    bounds(4)
    const made = await make(10)
    expect(await book('viettel')).toHaveLength(4)
    expect(await listed()).toBe(4)
    expect(await db.carrierOrder.count({ where: { state: 'queued' } })).toBe(6 * CARRIERS)
    expect(await db.orderRelease.count()).toBe(1)
    const waits = (await Promise.all(made.map(states))).filter((all) => all.includes('queued'))
    // At every carrier or at none.
    for (const all of waits) expect(new Set(all)).toEqual(new Set(['queued']))
    const [waiting] = await db.carrierOrder.findMany({ where: { state: 'queued' }, take: 1 })
    const shown = await carrierStates(systemScope(), waiting?.caseId ?? '')
    expect(shown.map(({ state }) => state)).toEqual(Array(CARRIERS).fill('queued'))
    // The message of the approval says so.
    expect(await transaction((tx) => waitingFor(waiting?.caseId ?? '', 'block', tx))).toBe('all')
    const sent = made.find(({ id }) => id !== waiting?.caseId) as MadeCase
    if (!(await states(sent)).includes('queued'))
      expect(await transaction((tx) => waitingFor(sent.id, 'block', tx))).toBeNull()
    // All ten are of this hour; counting stops at the guard's bound.
    const bound = { orders: 4, percent: 5 }
    const loads = await transaction((tx) => findLoads(tx, ['viettel'], addMilliseconds(now, -HOUR), bound))
    expect(loads).toMatchObject([{ recent: 4 }])
    // An hour later the next one goes at once.
    const [later] = await make(1, addMilliseconds(now, HOUR + 1000))
    expect(await states(later as MadeCase)).toEqual(Array(CARRIERS).fill('sent'))
  })

  test('is not asked where a long list grows by little', async () => {
    bounds(2, 5)
    await db.carrier.updateMany({ data: { blocklistSize: 1000 } })
    await make(5)
    expect(await db.carrierOrder.count({ where: { state: 'queued' } })).toBe(0)
  })

  test('keeps a phone that passes to another case, where a second phone of that case is in the book', async () => {
    bounds(1)
    const inBook = await makeBlockingCase({ now }, police)
    const waits = await makeBlockingCase({ now }, police)
    const imeis = [...inBook.imeis, ...waits.imeis]
    const [{ id: caseId }, { id: releaseId }] = [await makeCase({ imeis }), await guardRelease()]
    // As when city police pass a block on.
    const passes = { blockFromId: inBook.id, holdUntil: addMilliseconds(now, HOUR) }
    await db.case.update({ where: { id: caseId }, data: passes })
    await db.caseImei.updateMany({ where: { caseId }, data: { isPublic: true } })
    const insteadOf = [inBook.id, waits.id]
    const request = { caseId, action: 'block', reason: 'robbed', imeis, insteadOf, at: now } as const
    await transaction((tx) => issueOrders(tx, request))
    const passed = await db.carrierOrder.findMany({
      where: { caseId, carrierId: 'viettel' },
      select: {
        state: true,
        releaseId: true,
        entries: { select: { imei: true } },
        queued: { select: { imeis: true } },
      },
      orderBy: { state: 'asc' },
    })
    expect(passed).toEqual([
      { state: 'queued', releaseId, entries: [], queued: { imeis: waits.imeis } },
      { state: 'sent', releaseId: null, entries: inBook.imeis.map((imei) => ({ imei })), queued: null },
    ])
    expect(await states(waits)).toEqual(Array(CARRIERS).fill('superseded'))
  })

  test('takes two people, who have seen the same; the book stays gapless', async () => {
    bounds(2)
    await make(5)
    const { id: releaseId } = await guardRelease()
    const made = await findRelease(one, releaseId)
    expect(made?.release).toMatchObject({ cases: 3, orders: 3 * CARRIERS, waiting: 3 * CARRIERS })
    // The deciders are shown: a captured pair of accounts would stand out.
    expect(made?.cases).toHaveLength(3)
    for (const one of made?.cases ?? []) {
      expect([one.firstById, one.secondById]).toEqual([police.officer.id, police.supervisor.id])
      expect(one.endings).toEqual([expect.stringMatching(/^[0-9]{4}$/)])
    }
    expect([made?.byArea.get('quan-3'), made?.byReason.get('robbed'), made?.byCarrier.size]).toEqual([
      3,
      3,
      CARRIERS,
    ])
    const ask = (by: StaffActor, outcome: 'sending' | 'withholding') =>
      askRelease(by, { releaseId, outcome, reason, ...key() }, now)
    expect(await confirmRelease(two, { releaseId, outcome: 'sending', reason, ...key() }, now)).toMatchObject(
      {
        error: 'request_gone',
      },
    )
    expect(
      await askRelease(one, { releaseId, outcome: 'sending', reason: ' ', ...key() }, now),
    ).toMatchObject({
      error: 'reason_missing',
    })
    expect(await ask(one, 'sending')).toMatchObject({ ok: true })
    // New blocks wait in another release.
    await make(1)
    expect((await guardRelease()).id).not.toBe(releaseId)
    const confirm = (by: StaffActor, outcome: string) =>
      confirmRelease(by, { releaseId, outcome, reason, ...key() }, now)
    expect(await confirm(one, 'sending')).toMatchObject({ error: 'own_request' })
    expect(await confirm(two, 'withholding')).toMatchObject({ error: 'changed' })
    // The second person disagrees; then the first one has to agree.
    expect(await ask(two, 'withholding')).toMatchObject({ ok: true })
    expect(await confirm(two, 'withholding')).toMatchObject({ error: 'own_request' })
    expect(await ask(one, 'sending')).toMatchObject({ ok: true })
    const both = await Promise.all([confirm(two, 'sending'), confirm(two, 'sending')])
    expect(both.filter(({ ok }) => ok)).toHaveLength(1)
    expect(both).toContainEqual(err('request_gone'))

    const later = addMilliseconds(now, HOUR)
    expect(await runReleases(later, never)).toBe(3 * CARRIERS)
    expect(await runReleases(later, never)).toBe(0)
    for (const carrierId of ['viettel', 'gmobile']) {
      const lines = await book(carrierId)
      expect(lines.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5])
      expect(lines.slice(2).map(({ issuedAt }) => issuedAt)).toEqual(Array(3).fill(later.toISOString()))
    }
    expect(await listed()).toBe(5)
    expect(await db.orderRelease.findUnique({ where: { id: releaseId } })).toMatchObject({ state: 'sent' })
    expect(await db.queuedOrder.count()).toBe(CARRIERS)
    expect(await db.auditEntry.count({ where: { act: 'order.released' } })).toBe(3 * CARRIERS)
  })

  test('is passed by nobody but the relay, and by no single person in the database either', async () => {
    bounds(1)
    await make(2)
    const { id: releaseId } = await guardRelease()
    for (const actor of [police.supervisor, await makeStaff('admin'), await makeStaff('carrier')]) {
      expect(await askRelease(actor, { releaseId, outcome: 'sending', reason, ...key() }, now)).toEqual(
        err('forbidden'),
      )
    }
    expect(await sendBatch(one, { releaseId, ...key() }, now)).toMatchObject({ error: 'not_asked' })
    const alone = { state: 'sending', askedById: one.id, decidedById: one.id, reason } as const
    await expect(db.orderRelease.update({ where: { id: releaseId }, data: alone })).rejects.toThrow()
  })

  test('of which nobody agrees stays shut, and takes two people again', async () => {
    bounds(1)
    await make(2)
    const { id: releaseId } = await guardRelease()
    const ask = () => askRelease(one, { releaseId, outcome: 'sending', reason, ...key() }, now)
    const isDropped = async () => (await findRelease(one, releaseId))?.release.dropped
    expect(await isDropped()).toBe(false)
    expect(await ask()).toMatchObject({ ok: true })
    expect(await isDropped()).toBe(false)
    expect(await refuse(two, await openApproval(), now)).toMatchObject({ ok: true })
    // The page no longer says that a second person is waited for.
    expect(await isDropped()).toBe(true)
    expect(await db.orderRelease.findUnique({ where: { id: releaseId } })).toMatchObject({ state: 'asked' })
    await make(1)
    expect((await guardRelease()).id).not.toBe(releaseId)
    expect(await runReleases(now, never)).toBe(0)
    expect(await sendBatch(one, { releaseId, ...key() }, now)).toMatchObject({ ok: false })
    expect(await ask()).toMatchObject({ ok: true })
    expect(await withdraw(one, await openApproval(), now)).toMatchObject({ ok: true })
    await decide(releaseId, 'sending')
    expect(await runReleases(now, never)).toBe(CARRIERS)
    const acts = await db.auditEntry.findMany({ where: { subjectId: releaseId }, orderBy: { id: 'asc' } })
    expect(acts.map(({ act }) => act)).toEqual([
      ...['release.asked', 'release.dropped', 'release.asked', 'release.dropped'],
      ...['release.asked', 'release.confirmed'],
    ])
  })

  test('that the release before was asked about is confirmed as it is shown', async () => {
    bounds(1)
    await make(1)
    const [bad] = await make(2)
    const { id: releaseId } = await guardRelease()
    const data = { requestedOutcome: 'sending', reason, askedById: one.id, askedAt: now } as const
    const withheldCaseIds = [bad?.id ?? '']
    await db.orderRelease.update({
      where: { id: releaseId },
      data: { ...data, withheldCaseIds, state: 'asked' },
    })
    const path = 'prisma/migrations/20261130290004_releases_are_approvals/migration.sql'
    await superuser.query(readFileSync(path, 'utf8'))
    const { request, withheld } = (await findRelease(two, releaseId)) ?? {}
    if (!request) throw new Error('no request')
    expect(withheld?.map(({ id }) => id)).toEqual(withheldCaseIds)
    const { digest } = request
    expect(await confirmApproval(one, request.id, now, { digest })).toMatchObject({ error: 'own_request' })
    expect(await confirmApproval(two, request.id, now, { digest })).toMatchObject({ ok: true })
    expect(await db.orderRelease.findUnique({ where: { id: releaseId } })).toMatchObject({
      ...{ state: 'sending', decidedById: two.id, withheldCaseIds },
      ...data,
    })
  })

  test('withheld blocks return to police with the reason; approved again, they wait again', async () => {
    bounds(1)
    const [, made] = [await make(1), (await make(1))[0] as MadeCase]
    const { id: releaseId } = await guardRelease()
    await decide(releaseId, 'withholding')
    await runReleases(now, never)
    expect(await states(made)).toEqual(Array(CARRIERS).fill('cancelled'))
    await settleCase(made.id, now)
    await settleCase(made.id, now)
    expect(await stateOf(made.id)).toBe('verified')
    expect(await book('viettel')).toHaveLength(1)
    expect(await carrierStates(systemScope(), made.id)).toEqual([])
    const listedNow = await db.caseImei.findMany({ where: { caseId: made.id }, select: { isPublic: true } })
    expect(listedNow).toEqual([{ isPublic: false }])
    expect(await db.caseEvent.count({ where: { caseId: made.id, move: 'withheld' } })).toBe(1)
    await move(made.id, police.supervisor, { move: 'approve' }, now)
    expect((await states(made)).filter((state) => state === 'queued')).toHaveLength(CARRIERS)
  })
})

describe('single cases of a release', () => {
  const told = (caseId: string) => db.notice.count({ where: { caseId, template: 'withheld' } })
  const ask = (by: StaffActor, releaseId: string, withheld: readonly string[]) =>
    askRelease(by, { releaseId, outcome: 'sending', reason, withheld, ...key() }, now)
  const confirm = (by: StaffActor, releaseId: string, withheld: readonly string[]) =>
    confirmRelease(by, { releaseId, outcome: 'sending', reason, withheld, ...key() }, now)

  test('are withheld by two people while the rest is sent', async () => {
    bounds(1)
    await make(1)
    const [bad, good, other] = await make(3)
    if (!bad || !good || !other) throw new Error('none')
    const { id: releaseId } = await guardRelease()
    const page = await findRelease(one, releaseId)
    expect(page?.cases.map((listedCase) => [listedCase.id, listedCase.waiting])).toEqual(
      expect.arrayContaining([bad, good, other].map(({ id }) => [id, true])),
    )
    const asked = { releaseId, outcome: 'sending', reason, withheld: [bad.id], ...key() } as const
    expect(await sentThrice(() => askRelease(one, asked, now))).toMatchObject({ ok: true })
    expect((await findRelease(two, releaseId))?.withheld.map(({ id }) => id)).toEqual([bad.id])
    expect(await confirm(one, releaseId, [bad.id])).toEqual(err('own_request'))
    // A third person changes the request meanwhile: what the second one has read is not confirmed.
    const third = await makeStaff('relay')
    expect(await ask(third, releaseId, [bad.id, good.id])).toMatchObject({ ok: true })
    expect(await confirm(two, releaseId, [bad.id])).toEqual(err('changed'))
    expect(await confirm(two, releaseId, [])).toEqual(err('changed'))
    expect(await ask(one, releaseId, [bad.id])).toMatchObject({ ok: true })
    const confirmed = { releaseId, outcome: 'sending', reason, withheld: [bad.id], ...key() } as const
    expect(await sentThrice(() => confirmRelease(two, confirmed, now))).toMatchObject({ ok: true })

    expect(await runReleases(now, never)).toBe(3 * CARRIERS)
    expect(await runReleases(now, never)).toBe(0)
    for (const made of [good, other]) expect(await states(made)).toEqual(Array(CARRIERS).fill('sent'))
    expect(await states(bad)).toEqual(Array(CARRIERS).fill('cancelled'))
    for (const carrierId of ['viettel', 'gmobile'])
      expect((await book(carrierId)).map(({ seq }) => seq)).toEqual([1, 2, 3])
    for (const made of [bad, bad, good, other]) await settleCase(made.id, now)
    expect(await Promise.all([bad, good, other].map(({ id }) => stateOf(id)))).toEqual([
      'verified',
      'blocking',
      'blocking',
    ])
    expect(await Promise.all([bad, good, other].map(({ id }) => told(id)))).toEqual([1, 0, 0])
    // The reason that its police read.
    expect(await transaction((tx) => withheldReason(tx, bad.id))).toBe(reason)
    const entries = (act: string) => db.auditEntry.count({ where: { act } })
    expect([await entries('order.withheld'), await entries('order.released')]).toEqual([
      CARRIERS,
      2 * CARRIERS,
    ])
    expect(await db.orderRelease.findUnique({ where: { id: releaseId } })).toMatchObject({ state: 'sent' })
    expect(await db.queuedOrder.count()).toBe(0)
    // Approved again, it waits or goes like any other.
    await move(bad.id, police.supervisor, { move: 'approve' }, now)
    expect((await states(bad)).filter((state) => state === 'queued')).toHaveLength(CARRIERS)
  })

  test('have to wait in it; all of them are the whole release', async () => {
    bounds(1)
    const [gone] = await make(1)
    if (!gone) throw new Error('none')
    const made = await make(2)
    const { id: releaseId } = await guardRelease()
    expect(await ask(one, releaseId, [gone.id])).toEqual(err('gone'))
    const input = { releaseId, reason, withheld: [made[0]?.id ?? ''], ...key() }
    expect(await askRelease(one, { ...input, outcome: 'withholding' }, now)).toEqual(err('some_and_all'))
    expect(
      await ask(
        one,
        releaseId,
        made.map(({ id }) => id),
      ),
    ).toMatchObject({ ok: true })
    expect((await findRelease(two, releaseId))?.request?.content).toMatchObject({
      outcome: 'withholding',
      withheld: [],
    })
    expect((await findRelease(two, releaseId, 2))?.cases).toEqual([])
  })

  test('of a carrier’s batch take two as well, in the database too, and lift what stands elsewhere', async () => {
    await setReleaseMode(
      one,
      { carrierId: 'gmobile', releaseMode: 'by_hand', releaseTimes: '', ...key() },
      now,
    )
    const [bad, good] = await make(2)
    if (!bad || !good) throw new Error('none')
    const { id: releaseId } = await db.orderRelease.findFirstOrThrow({ where: { carrierId: 'gmobile' } })
    expect(await ask(one, releaseId, [])).toEqual(err('not_guarded'))
    const alone = { decidedById: one.id, withheldCaseIds: [bad.id] }
    await expect(
      db.orderRelease.update({ where: { id: releaseId }, data: { ...alone, state: 'sending' } }),
    ).rejects.toThrow('withheld_by_two')
    expect(await ask(one, releaseId, [bad.id])).toMatchObject({ ok: true })
    // Neither one person alone nor the batch's time sends it now.
    expect(await sendBatch(two, { releaseId, ...key() }, now)).toEqual(err('changed'))
    expect(await confirm(two, releaseId, [bad.id])).toMatchObject({ ok: true })
    expect(await runReleases(now, never)).toBe(2)
    expect(await book('gmobile')).toMatchObject([{ imei: good.imeis[0], action: 'block' }])
    await settleCase(bad.id, now)
    expect([await stateOf(bad.id), await stateOf(good.id)]).toEqual(['verified', 'blocking'])
    expect((await book('viettel')).filter(({ imei }) => imei === bad.imeis[0])).toMatchObject([
      { action: 'block' },
      { action: 'unblock' },
    ])
    expect(await told(bad.id)).toBe(1)
  })
})

describe('an unblock', () => {
  test('cancels a block that waits, and nobody is told of either', async () => {
    bounds(1)
    await make(1)
    const [made] = await make(1)
    if (!made) throw new Error('none')
    await unblock(made)
    await settleCase(made.id, now)
    expect(await stateOf(made.id)).toBe('unblocked')
    expect(await states(made)).toEqual(Array(CARRIERS).fill('cancelled'))
    expect(await book('viettel')).toHaveLength(1)
    await decide((await guardRelease()).id, 'sending')
    expect(await runReleases(now, never)).toBe(0)
    expect(await book('viettel')).toHaveLength(1)
  })

  test('against a release: in either order, the phone is on no list in the end', async () => {
    bounds(1)
    await make(1)
    const made = await make(6)
    const { id } = await guardRelease()
    for (const one of made) await move(one.id, { kind: 'citizen' }, { move: 'request_unblock' })
    for (const one of made)
      await move(one.id, police.officer, { move: 'verify_unblock', reasonCode: 'recovered' })
    await decide(id, 'sending')
    await Promise.all([
      runReleases(now, never),
      runReleases(now, never),
      ...made.map((one) => move(one.id, police.supervisor, { move: 'approve_unblock' })),
    ])
    await runReleases(now, never)
    expect(await db.queuedOrder.count()).toBe(0)
    for (const carrierId of ['viettel', 'gmobile']) {
      const lines = await book(carrierId)
      expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, at) => at + 1))
      const last = new Map(lines.map(({ imei, action }) => [imei, action]))
      for (const { imeis } of made) expect(last.get(imeis[0] ?? '') ?? 'unblock').toBe('unblock')
    }
    expect(await listed()).toBe(1)
  })

  test('is never held up', async () => {
    const [made] = await make(1)
    if (!made) throw new Error('none')
    bounds(1, 0)
    await unblock(made)
    expect(await book('viettel')).toMatchObject([{ action: 'block' }, { action: 'unblock' }])
    expect(await listed()).toBe(0)
  })
})

describe('a batch by choice', () => {
  const choose = (carrierId: string | null, releaseMode: 'by_hand' | 'at_times', times = '') =>
    setReleaseMode(one, { carrierId, releaseMode, releaseTimes: times, ...key() }, now)

  test('waits for one person, at its own carrier alone', async () => {
    expect(await choose('gmobile', 'by_hand')).toMatchObject({ ok: true })
    const [made] = await make(2)
    expect((await book('viettel')).length).toBe(2)
    expect(await book('gmobile')).toEqual([])
    const shown = await carrierStates(systemScope(), made?.id ?? '')
    expect(shown.find(({ carrierId }) => carrierId === 'gmobile')?.state).toBe('queued')
    expect(await runReleases(addMilliseconds(now, 40 * HOUR), never)).toBe(0)
    const batch = await db.orderRelease.findFirstOrThrow({ where: { carrierId: 'gmobile' } })
    expect(
      await askRelease(two, { releaseId: batch.id, outcome: 'withholding', reason, ...key() }, now),
    ).toEqual(err('not_guarded'))
    expect(await sendBatch(one, { releaseId: batch.id, ...key() }, now)).toMatchObject({ ok: true })
    expect(await runReleases(now, never)).toBe(2)
    expect(await book('gmobile')).toHaveLength(2)
  })

  test('goes at its times of the day, and at once when its carrier waits no more', async () => {
    expect(await choose(null, 'at_times', '8h')).toEqual(ok('requested'))
    await confirmLast(now, two)
    const evening = new Date('2026-11-24T20:00:00+07:00')
    await make(1, evening)
    expect(await runReleases(new Date('2026-11-25T07:59:00+07:00'), never)).toBe(0)
    expect(await runReleases(new Date('2026-11-25T08:00:00+07:00'), never)).toBe(CARRIERS)
    await make(1, evening)
    await setReleaseMode(one, { carrierId: null, releaseMode: 'automatic', releaseTimes: '', ...key() }, now)
    expect(await runReleases(addMilliseconds(evening, 60_000), never)).toBe(CARRIERS)
  })

  test('stops several carriers at once by two people alone, one after the other as well', async () => {
    const modes = async () =>
      (await db.carrier.findMany({ where: { releaseMode: { not: 'automatic' } } })).map(({ id }) => id)
    const requested = ok('requested')
    expect(await choose(null, 'by_hand')).toEqual(requested)
    expect(await modes()).toEqual([])
    const id = await openApproval()
    expect(await confirmApproval(one, id, now)).toEqual(err('own_request'))
    expect(await confirmApproval(await makeStaff('carrier', { carrierId: 'viettel' }), id, now)).toEqual(
      err('forbidden'),
    )
    expect(await withdraw(one, id, now)).toMatchObject({ ok: true })
    expect(await choose('gmobile', 'by_hand')).toEqual(ok('done'))
    expect(await choose('viettel', 'by_hand')).toEqual(requested)
    expect(await modes()).toEqual(['gmobile'])
    await confirmLast(now, two)
    expect((await modes()).toSorted()).toEqual(['gmobile', 'viettel'])
  })

  test('is chosen by the relay, with times that can be read', async () => {
    expect(await choose('gmobile', 'at_times', 'sáng')).toEqual(err('times_invalid'))
    expect(await choose('nobody', 'by_hand')).toEqual(err('not_found'))
    const other = await makeStaff('carrier', { carrierId: 'gmobile' })
    const wish = { carrierId: 'gmobile', releaseMode: 'by_hand', releaseTimes: '', ...key() } as const
    expect(await setReleaseMode(other, wish, now)).toEqual(err('forbidden'))
  })
})

test('stopped at any moment, a release goes on with what is left', async () => {
  bounds(1)
  await make(1)
  await make(3)
  await decide((await guardRelease()).id, 'sending')
  const stop = new AbortController()
  stop.abort()
  expect(await runReleases(now, stop.signal)).toBe(0)
  expect(await db.queuedOrder.count()).toBe(3 * CARRIERS)
  expect(await runReleases(now, never)).toBe(3 * CARRIERS)
  expect((await book('viettel')).map(({ seq }) => seq)).toEqual([1, 2, 3, 4])
})
