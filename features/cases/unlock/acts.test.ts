import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { LIMITS } from '#lib/access/limits.ts'
import { err } from '#lib/result.ts'
import { addMilliseconds, MINUTE } from '#lib/time.ts'
import { randomBuffer } from '#platform/crypto.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { type MadeCase, makeCase } from '#tests/factories/case.ts'
import { newestCode } from '#tests/factories/messages.ts'
import { expectSameWork } from '#tests/same-work.ts'
import { newCaseNumber } from '../numbers/rules.ts'
import { requestStatusCode, sendStatusCode, unlockWithCode, unlockWithSecret } from './acts.ts'
import { newCaseSecret } from './rules.ts'

const NOW = new Date('2026-11-24T03:00:00Z')
const HERE = '203.0.113.7'
const wrong = () => newCaseSecret(randomBuffer)
const open = (number: string, secret: string, address = HERE, now = NOW) =>
  unlockWithSecret({ number, secret }, address, now)
const noMatch = err('no_match')
const tooMany = err('too_many')

describe('unlockWithSecret', () => {
  it('opens with number and secret as people write them', async () => {
    const { id, number, secret } = await makeCase()
    const opened = { ok: true, value: { caseId: id, number, locale: 'vi' } }
    expect(await open(number, secret)).toEqual(opened)
    const sloppy = number.toLowerCase().replace('hcm', '').replaceAll('-', ' ')
    expect(await open(sloppy, secret.toLowerCase().replaceAll('-', ' '))).toEqual(opened)
  })

  it('answers a wrong number and a wrong secret alike, and no written form differently', async () => {
    const { number, secret } = await makeCase()
    expect(await open(number, wrong())).toEqual(noMatch)
    expect(await open(newCaseNumber(randomBuffer), secret)).toEqual(noMatch)
    expect(await open(number, '')).toEqual(noMatch)
    expect(await open('', secret)).toEqual(noMatch)
    expect(await open('HCM', 'x'.repeat(10_000))).toEqual(noMatch)
  })

  it("does not open one case with another's secret", async () => {
    const [one, other] = [await makeCase(), await makeCase()]
    expect(await open(one.number, other.secret)).toEqual(noMatch)
  })

  it('stops guesses at any cases from one address, until the window ends', async () => {
    const { number, secret } = await makeCase()
    const { amount, window } = LIMITS.lookup_address
    for (let n = 0; n < amount; n++) {
      expect(await open(n % 2 ? number : newCaseNumber(randomBuffer), wrong())).toEqual(noMatch)
    }
    expect(await open(number, secret)).toEqual(tooMany)
    expect((await open(number, secret, HERE, addMilliseconds(NOW, window + MINUTE))).ok).toBe(true)
  })

  it('lets a thousand numbers be tried from one address without looking but at the first few', async () => {
    const { number, secret } = await makeCase()
    const counted: Record<string, number> = {}
    const attempt = async () => {
      const tried = await open(newCaseNumber(randomBuffer), secret)
      const answer = tried.ok ? 'opened' : tried.error
      counted[answer] = (counted[answer] ?? 0) + 1
    }
    for (let batch = 0; batch < 100; batch++) await Promise.all(Array.from({ length: 10 }, attempt))
    // Attempts at the same moment as the last allowed one were checked too.
    expect(counted.no_match).toBeLessThan(LIMITS.lookup_address.amount + 10)
    expect(counted).toEqual({ no_match: counted.no_match, too_many: 1_000 - (counted.no_match ?? 0) })
    expect(await open(number, secret)).toEqual(tooMany)
  }, 60_000)

  it('lets nobody lock an owner out, from however many other addresses they guess', async () => {
    const { number, secret } = await makeCase()
    for (let n = 0; n < 10; n++) {
      const guesses = Array.from({ length: LIMITS.lookup_address.amount + 5 }, () =>
        open(number, wrong(), `198.51.100.${n}`),
      )
      expect((await Promise.all(guesses)).some(({ ok }) => ok)).toBe(false)
    }
    expect((await open(number, secret)).ok).toBe(true)
  })

  it('holds nobody up for being right often', async () => {
    const { number, secret } = await makeCase()
    for (let n = 0; n <= LIMITS.lookup_address.amount; n++) expect((await open(number, secret)).ok).toBe(true)
  })
})

describe('a code to the confirmed contact', () => {
  const codeFor = ({ id }: MadeCase): Promise<string> =>
    newestCode({ caseId: id, template: 'code_view_status' })
  const withCode = (number: string, code: string, submitKey: string = randomUUID(), now = NOW) =>
    unlockWithCode({ number, code, asker: null, submitKey }, HERE, now)
  const ask = (number: string, submitKey: string = randomUUID()) =>
    requestStatusCode({ number, address: HERE, asker: null, submitKey }, NOW)
  const otherThan = (code: string) => String((Number(code) + 1) % 1_000_000).padStart(6, '0')

  it('opens the case it was sent for, once', async () => {
    const made = await makeCase()
    await sendStatusCode({ number: made.number }, NOW)
    const code = await codeFor(made)
    expect(await withCode(made.number, otherThan(code))).toEqual(noMatch)
    expect((await withCode(made.number, code)).ok).toBe(true)
    expect(await withCode(made.number, code)).toEqual(noMatch)
  })

  it('opens it each time the same form is sent, at once and within seconds', async () => {
    const made = await makeCase()
    await sendStatusCode({ number: made.number }, NOW)
    const code = await codeFor(made)
    const key = randomUUID()
    const sent = (now = NOW, typed = code) => withCode(made.number, typed, key, now)
    const opened = { ok: true, value: { caseId: made.id, number: made.number, locale: 'vi' } }
    expect(await Promise.all([sent(), sent(), sent()])).toEqual([opened, opened, opened])
    expect(await sent(addMilliseconds(NOW, 29_000))).toEqual(opened)
    // Another code in the same form is another try, and so is another form with the same code. Later the code is spent.
    expect(await sent(NOW, otherThan(code))).toEqual(noMatch)
    expect(await withCode(made.number, code)).toEqual(noMatch)
    expect(await sent(addMilliseconds(NOW, 30_000))).toEqual(noMatch)
  })

  it('is asked for once by a form that is sent several times, which the limit does not hold up', async () => {
    const { number } = await makeCase()
    const key = randomUUID()
    const many = LIMITS.code_address.amount + 2
    const asked = await Promise.all(Array.from({ length: many }, () => ask(number, key)))
    expect(asked).toEqual(asked.map(() => ({ ok: true, value: true })))
    const jobs = await superuser.query("SELECT FROM pgboss.job WHERE name = 'status-code'")
    expect(jobs.rowCount).toBe(1)
    // For another number it is another request.
    expect(await ask(newCaseNumber(randomBuffer), key)).toEqual({ ok: true, value: true })
  })

  it('is not sent for a number that does not exist', async () => {
    const number = newCaseNumber(randomBuffer)
    await sendStatusCode({ number }, NOW)
    expect(await db.contactCode.count()).toBe(0)
    expect(await withCode(number, '123456')).toEqual(noMatch)
  })

  it('is asked for with the same work, whether there is such a case or not', async () => {
    const { number } = await makeCase()
    await expectSameWork([number, newCaseNumber(randomBuffer)], (of) => ask(of))
    expect(await db.contactCode.count()).toBe(0)
  })

  it('is tried with the same work at a case that has none and at a number of none', async () => {
    const { number } = await makeCase()
    await expectSameWork(
      [number, newCaseNumber(randomBuffer)],
      (tried) => withCode(tried, '123456'),
      /contact_codes/,
    )
  })

  it('dies after five wrong tries', async () => {
    const made = await makeCase()
    await sendStatusCode({ number: made.number }, NOW)
    const code = await codeFor(made)
    for (let n = 0; n < 5; n++) expect(await withCode(made.number, otherThan(code))).toEqual(noMatch)
    expect(await withCode(made.number, code)).toEqual(noMatch)
  })
})
