import { randomUUID } from 'node:crypto'
import { afterAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { StaffActor } from '#lib/access/actor.ts'
import { err, ok } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR } from '#lib/time.ts'
import { env } from '#platform/env.ts'
import { closeSignals } from '#platform/signals.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeBlockingCase, makePolice, stateOf, unblock } from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { changes } from '../book/data.ts'
import { recordResults } from '../results/acts.ts'
import { askRepair, type ListFault, receiveList } from './acts.ts'
import { carrierReconciliations, differences, forgetReconciliations, reconciliation } from './data.ts'
import { reconcile } from './jobs.ts'

afterAll(closeSignals)
const now = new Date()
const never = new AbortController().signal
const viettel = { kind: 'carrier', id: 'viettel' } as const

let relay: StaffActor
beforeEach(async () => {
  relay = await makeStaff('relay')
})

async function* pieces(...parts: readonly (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield typeof part === 'string' ? Buffer.from(part) : part
}
const sent = (text: string | Uint8Array, atSeq: number | null = null) => ({
  carrierId: 'viettel',
  atSeq,
  content: pieces(text),
  isWhole: () => true,
})
async function received(text: string | Uint8Array, atSeq: number | null = null): Promise<string> {
  return must(await receiveList(viettel, sent(text, atSeq), now))
}
async function compared(text: string | Uint8Array, atSeq: number | null = null) {
  const id = await received(text, atSeq)
  await reconcile(id, now, never)
  const one = await reconciliation(relay, id)
  if (!one) throw new Error('none')
  return one
}
async function answerAll(outcome: 'applied' | 'rejected' = 'applied') {
  const lines = await db.bookEntry.findMany({ where: { carrierId: 'viettel', outcome: null } })
  const at = now.toISOString()
  const row = outcome === 'rejected' ? { outcome, code: 'technical' as const, at } : { outcome, at }
  await recordResults(
    'viettel',
    lines.map(({ orderId: order, imei }) => ({ order, imei, ...row })),
    now,
  )
}
const blocked = async (count: number) => {
  const police = await makePolice()
  const made = []
  for (let n = 0; n < count; n++) made.push(await makeBlockingCase({}, police))
  return made
}
const book = async () => {
  const read = await changes('viettel', { after: 0, limit: 1000, wait: 0 }, never)
  return read.ok ? read.value.entries : []
}
const STRANGER = '352099001761481'

describe('a carrier’s list', () => {
  test('differs by what is missing, what is extra and what was never ours, and not by what is under way', async () => {
    const [kept, lost, lifted] = await blocked(3)
    if (!kept || !lost || !lifted) throw new Error('none')
    await answerAll()
    await unblock(lifted)
    await answerAll()
    await blocked(1)
    const one = await compared(
      `imei;since\n${kept.imeis[0]};2026\n${lifted.imeis[0]};2026\n${STRANGER};2020\nabc;x\n`,
    )
    expect(one).toMatchObject({ state: 'done', phones: 3, invalid: 1 })
    expect(one).toMatchObject({ matched: 1, pending: 1, missing: 1, extra: 1, foreign: 1 })
    const of = async (kind: 'missing' | 'extra' | 'foreign') =>
      (await differences(one, kind, '', 10)).differences.map(({ imei }) => imei)
    expect([await of('missing'), await of('extra'), await of('foreign')]).toEqual([
      [lost.imeis[0]],
      [lifted.imeis[0]],
      [STRANGER],
    ])
    expect(await db.listedKey.count()).toBe(0)
  })

  test('is compared as of the line that it says, and what a carrier refused is no difference', async () => {
    const [first, second] = await blocked(2)
    await answerAll()
    expect(await compared(`${first?.imeis[0]}\n`, 1)).toMatchObject({ matched: 1, pending: 1, missing: 0 })
    expect(await compared(`${second?.imeis[0]}\n`)).toMatchObject({ matched: 1, missing: 1 })
    expect(await receiveList(viettel, sent('imei\n', 3), now)).toEqual(err('beyond_head'))
    await blocked(1)
    await answerAll('rejected')
    expect(await compared('imei\n')).toMatchObject({ pending: 1, missing: 2 })
  })

  test.each([
    ['plain', (imei: string) => `${imei}\n`],
    ['the spare digit', (imei: string) => `${imei.slice(0, 14)}0\n`],
    ['14 digits, and 16', (imei: string) => `${imei.slice(0, 14)}\r\n${imei.slice(0, 14)}01\r\n`],
    ['a mark, quotes, semicolons', (imei: string) => `\ufeff"Ngày";"Số IMEI"\n"2026";"=""${imei}"""\n`],
    ['Excel’s first line', (imei: string) => `sep=|\nimei|x\n${imei}|y\n`],
    ['UTF-16', (imei: string) => Buffer.from(`\ufeffimei\t2026\n${imei}\tx\n`, 'utf16le')],
  ])('is read as any register writes it: %s', async (_, write) => {
    const [made] = await blocked(1)
    await answerAll()
    expect(await compared(write(made?.imeis[0] ?? ''))).toMatchObject({ matched: 1, foreign: 0, invalid: 0 })
  })

  test.each<[ListFault, string | Uint8Array]>([
    ['empty', ''],
    ['empty', '\n\n'],
    ['no_imei', 'this,is\nno,list\n'],
    ['encoding', Buffer.from([0x50, 0x4b, 3, 4, 0, 0, 0xff, 0xfe, 0xc3])],
    ['broken', `"${'x'.repeat(200_000)}`],
  ])('that is %s leaves nothing behind', async (fault, content) => {
    expect(await receiveList(viettel, sent(content), now)).toEqual(err(fault))
    expect(await db.listedKey.count()).toBe(0)
    expect(await db.reconciliation.findFirst({})).toMatchObject({ state: 'failed' })
  })

  test('that was cut off, or broke on its way, leaves nothing behind', async () => {
    const cut = { ...sent(`${STRANGER}\n`), isWhole: () => false }
    expect(await receiveList(viettel, cut, now)).toEqual(err('too_large'))
    const broken = async function* () {
      yield Buffer.from(`${STRANGER}\n`)
      throw new Error('reset')
    }
    await expect(receiveList(viettel, { ...sent(''), content: broken() }, now)).rejects.toThrow('reset')
    expect(await db.listedKey.count()).toBe(0)
  })

  test('is one at a time, and its own carrier’s', async () => {
    const id = await received(`${STRANGER}\n`)
    expect(await receiveList(viettel, sent('imei\n'), now)).toEqual(err('busy'))
    await reconcile(id, now, never)
    expect(await receiveList({ kind: 'carrier', id: 'gmobile' }, sent('imei\n'), now)).toMatchObject({
      error: 'forbidden',
    })
    expect(await receiveList(await makeStaff('admin'), sent('imei\n'), now)).toMatchObject({
      error: 'forbidden',
    })
    const own = await makeStaff('carrier', { carrierId: 'viettel' })
    expect(await carrierReconciliations(own, 'viettel')).toHaveLength(1)
    expect(await reconciliation({ kind: 'carrier', id: 'gmobile' }, id)).toBeNull()
    expect(await receiveList(relay, sent('imei\n'), now)).toMatchObject({ ok: true })
  })

  test('sent several times by one form is one, to which each is led', async () => {
    const form = (submitKey: string, at = now) =>
      receiveList(relay, { ...sent(`${STRANGER}\n`), submitKey }, at)
    const key = randomUUID()
    const [first, ...others] = await Promise.all([form(key), form(key), form(key)])
    const id = first?.ok ? first.value : ''
    for (const one of others) expect(one).toEqual(ok(id))
    expect(await form(randomUUID())).toEqual(err('busy'))
    await reconcile(id, now, never)
    expect(await form(key)).toEqual(ok(id))
    expect(await carrierReconciliations(relay, 'viettel')).toHaveLength(1)
    // Much later the same form starts a new reconciliation.
    expect(await form(key, addMilliseconds(now, HOUR))).not.toEqual(ok(id))
  })

  test('of many thousands is compared page by page, whenever it is stopped', async () => {
    const [made] = await blocked(1)
    await answerAll()
    const keys = Array.from({ length: 45_000 }, (_, n) => `8650${String(n).padStart(10, '0')}`)
    const id = await received(`${[...keys, ...keys, made?.imeis[0]].join('\n')}\n`)
    const stop = new AbortController()
    stop.abort()
    await expect(reconcile(id, now, stop.signal)).rejects.toThrow('stopped')
    await reconcile(id, now, never)
    const one = await reconciliation(relay, id)
    expect(one).toMatchObject({ phones: 45_001, matched: 1, foreign: 45_000, missing: 0 })
    expect(await db.difference.count()).toBe(45_000)
  })
})

describe('a repair', () => {
  const ask = (id: string, kind: 'missing' | 'extra', actor = relay) =>
    askRepair(actor, { id, kind, submitKey: randomUUID() }, now)

  test('is new orders at the end of the book, once, for the relay alone', async () => {
    const [kept, lost, lifted] = await blocked(3)
    if (!kept || !lost || !lifted) throw new Error('none')
    await answerAll()
    await unblock(lifted)
    await answerAll()
    const { id } = await compared(`${kept.imeis[0]}\n${lifted.imeis[0]}\n${STRANGER}\n`)
    expect(await ask(id, 'missing', await makeStaff('carrier', { carrierId: 'viettel' }))).toEqual(
      err('forbidden'),
    )
    const both = await Promise.all([ask(id, 'missing'), ask(id, 'missing')])
    expect(both.map((one) => (one.ok ? 'asked first' : one.error)).sort()).toEqual(['asked', 'asked first'])
    await ask(id, 'extra')
    const before = await book()
    await Promise.all([reconcile(id, now, never), reconcile(id, now, never)])
    await reconcile(id, now, never)
    const after = await book()
    expect(after.slice(0, before.length)).toEqual(before)
    expect(after.slice(before.length).map(({ action, imei, reason }) => [action, imei, reason])).toEqual([
      ['block', lost.imeis[0], 'robbed'],
      ['unblock', lifted.imeis[0], 'recovered'],
    ])
    expect((await db.carrier.findUniqueOrThrow({ where: { id: 'viettel' } })).blocklistSize).toBe(2)
    expect(await stateOf(lost.id)).toBe('blocking')
    expect(await db.auditEntry.count({ where: { act: 'order.repaired' } })).toBe(2)
  })

  test('leaves alone what the book has spoken of since', async () => {
    const [lost] = await blocked(1)
    if (!lost) throw new Error('none')
    await answerAll()
    const { id } = await compared('imei\n')
    await unblock(lost)
    await ask(id, 'missing')
    const before = await book()
    await reconcile(id, now, never)
    expect(await book()).toEqual(before)
    expect(await db.difference.findFirst({})).toMatchObject({ repairId: null, overtaken: true })
  })

  test('of a whole list waits for two of the relay', async () => {
    await blocked(3)
    await answerAll()
    const settings = env() as { GUARD_ORDERS: number }
    settings.GUARD_ORDERS = 4
    onTestFinished(() => {
      settings.GUARD_ORDERS = 200
    })
    const { id } = await compared('imei\n')
    await ask(id, 'missing')
    const before = (await book()).length
    await reconcile(id, now, never)
    expect((await book()).length).toBe(before + 1)
    expect(await db.carrierOrder.count({ where: { state: 'queued', carrierId: 'viettel' } })).toBe(2)
    // A second list with the same content orders nothing twice.
    await answerAll()
    const again = await compared('imei\n')
    await ask(again.id, 'missing')
    await reconcile(again.id, now, never)
    expect(await db.carrierOrder.count({ where: { state: 'queued', carrierId: 'viettel' } })).toBe(3)
  })
})

test('what was compared is deleted after its time; nothing foreign can ever be ordered', async () => {
  const { id } = await compared(`${STRANGER}\n`)
  const order = `UPDATE differences SET repair_id = gen_random_uuid() WHERE reconciliation_id = $1`
  await expect(superuser.query(order, [id])).rejects.toThrow('nothing_foreign_is_ordered')
  expect(await forgetReconciliations(addMilliseconds(now, -DAY))).toBe(0)
  expect(await forgetReconciliations(addMilliseconds(now, DAY))).toBe(1)
  expect(await db.difference.count()).toBe(0)
})
