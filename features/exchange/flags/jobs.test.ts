import { randomUUID } from 'node:crypto'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { StaffActor } from '#lib/access/actor.ts'
import { addMilliseconds, DAY, HOUR, MINUTE } from '#lib/time.ts'
import { closeSignals } from '#platform/signals.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeBlockingCase, makePolice } from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { outbox, readable } from '#tests/outbox.ts'
import { sentThrice } from '#tests/sent-thrice.ts'
import { acknowledge } from '../book/acts.ts'
import { addContact } from '../contacts/acts.ts'
import { jobs } from '../jobs.ts'
import { recordResults } from '../results/acts.ts'
import { clearFlag } from './acts.ts'
import { carrierFlags, raisedFlags } from './data.ts'
import { watchCarriers } from './jobs.ts'

afterAll(closeSignals)
const data = process.env.DATA_DIR ?? ''

// Ten in the morning in the city.
const now = new Date('2026-11-25T03:00:00Z')
let relay: StaffActor
beforeEach(async () => {
  relay = await makeStaff('relay')
  const typed = { contactName: 'Trực', contactEmail: 'noc@viettel.example', contactPhone: '198' }
  await addContact(relay, { carrierId: 'viettel', ...typed, submitKey: randomUUID() }, now)
})

const cases = async (...hoursAgo: number[]) => {
  const police = await makePolice()
  const made = []
  for (const hours of hoursAgo)
    made.push(await makeBlockingCase({ now: addMilliseconds(now, -hours * HOUR) }, police))
  return made
}
async function answer(carrierId: string, caseId: string) {
  const order = await db.carrierOrder.findFirstOrThrow({
    where: { carrierId, caseId },
    include: { entries: true },
  })
  const row = { order: order.id, outcome: 'applied', at: now.toISOString() } as const
  await recordResults(
    carrierId,
    order.entries.map(({ imei }) => ({ ...row, imei })),
    now,
  )
}

type Told = { to: string; toId: string; notice: { template: string; carrierId: string | null } }
const told = async (carrierId: string): Promise<string[]> => {
  const { rows } = await superuser.query<{ data: Told }>(
    `SELECT data FROM pgboss.job WHERE name = 'exchange-notice'`,
  )
  return (
    rows
      // The contact on duty was added for the test, which sends mails too.
      .filter(
        ({ data: { notice } }) => notice.carrierId === carrierId && notice.template !== 'contact_changed',
      )
      .map(({ data }) => `${data.notice.template} ${data.to}`)
      .sort()
  )
}
const kinds = async (carrierId: string) =>
  (await carrierFlags(relay, carrierId)).map(({ kind, endedAt }) => [kind, endedAt === null])

describe('a carrier that skips orders', () => {
  test('is flagged and told once, until it has answered', async () => {
    const [older, newer] = await cases(30, 2)
    await watchCarriers(now)
    expect(await kinds('viettel')).toEqual([])
    await answer('viettel', newer?.id ?? '')
    await watchCarriers(now)
    await watchCarriers(addMilliseconds(now, 10 * MINUTE))
    expect(await kinds('viettel')).toEqual([['skipped', true]])
    expect(await raisedFlags(relay)).toMatchObject(new Map([['viettel', [{ facts: { orders: 1 } }]]]))
    expect((await told('viettel')).filter((one) => one.startsWith('flag'))).toEqual([
      'flag_skipped contact',
      'flag_skipped staff',
    ])
    await answer('viettel', older?.id ?? '')
    await watchCarriers(addMilliseconds(now, 20 * MINUTE))
    expect(await kinds('viettel')).toEqual([['skipped', false]])
    expect(await db.auditEntry.count({ where: { act: 'carrier.flag_healed' } })).toBe(1)
  })

  test('is not one that is merely late', async () => {
    await cases(30, 28)
    await watchCarriers(now)
    expect(await kinds('viettel')).toEqual([])
  })
})

describe('an acknowledgement', () => {
  const back = async () => {
    await cases(3, 2, 1)
    await acknowledge('viettel', 3, addMilliseconds(now, -HOUR))
    return acknowledge('viettel', 1, now)
  }

  test('that goes back changes nothing and flags its carrier, until it has caught up', async () => {
    expect(await back()).toEqual({ ok: true, value: 3 })
    expect(await acknowledge('viettel', 2, now)).toEqual({ ok: true, value: 3 })
    expect(await kinds('viettel')).toEqual([['ack_back', true]])
    expect(await told('viettel')).toEqual(['flag_ack_back contact', 'flag_ack_back staff'])
    await acknowledge('viettel', 3, addMilliseconds(now, MINUTE))
    expect(await kinds('viettel')).toEqual([['ack_back', false]])
  })

  test('that another overtook, or that is sent again, flags nobody', async () => {
    await cases(3, 2)
    await acknowledge('viettel', 2, now)
    await acknowledge('viettel', 1, addMilliseconds(now, MINUTE - 1))
    await acknowledge('viettel', 2, addMilliseconds(now, HOUR))
    expect(await kinds('viettel')).toEqual([])
  })

  test('flag is taken down by the relay, with what came of it; what goes on is flagged again', async () => {
    await back()
    const [flag] = await carrierFlags(relay, 'viettel')
    const clear = (actor: StaffActor, note: string) => {
      const input = { flagId: flag?.id ?? '', note, submitKey: randomUUID() }
      return sentThrice(() => clearFlag(actor, input, now))
    }
    expect(await clear(await makeStaff('admin'), 'x')).toEqual({ ok: false, error: 'forbidden' })
    const own = await makeStaff('carrier', { carrierId: 'viettel' })
    expect(await clear(own, 'x')).toEqual({ ok: false, error: 'forbidden' })
    expect(await carrierFlags(own, 'viettel')).toHaveLength(1)
    expect(await carrierFlags(own, 'gmobile')).toEqual([])
    expect(await clear(relay, ' ')).toEqual({ ok: false, error: 'note_missing' })
    expect(await clear(relay, 'Nhà mạng thử máy chủ mới.')).toEqual({ ok: true, value: 'viettel' })
    expect(await clear(relay, 'Nhà mạng thử máy chủ mới.')).toEqual({ ok: false, error: 'closed' })
    await acknowledge('viettel', 1, addMilliseconds(now, HOUR))
    expect(await kinds('viettel')).toEqual([
      ['ack_back', true],
      ['ack_back', false],
    ])
  })
})

describe('reminders', () => {
  test('are one a carrier, kind and day, by day, to the people on duty and the relay', async () => {
    await cases(80, 30, 30, 2)
    const night = new Date('2026-11-24T18:00:00Z')
    expect(await watchCarriers(night)).toBe(0)
    const both = await Promise.all([watchCarriers(now), watchCarriers(now)])
    expect(both.reduce((sum, one) => sum + one)).toBe(5 * 2)
    expect(await watchCarriers(addMilliseconds(now, HOUR))).toBe(0)
    expect(await told('viettel')).toEqual([
      'late contact',
      'late staff',
      'very_late contact',
      'very_late staff',
    ])
    expect(await told('gmobile')).toEqual(['late staff', 'very_late staff'])
    expect(await watchCarriers(addMilliseconds(now, DAY))).toBe(5 * 2)
    await watchCarriers(addMilliseconds(now, 9 * DAY))
    expect(await db.carrierReminder.count({ where: { day: { lt: now } } })).toBe(0)
  })

  test('say in both languages how many and where, and name no IMEI', async () => {
    const made = await cases(30, 29)
    await watchCarriers(now)
    const send = jobs.find(({ queue }) => queue === 'exchange-notice')
    const { rows } = await superuser.query(`SELECT data FROM pgboss.job WHERE name = 'exchange-notice'`)
    for (const { data } of rows) await send?.run(data as never, now, new AbortController().signal)
    const mails = outbox(data).map(({ content }) => readable(content))
    const toContact = mails.find((mail) => mail.includes('noc@viettel.example')) ?? ''
    expect(toContact).toContain('2 lệnh')
    expect(toContact).toContain('2 orders')
    expect(mails.some((mail) => mail.includes('/quan-tri/nha-mang/viettel'))).toBe(true)
    for (const mail of mails) for (const { imeis } of made) expect(mail).not.toContain(imeis[0])
  })
})
