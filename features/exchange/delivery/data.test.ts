import { randomUUID } from 'node:crypto'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { POST as ack } from '#app/api/carrier/v1/ack/route.ts'
import { GET as changes } from '#app/api/carrier/v1/changes/route.ts'
import { POST as results } from '#app/api/carrier/v1/results/route.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { err } from '#lib/result.ts'
import { closeSignals } from '#platform/signals.ts'
import { db } from '#tests/db.ts'
import { makeBlockingCase, makePolice } from '#tests/factories/case.ts'
import { issueKey, setDeliveryByTwo } from '#tests/factories/second-person.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { carrierFlags } from '../flags/data.ts'
import { revokeKey } from '../keys/acts.ts'
import { handOverLetter, makeLetterNow } from '../letters/acts.ts'
import { letterFor, letterIsVoid, letterLines } from '../letters/data.ts'
import { drawLetter } from '../letters/jobs.ts'
import { wayStanding } from './data.ts'
import type { DeliveryWay } from './rules.ts'

afterAll(closeSignals)

const now = new Date()
const carrierId = 'gmobile'
const key = () => ({ submitKey: randomUUID() })

let relay: StaffReader
let apiKey: string
let police: Awaited<ReturnType<typeof makePolice>>
beforeEach(async () => {
  relay = await makeStaff('relay')
  police = await makePolice()
  apiKey = must(await issueKey(relay, { carrierId, ...key() }, now))
})

async function change(way: DeliveryWay) {
  const { wayVersion } = await db.carrier.findUniqueOrThrow({ where: { id: carrierId } })
  const done = await setDeliveryByTwo(relay, { carrierId, way, webhookUrl: '', wayVersion, ...key() }, now)
  expect(done.ok).toBe(true)
}

const headers = () => ({ authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' })
const params = { params: Promise.resolve({}) }
const read = (query = 'after=0') =>
  changes(new Request(`http://localhost/api/carrier/v1/changes?${query}`, { headers: headers() }), params)
const post = (handler: typeof ack, body: object) =>
  handler(
    new Request('http://localhost/api/carrier/v1/x', {
      method: 'POST',
      headers: headers(),
      body: JSON.stringify(body),
    }),
    params,
  )
const orderOf = (caseId: string) =>
  db.carrierOrder.findFirstOrThrow({ where: { caseId, carrierId }, include: { entries: true } })
const applied = async (caseId: string) => {
  const order = await orderOf(caseId)
  const at = now.toISOString()
  const rows = order.entries.map(({ imei }) => ({ order: order.id, imei, outcome: 'applied', at }))
  const response = await post(results, { results: rows })
  return [response.status, ...(await response.json()).results.map((row: { status: string }) => row.status)]
}

describe('the way is set to letters while a key still works', () => {
  test('an order given then is read by letter alone; what was received before is answered as it came', async () => {
    const before = await makeBlockingCase({}, police)
    expect((await (await read()).json()).entries).toHaveLength(1)
    expect((await post(ack, { upTo: 1 })).status).toBe(200)
    await change('letter')
    const after = await makeBlockingCase({}, police)
    // Its system goes on asking: it gets nothing, and the relay sees that it asks.
    expect((await read()).status).toBe(403)
    expect((await post(ack, { upTo: 2 })).status).toBe(403)
    const [flag, ...others] = await carrierFlags(relay, carrierId)
    expect([flag?.kind, flag?.facts, flag?.endedAt, others]).toEqual(['other_way', { lines: 1 }, null, []])
    expect((await orderOf(after.id)).state).toBe('sent')
    // The earlier order is in no letter, so only the interface can enter its result. The later one is answered on paper.
    const made = await makeLetterNow(relay, { carrierId, ...key() }, now)
    const letter = made.ok ? await letterFor(relay, made.value) : null
    if (!letter) throw new Error('there is no letter')
    expect((await letterLines(letter)).map(({ orderId }) => orderId)).toEqual([(await orderOf(after.id)).id])
    expect(await applied(before.id)).toEqual([200, 'recorded'])
    expect(await applied(before.id)).toEqual([200, 'duplicate'])
    expect(await applied(after.id)).toEqual([200, 'unknown'])
    expect([(await orderOf(before.id)).state, (await orderOf(after.id)).state]).toEqual(['applied', 'sent'])
    expect(await letterIsVoid(letter)).toBe(false)
  })

  test('a request that already waits for lines is refused when one comes, and when its key is revoked', async () => {
    const waits = read('after=0&wait=10')
    await change('letter')
    await new Promise((done) => setTimeout(done, 600))
    await makeBlockingCase({}, police)
    expect((await waits).status).toBe(403)
    await change('pull')
    const again = read('after=1&wait=10')
    await new Promise((done) => setTimeout(done, 600))
    const { id } = await db.carrierKey.findFirstOrThrow({ where: { carrierId } })
    await revokeKey(relay, { keyId: id, carrierName: 'Gmobile', ...key() }, now)
    await makeBlockingCase({}, police)
    expect((await again).status).toBe(401)
  })

  test('set back, what stands in letters is read again and no letter is handed over by mistake', async () => {
    await change('letter')
    const made = await makeBlockingCase({}, police)
    expect((await read()).status).toBe(403)
    const letter = await makeLetterNow(relay, { carrierId, ...key() }, now)
    const letterId = letter.ok ? letter.value : ''
    await drawLetter(letterId, now)
    expect(await wayStanding(carrierId)).toMatchObject({ pending: 1, lettered: 1, notHanded: 1, keys: 1 })
    await change('pull')
    expect((await carrierFlags(relay, carrierId)).map(({ endedAt }) => endedAt !== null)).toEqual([true])
    expect((await (await read()).json()).entries).toHaveLength(1)
    const day = now.toLocaleDateString('sv-SE', { timeZone: 'Asia/Ho_Chi_Minh' })
    const hand = { letterId, handedOn: day, handedBy: 'courier' } as const
    expect(await handOverLetter(relay, { ...hand, ...key() }, now)).toEqual(err('came_otherwise'))
    expect(await letterIsVoid((await letterFor(relay, letterId)) ?? never())).toBe(true)
    expect(await applied(made.id)).toEqual([200, 'recorded'])
    expect(await handOverLetter(relay, { ...hand, handedMeant: 'yes', ...key() }, now)).toMatchObject({
      ok: true,
    })
  })

  test('and acknowledged by a message that was on its way, the letter of the same lines warns', async () => {
    await makeBlockingCase({}, police)
    await change('letter')
    const made = await makeLetterNow(relay, { carrierId, ...key() }, now)
    const letterId = made.ok ? made.value : ''
    await drawLetter(letterId, now)
    const { acknowledge } = await import('../book/acts.ts')
    await acknowledge(carrierId, 1, now)
    const hand = { letterId, handedOn: '2026-11-25', handedBy: 'courier', ...key() } as const
    expect(await letterIsVoid((await letterFor(relay, letterId)) ?? never())).toBe(true)
    expect((await handOverLetter(relay, hand, now)).ok).toBe(false)
  })
})

const never = (): never => {
  throw new Error('there is no such letter')
}
