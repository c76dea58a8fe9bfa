import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { discloseCase } from '#features/cases/disclosure/acts.ts'
import { readCaseFile } from '#features/cases/file/page-data.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { citizenScope, systemScope } from '#lib/access/scope.ts'
import { err } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR, type Instant } from '#lib/time.ts'
import { inScope } from '#platform/scope.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import {
  AGREES,
  type MadeCase,
  makeBlockingCase,
  makeCase,
  move,
  openAllSides,
  openProof,
  type Police,
  stateOf,
} from '#tests/factories/case.ts'
import { type MadeObjection, makeObjection } from '#tests/factories/objection.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { actAsHolder } from '../objections/acts.ts'
import { decideOnObjection } from '../objections/desk-acts.ts'
import { settleObjections } from '../objections/settle-acts.ts'
import { objectionForHolder, objectionForPolice } from '../objections/view-data.ts'
import { settleReview } from './acts.ts'
import { listReviewsUntold } from './data.ts'

// A Wednesday. The reporter asks for the review on Wednesday, 2 December; the holder is heard until Monday 7, 17:00.
const sentAt = new Date('2026-11-25T03:00:00Z')
const lifted = addMilliseconds(sentAt, 6 * DAY)
const asked = addMilliseconds(sentAt, 7 * DAY)
const until = new Date('2026-12-07T10:00:00Z')
const holder = (id: string) => db.objection.findFirstOrThrow({ where: { id } })
const told = async (id: string) =>
  (await db.notice.findMany({ where: { caseId: id }, orderBy: { createdAt: 'asc' } })).map(
    ({ template }) => template,
  )

let blocked: MadeCase & { readonly police: Police }
let made: MadeObjection
let fresh: StaffReader
let city: StaffReader

/** Lifts the block of a case for its holder, by two people. */
async function liftFor(objections: readonly MadeObjection[]) {
  const other = await makeStaff('officer', { unitId: 'quan-3' })
  await move(blocked.id, { kind: 'citizen' }, { move: 'answer_objection' }, sentAt)
  for (const one of objections.slice(0, 1)) {
    await openAllSides(other, blocked.id, lifted)
    const words = { decision: 'uphold', reason: 'Đã xem.', check: AGREES } as const
    const { version } = await holder(one.id)
    const input = { number: one.number, version, submitKey: randomUUID(), ...words }
    expect(await decideOnObjection(other, input, lifted)).toMatchObject({ ok: true })
  }
  await move(
    blocked.id,
    await makeStaff('supervisor', { unitId: 'quan-3' }),
    { move: 'approve_unblock' },
    lifted,
  )
  await move(blocked.id, { kind: 'system' }, { move: 'carriers_lifted' }, lifted)
  await settleObjections({ caseId: blocked.id, granted: true, done: true }, lifted)
}
const appeal = (at = asked) =>
  move(blocked.id, { kind: 'citizen' }, { move: 'appeal', text: 'Máy là của tôi.' }, at)
async function answer(one: MadeObjection, at: Instant) {
  const scope = citizenScope(one.id, 'full')
  const key = (await objectionForHolder(scope, one.id))?.key
  if (!key) throw new Error('no such objection')
  const { version } = await holder(one.id)
  const words = { act: 'answer', message: 'Tôi mua ở chợ, có hóa đơn.', submitKey: randomUUID() } as const
  return actAsHolder(scope, { key, version, ...words, kind: 'other', files: [] }, at)
}

beforeEach(async () => {
  await db.codeSend.deleteMany()
  blocked = await makeBlockingCase({ unitId: 'quan-3', now: addMilliseconds(sentAt, -DAY) })
  made = await makeObjection(blocked.imeis[0] ?? '', { now: sentAt })
  fresh = await makeStaff('officer', { unitId: 'quan-3' })
  city = await makeStaff('city_police')
})

describe('the review of a block that was lifted for the phone’s holder', () => {
  beforeEach(async () => {
    await liftFor([made])
    await appeal()
  })

  test('is told to the holder with the day, and to the reporter in words of its own', async () => {
    const { rows } = await superuser.query("SELECT data FROM pgboss.job WHERE name = 'review-settle'")
    expect(rows.map(({ data }) => data)).toContainEqual({ caseId: blocked.id })
    await settleReview(blocked.id, asked)
    await settleReview(blocked.id, addMilliseconds(asked, HOUR))
    expect(await holder(made.id)).toMatchObject({
      state: 'granted',
      hearingUntil: until,
      answeredAt: null,
      closedAt: null,
    })
    expect((await told(made.id)).filter((one) => one === 'objection_review')).toHaveLength(1)
    expect(await told(blocked.id)).toContain('appeal_review')
    expect(await told(blocked.id)).not.toContain('appeal')
  })

  test('blocks nothing before the holder was heard: by nobody, not for a while, not before they are told', async () => {
    await move(blocked.id, fresh, { move: 'take' }, asked)
    await expect(move(blocked.id, fresh, { move: 'verify' }, asked)).rejects.toThrow('hearing_runs')
    await settleReview(blocked.id, asked)
    await expect(move(blocked.id, fresh, { move: 'verify' }, asked)).rejects.toThrow('hearing_runs')
    await expect(move(blocked.id, fresh, { move: 'hold' }, asked)).rejects.toThrow('lifted_for_holder')
    expect(await readCaseFile(fresh, blocked.number, asked)).toMatchObject({ heard: false })
    // The last minute of the hearing still counts.
    const last = addMilliseconds(until, -60_000)
    await expect(move(blocked.id, fresh, { move: 'verify' }, last)).rejects.toThrow('hearing_runs')
    await move(blocked.id, fresh, { move: 'verify' }, until)
    expect(await stateOf(blocked.id)).toBe('verified')
    expect(
      await db.carrierOrder.count({
        where: { caseId: blocked.id, action: 'block', issuedAt: { gt: lifted } },
      }),
    ).toBe(0)
  })

  test('goes on at once when the holder has answered; police may ask again, which begins their time anew', async () => {
    await settleReview(blocked.id, asked)
    const soon = addMilliseconds(asked, HOUR)
    expect(await answer(made, soon)).toMatchObject({ ok: true })
    expect(await readCaseFile(fresh, blocked.number, soon)).toMatchObject({ heard: true })
    const ask = { decision: 'ask', reason: 'Bạn mua ở đâu?', submitKey: randomUUID() } as const
    const { version } = await holder(made.id)
    expect(await decideOnObjection(fresh, { number: made.number, version, ...ask }, soon)).toMatchObject({
      ok: true,
    })
    expect(await holder(made.id)).toMatchObject({ hearingUntil: until, answeredAt: null })
    await move(blocked.id, fresh, { move: 'take' }, soon)
    await expect(move(blocked.id, fresh, { move: 'verify' }, soon)).rejects.toThrow('hearing_runs')
    expect(await answer(made, soon)).toMatchObject({ ok: true })
    await move(blocked.id, fresh, { move: 'verify' }, soon)
    const view = await objectionForHolder(citizenScope(made.id, 'full'), made.id)
    expect(view?.events.map(({ move, words }) => [move, words.message ?? null]).slice(0, 4)).toEqual([
      ['answer', 'Tôi mua ở chợ, có hóa đơn.'],
      ['ask', 'Bạn mua ở đâu?'],
      ['answer', 'Tôi mua ở chợ, có hóa đơn.'],
      ['review', null],
    ])
  })

  test('takes both sides’ proofs opened by each of the two; opening the case opens both', async () => {
    await settleReview(blocked.id, asked)
    await answer(made, asked)
    await move(blocked.id, fresh, { move: 'take' }, asked)
    const attempt = async (move: 'verify' | 'reject') => {
      const { moveCase } = await import('#features/cases/moves/acts.ts')
      const { runInTransaction } = await import('#platform/idempotency/commands.ts')
      const wish = {
        caseId: blocked.id,
        version: null,
        move,
        text: 'Đã xem.',
        check: AGREES,
        ...(move === 'reject' && { reasonCode: 'not_owner' }),
      } as const
      return inScope(systemScope(), () =>
        runInTransaction((tx) => moveCase(tx, systemScope(), fresh, wish, asked)),
      )
    }
    await openProof(fresh, [blocked.id], asked)
    // The same for refusing the reporter: nobody is refused on one side's word.
    for (const one of ['verify', 'reject'] as const)
      expect(await attempt(one)).toMatchObject(err('proof_unseen'))
    const input = { number: blocked.number, submitKey: randomUUID(), reason: 'appeal', note: '' } as const
    expect(await discloseCase(fresh, input, asked)).toMatchObject({ ok: true })
    expect(await objectionForPolice(fresh, made.number, asked)).toMatchObject({ seenAll: true })
    expect(await attempt('reject')).toMatchObject({ ok: true })
  })

  test('that blocks again is told to the holder, with one look by city police left; then none', async () => {
    await settleReview(blocked.id, asked)
    await answer(made, asked)
    await move(blocked.id, fresh, { move: 'take' }, asked)
    await move(blocked.id, fresh, { move: 'verify' }, asked)
    await move(blocked.id, city, { move: 'approve' }, asked)
    await settleReview(blocked.id, asked)
    await settleReview(blocked.id, asked)
    expect(await holder(made.id)).toMatchObject({ state: 'refused', refusedAt: asked, hearingUntil: null })
    expect((await told(made.id)).filter((one) => one === 'objection_block_again')).toHaveLength(1)
    const scope = citizenScope(made.id, 'full')
    const key = (await objectionForHolder(scope, made.id))?.key
    if (!key) throw new Error('no such objection')
    const renew = async () =>
      actAsHolder(
        scope,
        {
          key,
          version: (await holder(made.id)).version,
          act: 'renew',
          message: 'Máy của tôi.',
          submitKey: randomUUID(),
          kind: 'other',
          files: [],
        },
        asked,
      )
    expect(await renew()).toMatchObject({ ok: true })
    expect(await holder(made.id)).toMatchObject({ state: 'open' })
    expect(await told(blocked.id)).toContain('objected')
  })

  test.each(['rejected', 'withdrawn'])(
    'that ends otherwise leaves the phone unblocked, and says so: %s',
    async (end) => {
      await settleReview(blocked.id, asked)
      if (end === 'rejected') {
        await move(blocked.id, fresh, { move: 'take' }, asked)
        await move(blocked.id, fresh, { move: 'reject', reasonCode: 'not_owner' }, asked)
      } else {
        await move(blocked.id, { kind: 'citizen' }, { move: 'withdraw' }, asked)
        await move(
          blocked.id,
          { kind: 'system' },
          { move: 'finish_withdrawal' },
          addMilliseconds(asked, 25 * HOUR),
        )
      }
      expect(await stateOf(blocked.id)).toBe(end)
      await settleReview(blocked.id, asked)
      expect(await holder(made.id)).toMatchObject({ state: 'granted', hearingUntil: null, closedAt: asked })
      expect(await told(made.id)).toContain('objection_keep')
    },
  )

  test('whose job was lost, or that began before holders were heard, is found by the clock', async () => {
    await makeCase()
    const untold = () => inScope(systemScope(), listReviewsUntold)
    expect(await untold()).toEqual([blocked.id])
    await settleReview(blocked.id, asked)
    expect(await untold()).toEqual([])
    await move(blocked.id, fresh, { move: 'take' }, asked)
    await move(blocked.id, fresh, { move: 'reject', reasonCode: 'not_owner' }, asked)
    expect(await untold()).toEqual([blocked.id])
    await settleReview(blocked.id, asked)
    expect(await untold()).toEqual([])
  })
})

test('each of several holders is heard: one who is silent keeps their days', async () => {
  const second = await makeObjection(blocked.imeis[0] ?? '', { now: sentAt })
  await liftFor([made, second])
  await appeal()
  await settleReview(blocked.id, asked)
  expect(await answer(made, asked)).toMatchObject({ ok: true })
  await move(blocked.id, fresh, { move: 'take' }, asked)
  await expect(move(blocked.id, fresh, { move: 'verify' }, asked)).rejects.toThrow('hearing_runs')
  expect((await told(second.id)).at(-1)).toBe('objection_review')
  await move(blocked.id, fresh, { move: 'verify' }, until)
})

test('no holder answers where no review runs', async () => {
  await liftFor([made])
  expect(await answer(made, asked)).toEqual(err('wrong_state'))
})
