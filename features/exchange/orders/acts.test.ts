import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, test } from 'vitest'
import { settleCase } from '#features/cases/settling/acts.ts'
import { sendNotice } from '#features/notices/jobs.ts'
import { citizenScope } from '#lib/access/scope.ts'
import { err } from '#lib/result.ts'
import { addMilliseconds, HOUR } from '#lib/time.ts'
import { env } from '#platform/env.ts'
import { closeSignals } from '#platform/signals.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import {
  type MadeCase,
  makeBlockingCase,
  makePolice,
  makeProvenCase,
  move,
  stateOf,
  unblock,
} from '#tests/factories/case.ts'
import { confirm, confirmExemption, openApproval, withdraw } from '#tests/factories/second-person.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { messageOf, readable } from '#tests/outbox.ts'
import { sentThrice } from '#tests/sent-thrice.ts'
import { carrierStates, exemptCarriers } from '../case-orders/data.ts'
import { askExemption } from '../exemptions/acts.ts'
import { reasonOf } from '../exemptions/rules.ts'
import { carriersOnPaper } from '../letters/data.ts'
import { carrierStandings, listCarrierStandings, orderList, ordersPage } from '../relay/data.ts'
import { countReleasesWaiting, releaseModes } from '../releases/data.ts'
import { recordResults } from '../results/acts.ts'
import { retryOrder } from './acts.ts'
import { type EntryOutcome, type OrderList, readOrderCursor } from './rules.ts'

afterAll(closeSignals)

const now = new Date()
const CARRIERS = ['gmobile', 'mobifone', 'viettel', 'vietnamobile', 'vinaphone']
const key = () => ({ submitKey: randomUUID() })

async function answer(carrierId: string, outcome: EntryOutcome, code?: 'technical') {
  const lines = await db.bookEntry.findMany({ where: { carrierId, outcome: null } })
  const row = { outcome, at: now.toISOString(), ...(code && { code }) }
  await recordResults(
    carrierId,
    lines.map(({ orderId: order, imei }) => ({ order, imei, ...row })),
    now,
  )
}
const newest = (made: MadeCase, carrierId: string) =>
  db.carrierOrder.findFirstOrThrow({
    where: { caseId: made.id, carrierId },
    orderBy: [{ issuedAt: 'desc' }, { action: 'desc' }],
    include: { entries: true },
  })

async function refusedBy(carrierId: string) {
  const made = await makeBlockingCase()
  for (const one of CARRIERS) {
    await answer(one, one === carrierId ? 'rejected' : 'applied', one === carrierId ? 'technical' : undefined)
  }
  const order = await newest(made, carrierId)
  return { made, orderId: order.id }
}

describe('retrying', () => {
  test('orders the same IMEIs again; the old order is superseded, and a second press makes no third', async () => {
    const relay = await makeStaff('relay')
    const { made, orderId } = await refusedBy('gmobile')
    const again = { orderId, ...key() }
    const first = await sentThrice(() => retryOrder(relay, again, now))
    expect(await retryOrder(relay, again, now)).toEqual(first)
    expect(await retryOrder(relay, { orderId, ...key() }, now)).toEqual(err('not_failed'))
    const orders = await db.carrierOrder.findMany({
      where: { caseId: made.id, carrierId: 'gmobile' },
      include: { entries: true },
    })
    expect(orders.map((order) => order.state).sort()).toEqual(['sent', 'superseded'])
    const retry = orders.find((order) => order.retryOfId === orderId)
    expect(retry?.entries.map((line) => [line.seq, line.imei])).toEqual([[2n, made.imeis[0]]])
    await answer('gmobile', 'applied')
    await settleCase(made.id, now)
    expect(await stateOf(made.id)).toBe('blocked')
    expect(await db.auditEntry.count({ where: { act: 'order.retry', actorId: relay.id } })).toBe(1)
  })

  test('of a temporary block keeps the time when it ends', async () => {
    const { officer, supervisor } = await makePolice()
    const made = await makeProvenCase()
    await move(made.id, officer, { move: 'hold' }, now)
    await move(made.id, supervisor, { move: 'confirm_hold' }, now)
    await answer('gmobile', 'rejected', 'technical')
    const { id: orderId, entries } = await newest(made, 'gmobile')
    const expiresAt = entries[0]?.expiresAt
    expect(expiresAt).toBeInstanceOf(Date)
    const retry = must(await retryOrder(await makeStaff('relay'), { orderId, ...key() }, now))
    const [line] = await db.bookEntry.findMany({ where: { orderId: retry } })
    expect(line).toMatchObject({ reason: 'hold', expiresAt })
  })

  test('cannot bring back a block that was lifted meanwhile', async () => {
    const relay = await makeStaff('relay')
    const { made, orderId } = await refusedBy('gmobile')
    await unblock(made)
    expect(await retryOrder(relay, { orderId, ...key() }, now)).toEqual(err('overtaken'))
    // The carrier that refused also gets the unblock, so that its list is right, but nobody waits for it.
    expect(await newest(made, 'gmobile')).toMatchObject({ action: 'unblock', state: 'sent' })
    for (const one of CARRIERS.filter((carrier) => carrier !== 'gmobile')) await answer(one, 'applied')
    await settleCase(made.id, now)
    expect(await stateOf(made.id)).toBe('unblocked')
  })

  test('stops for a block while the audit log cannot be sealed, as exempting does, and goes on for an unblock', async () => {
    const [one, two] = [await makeStaff('relay'), await makeStaff('relay')]
    const reason = 'Nhà mạng đang thay hệ thống.'
    const { made, orderId } = await refusedBy('gmobile')
    await askExemption(one, { orderId, reason, ...key() }, now)
    await superuser.query("UPDATE audit_entries SET at = at - interval '16 minutes'")
    const unsealed = err('unsealed')
    expect(await retryOrder(one, { orderId, ...key() }, now)).toEqual(unsealed)
    expect(await askExemption(one, { orderId, reason, ...key() }, now)).toEqual(unsealed)
    expect(await confirmExemption(two, { orderId, reason, ...key() }, now)).toEqual(unsealed)
    await unblock(made)
    const lifting = await newest(made, 'viettel')
    expect(lifting.action).toBe('unblock')
    expect(await askExemption(one, { orderId: lifting.id, reason, ...key() }, now)).toMatchObject({
      ok: true,
    })
    expect(await confirmExemption(two, { orderId: lifting.id, reason, ...key() }, now)).toMatchObject({
      ok: true,
    })
    await answer('mobifone', 'rejected', 'technical')
    const failed = await newest(made, 'mobifone')
    expect(await retryOrder(one, { orderId: failed.id, ...key() }, now)).toMatchObject({ ok: true })
  })

  test('is for the relay alone', async () => {
    const { officer, supervisor } = await makePolice()
    const others = [officer, supervisor, await makeStaff('admin'), await makeStaff('city_police')]
    const { orderId } = await refusedBy('gmobile')
    expect(await carrierStandings(await makeStaff('relay'), now)).toHaveLength(CARRIERS.length)
    for (const actor of others) {
      expect(await carrierStandings(actor, now)).toEqual([])
      expect(await carriersOnPaper(actor)).toEqual([])
      expect([await releaseModes(actor), await countReleasesWaiting(actor)]).toEqual([[], 0])
      expect(await retryOrder(actor, { orderId, ...key() }, now)).toEqual(err('forbidden'))
      expect(await askExemption(actor, { orderId, reason: 'x', ...key() }, now)).toEqual(err('forbidden'))
    }
  })
})

describe('exempting', () => {
  const reason = 'Nhà mạng đang thay hệ thống, chưa chặn được máy.'

  test('waits in a list of its own until a second person confirms it, as what is late does until it is done', async () => {
    const [one, two] = [await makeStaff('relay'), await makeStaff('relay')]
    const { orderId } = await refusedBy('gmobile')
    const at = addMilliseconds(now, 25 * HOUR)
    const listed = async (list: OrderList, when = at, carrierId: string | null = null) =>
      (await orderList(two, list, carrierId, when)).orders.map(({ id }) => id)
    expect(await listed('exempt')).toEqual([])
    await askExemption(one, { orderId, reason, ...key() }, now)
    expect(await listed('exempt')).toEqual([orderId])
    expect(await listed('exempt', at, 'viettel')).toEqual([])
    expect(await listed('late', now)).toEqual([])
    expect(await listed('late')).toEqual([orderId])
    expect(await listed('late', at, 'gmobile')).toEqual([orderId])
    expect((await carrierStandings(two, at)).reduce((sum, { late }) => sum + late, 0)).toBe(1)
    await confirmExemption(two, { orderId, reason, ...key() }, now)
    expect(await listed('exempt')).toEqual([])
    expect(await listed('late', at, 'gmobile')).toEqual([])
    const officer = await makeStaff('officer')
    expect((await orderList(officer, 'late', null, at)).orders).toEqual([])
  })

  test('takes two people; then the case goes on and the citizen reads why', async () => {
    const [one, two] = [await makeStaff('relay'), await makeStaff('relay')]
    const { made, orderId } = await refusedBy('gmobile')
    expect(await confirmExemption(two, { orderId, reason, ...key() }, now)).toMatchObject({
      error: 'request_gone',
    })
    expect(await askExemption(one, { orderId, reason: '  ', ...key() }, now)).toMatchObject({
      error: 'reason_missing',
    })
    expect(await askExemption(one, { orderId, reason: ` ${reason} `, ...key() }, now)).toMatchObject({
      ok: true,
    })
    expect(await confirmExemption(one, { orderId, reason, ...key() }, now)).toMatchObject({
      error: 'own_request',
    })
    expect(await confirmExemption(two, { orderId, reason: 'other words', ...key() }, now)).toMatchObject({
      error: 'changed',
    })
    await settleCase(made.id, now)
    expect(await stateOf(made.id)).toBe('blocking')
    expect(await confirmExemption(two, { orderId, reason, ...key() }, now)).toMatchObject({ ok: true })
    expect(await confirmExemption(two, { orderId, reason, ...key() }, now)).toMatchObject({
      error: 'request_gone',
    })
    await settleCase(made.id, now)
    expect(await stateOf(made.id)).toBe('blocked')
    const states = await carrierStates(citizenScope(made.id, 'full'), made.id)
    expect(states.find((carrier) => carrier.carrierId === 'gmobile')).toMatchObject({
      state: 'exempt',
      exemptReason: reason,
    })
    expect(await exemptCarriers(citizenScope(made.id, 'full'), made.id)).toEqual({
      block: ['Gmobile'],
      unblock: [],
    })
    const told = await db.notice.findFirstOrThrow({
      where: { caseId: made.id, template: 'carriers_applied' },
    })
    await sendNotice(told.id, now)
    expect(readable(messageOf(env().DATA_DIR, told.id)?.content ?? '')).toContain(
      'Máy vẫn có thể dùng với SIM Gmobile',
    )
    const acts = await db.auditEntry.findMany({ where: { subjectId: orderId }, orderBy: { id: 'asc' } })
    expect(acts.map((entry) => [entry.act, entry.actorId])).toEqual([
      ['order.line', null],
      ['order.result', 'gmobile'],
      ['order.exempt_asked', one.id],
      ['order.exempt_confirmed', two.id],
    ])
  })

  test('ends with a retry of its order, with another request, and by a word of its asker', async () => {
    const [one, two] = [await makeStaff('relay'), await makeStaff('relay')]
    const { orderId } = await refusedBy('gmobile')
    const ask = async (reason: string) => {
      expect(await askExemption(two, { orderId, reason, ...key() }, now)).toMatchObject({ ok: true })
      return openApproval()
    }
    const [first, second] = [await ask('Một.'), await ask('Hai.')]
    expect(await confirm(one, first, now)).toMatchObject({ error: 'request_gone' })
    expect(await withdraw(two, second, now)).toMatchObject({ ok: true })
    const third = await ask('Ba.')
    expect(await retryOrder(one, { orderId, ...key() }, now)).toMatchObject({ ok: true })
    expect(await confirm(one, third, now)).toMatchObject({ error: 'request_gone' })
    const ended = await db.approval.findMany({ orderBy: { askedAt: 'asc' } })
    expect(ended.map(({ state }) => state).toSorted()).toEqual(['replaced', 'replaced', 'withdrawn'])
    const acts = await db.auditEntry.findMany({ where: { actorId: { in: [one.id, two.id] } } })
    const count = (act: string) => acts.filter((entry) => entry.act === act).length
    expect(['approval.replace', 'order.exempt_dropped', 'order.exempt_asked'].map(count)).toEqual([2, 1, 3])
  })

  test('that the release before was asked for is listed, and confirmed as it is shown', async () => {
    const [one, two] = [await makeStaff('relay'), await makeStaff('relay')]
    const { orderId } = await refusedBy('gmobile')
    const data = { exemptReason: reason, exemptAskedById: one.id }
    await db.carrierOrder.update({ where: { id: orderId }, data })
    const path = 'prisma/migrations/20261130290003_exemptions_are_approvals/migration.sql'
    await superuser.query(readFileSync(path, 'utf8'))
    const [order] = (await orderList(two, 'exempt', null, new Date())).orders
    const { exemption } = order ?? {}
    if (!exemption) throw new Error('no request')
    expect(reasonOf(exemption)).toBe(reason)
    const { digest } = exemption
    expect(await confirm(one, exemption.id, new Date(), { digest })).toMatchObject({ error: 'own_request' })
    expect(await confirm(two, exemption.id, new Date(), { digest })).toMatchObject({ ok: true })
    expect(await db.carrierOrder.findUnique({ where: { id: orderId } })).toMatchObject({
      ...{ state: 'exempt', exemptConfirmedById: two.id },
      ...data,
    })
  })

  test('from an unblock closes the case, and the citizen reads with whose SIM the phone may not work', async () => {
    const [one, two] = [await makeStaff('relay'), await makeStaff('relay')]
    const made = await makeBlockingCase()
    for (const carrier of CARRIERS) await answer(carrier, 'applied')
    await settleCase(made.id, now)
    await unblock(made)
    for (const carrier of CARRIERS)
      await answer(
        carrier,
        carrier === 'gmobile' ? 'rejected' : 'applied',
        carrier === 'gmobile' ? 'technical' : undefined,
      )
    const { id: orderId } = await newest(made, 'gmobile')
    await askExemption(one, { orderId, reason, ...key() }, now)
    await confirmExemption(two, { orderId, reason, ...key() }, now)
    await settleCase(made.id, now)
    expect(await stateOf(made.id)).toBe('unblocked')
    expect(await exemptCarriers(citizenScope(made.id, 'full'), made.id)).toEqual({
      block: [],
      unblock: ['Gmobile'],
    })
    const told = await db.notice.findFirstOrThrow({
      where: { caseId: made.id, template: 'carriers_lifted' },
    })
    await sendNotice(told.id, now)
    const mail = readable(messageOf(env().DATA_DIR, told.id)?.content ?? '')
    expect(mail).toContain('Máy đã được mở chặn, trừ ở Gmobile')
  })

  test('by one person is refused by the database itself', async () => {
    const one = await makeStaff('relay')
    const { orderId } = await refusedBy('gmobile')
    const exempt = { state: 'exempt', exemptReason: reason } as const
    for (const people of [
      { exemptAskedById: one.id, exemptConfirmedById: one.id },
      { exemptAskedById: one.id },
      { exemptConfirmedById: one.id },
    ]) {
      const done = db.carrierOrder.update({ where: { id: orderId }, data: { ...exempt, ...people } })
      await expect(done).rejects.toThrow()
    }
  })

  test('an exempt carrier that applies it after all is shown as having applied it', async () => {
    const [one, two] = [await makeStaff('relay'), await makeStaff('relay')]
    const { made, orderId } = await refusedBy('gmobile')
    await askExemption(one, { orderId, reason, ...key() }, now)
    await confirmExemption(two, { orderId, reason, ...key() }, now)
    const row = {
      order: orderId,
      imei: made.imeis[0] ?? '',
      outcome: 'applied',
      at: now.toISOString(),
    } as const
    expect(await recordResults('gmobile', [row], now)).toMatchObject([{ status: 'recorded' }])
    const states = await carrierStates(citizenScope(made.id, 'full'), made.id)
    expect(states.find((carrier) => carrier.carrierId === 'gmobile')?.state).toBe('applied')
  })
})

describe('the relay’s list', () => {
  test('has what failed first, then what is due first, then what is done, page by page', async () => {
    const police = await makePolice()
    for (let made = 0; made < 12; made++) {
      await makeBlockingCase({ now: addMilliseconds(now, (made - 30) * HOUR) }, police)
      if (made < 4) await answer('viettel', 'applied')
      else if (made < 6) await answer('viettel', 'rejected', 'technical')
    }
    const relay = await makeStaff('relay')
    const seen: string[] = []
    let after = null
    for (let page = 0; page < 9; page++) {
      const found = await ordersPage(relay, { group: null, carrierId: null, after, search: null })
      seen.push(...found.orders.map((order) => order.id))
      if (page === 0) {
        expect(found.orders.slice(0, 2).map((order) => order.state)).toEqual(['failed', 'failed'])
        const due = found.orders.slice(2).map((order) => order.dueAt.getTime())
        expect(due).toEqual(due.toSorted((a, b) => a - b))
      } else expect(found.orders.slice(-4).map((order) => order.state)).toEqual(Array(4).fill('applied'))
      if (found.next === null) break
      after = readOrderCursor(found.next)
    }
    expect(seen).toHaveLength(60)
    expect(new Set(seen).size).toBe(60)
    const viettel = await ordersPage(relay, {
      group: 'waiting',
      carrierId: 'viettel',
      after: null,
      search: null,
    })
    expect(viettel.orders.map((order) => order.carrier.id)).toEqual(Array(6).fill('viettel'))
    const standing = (await listCarrierStandings(now)).find((carrier) => carrier.id === 'viettel')
    // The first six were issued more than a day ago; two of them were refused and are late as well.
    expect(standing).toMatchObject({ head: 12, acked: 0, waiting: 6, failed: 2, late: 2 })
  })
})
