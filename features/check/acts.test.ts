import { describe, expect, it } from 'vitest'
import { GET } from '#app/api/v1/imei/[imei]/route.ts'
import { LIMITS } from '#lib/access/limits.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import {
  makeBlockingCase,
  makePolice,
  makeProvenCase,
  move,
  randomImei,
  unblock,
} from '#tests/factories/case.ts'
import { checkPhone } from './acts.ts'

const now = new Date('2026-11-24T03:00:00Z')
let nextAddress = 0
const check = (written: string) => checkPhone(written, `203.0.113.${nextAddress++ % 250}`, now)
const resultOf = async (written: string) => {
  const checked = await check(written)
  return checked.ok ? checked.value.result : checked.error
}

describe('checkPhone', () => {
  it('says nothing of a case until two people have acted on it', async () => {
    const imei = randomImei()
    const { id } = await makeProvenCase({ imeis: [imei] })
    const { officer, supervisor } = await makePolice()
    expect(await resultOf(imei)).toBe('not_reported')
    await move(id, officer, { move: 'take' })
    expect(await resultOf(imei)).toBe('not_reported')
    await move(id, officer, { move: 'verify' })
    expect(await resultOf(imei)).toBe('not_reported')
    await move(id, supervisor, { move: 'approve' })
    expect(await resultOf(imei)).toBe('reported')
  })

  it('knows the phone in every writing, with either of its numbers, until it is unblocked', async () => {
    const imeis = [randomImei(), randomImei()] as const
    const made = await makeBlockingCase({ imeis })
    const written = imeis[1].replace(/^(..)(......)(......)(.)$/, '$1-$2 $3/$4')
    for (const one of [imeis[0], written, imeis[1].slice(0, 14), `${imeis[1].slice(0, 14)}07`]) {
      expect(await resultOf(one)).toBe('reported')
    }
    await unblock(made)
    expect(await resultOf(imeis[0])).toBe('not_reported')
  })

  it('names what is wrong with a number', async () => {
    const valid = randomImei()
    const wrong = valid.slice(0, 14) + String((Number(valid[14]) + 1) % 10)
    expect(await resultOf(wrong)).toEqual({ kind: 'invalid', fault: 'check_digit' })
    expect(await resultOf('')).toEqual({ kind: 'invalid', fault: 'empty' })
    expect(await resultOf('3'.repeat(100_000))).toEqual({ kind: 'invalid', fault: 'length' })
    expect(await resultOf('\0')).toEqual({ kind: 'invalid', fault: 'empty' })
  })

  it('counts good and bad numbers of one address together', async () => {
    const asked = Array.from({ length: LIMITS.check_address.amount + 5 }, (_, n) =>
      checkPhone(n % 2 ? 'nonsense' : '356789101234563', '198.51.100.7', now),
    )
    const answers = await Promise.all(asked)
    const late = answers.filter((answer) => !answer.ok && answer.error.kind === 'too_often')
    expect(late).toHaveLength(5)
  })

  it('answers each of many at once for itself, and limits each address by itself', async () => {
    const imeis = Array.from({ length: 6 }, randomImei)
    for (const imei of imeis.slice(0, 3)) await makeBlockingCase({ imeis: [imei] })
    const { amount } = LIMITS.check_address
    const asked = Array.from({ length: amount + 60 }, (_, n) => ({
      imei: imeis[n % 6] ?? '',
      address: n < amount + 10 ? '192.0.2.1' : `192.0.2.${n}`,
    }))
    const answers = await Promise.all(asked.map(({ imei, address }) => checkPhone(imei, address, now)))
    const expected = asked.map(({ imei }, n) =>
      n >= amount && n < amount + 10
        ? { kind: 'too_often', retryAfterSeconds: 60 }
        : imeis.indexOf(imei) < 3
          ? 'reported'
          : 'not_reported',
    )
    expect(answers.map((one) => (one.ok ? one.value.result : one.error))).toEqual(expected)
  })

  it('finds the phone by index', async () => {
    await superuser.query('SET enable_seqscan = off')
    const { rows } = await superuser.query(
      `EXPLAIN SELECT 1 FROM case_imeis WHERE key14 = '35678910123456'::char(14) AND is_public`,
    )
    expect(JSON.stringify(rows)).toContain('public_imeis')
  })
})

describe('GET /api/v1/imei/{imei}', () => {
  const get = (imei: string, address: string) =>
    GET(new Request('http://localhost/', { headers: { 'x-forwarded-for': address } }), {
      params: Promise.resolve({ imei }),
    })

  it('answers as the contract says', async () => {
    const imei = randomImei()
    await makeBlockingCase({ imeis: [imei] })
    const reported = await get(imei.slice(0, 14), '203.0.113.1')
    expect(reported.headers.get('cache-control')).toBe('no-store')
    expect(await reported.json()).toEqual({ imei, valid: true, result: 'reported' })
    const other = randomImei()
    expect(await (await get(other, '203.0.113.1')).json()).toEqual({
      imei: other,
      valid: true,
      result: 'not_reported',
    })
    const bad = await get('123', '203.0.113.1')
    expect(bad.status).toBe(200)
    expect(await bad.json()).toEqual({ imei: '123', valid: false, result: 'invalid', fault: 'length' })
  })

  it('answers 429 with a problem and when to come back', async () => {
    let last = await get('356789101234563', '203.0.113.2')
    for (let n = 0; n < LIMITS.check_address.amount; n++) last = await get('356789101234563', '203.0.113.2')
    expect(last.status).toBe(429)
    expect(last.headers.get('content-type')).toBe('application/problem+json')
    const seconds = Number(last.headers.get('retry-after'))
    expect(seconds).toBeGreaterThan(0)
    expect(seconds).toBeLessThanOrEqual(60)
    expect(await last.json()).toMatchObject({ status: 429, type: 'urn:problem:an-tam:too-many-requests' })
    expect(await db.rateLimit.count()).toBe(1)
  })
})
