import { randomUUID } from 'node:crypto'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import type { Contact } from '#features/cases/particulars/rules.ts'
import { exchangeKeys } from '#features/exchange/lists/data.ts'
import { type PhonesScope, systemScope } from '#lib/access/scope.ts'
import { err, ok } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR } from '#lib/time.ts'
import { closeSignals } from '#platform/signals.ts'
import { verifyEd25519 } from '#platform/signatures.ts'
import { db } from '#tests/db.ts'
import { makeBlockingCase, makeCase, randomImei } from '#tests/factories/case.ts'
import { openList, register as registerIn } from '#tests/factories/phones.ts'
import { must } from '#tests/must.ts'
import { makeCertificate } from '../certificates/acts.ts'
import { readCertificateCode, shownCertificate } from '../certificates/data.ts'
import { checkToken, codeIn, tokenIn } from '../certificates/rules.ts'
import { registerPhone, removePhone, reportPhone } from '../registrations/acts.ts'
import { phonesOf, registrationsOn } from '../registrations/data.ts'
import { warnRegistrants } from '../registrations/jobs.ts'
import { paperAgainst } from '../registrations/rules.ts'
import { acceptPhone, handOver, refuseBuyer } from './acts.ts'
import { papersOf, waitingHandover } from './data.ts'

afterAll(closeSignals)

const now = new Date('2026-11-25T03:00:00Z')
let ticks = 0
const next = () => addMilliseconds(now, ++ticks)
const mail = (value: string): Contact => ({ kind: 'email', value })

let imei: string
let seller: PhonesScope
let buyer: PhonesScope
let phone: string
beforeEach(async () => {
  await db.codeSend.deleteMany()
  imei = randomImei()
  seller = await enter(mail('ban@example.vn'))
  buyer = await enter(mail('mua@example.vn'))
  phone = await register(seller)
})

const enter = (contact: Contact) => openList(contact, next())
const register = (scope: PhonesScope, at = addMilliseconds(now, -40 * DAY)) =>
  registerIn(scope, { imei1: imei, colour: 'Đen', bought: 'Chợ Bến Thành' }, at)

const form = (at = next()) => ({ phoneId: phone, submitKey: randomUUID(), now: at })
const accept = (scope: PhonesScope, code: string, at = next()) =>
  acceptPhone(scope, code, { consented: true, submitKey: randomUUID(), now: at })

async function certify(at = now): Promise<string> {
  const made = must(await makeCertificate(seller, form(at)))
  return (await readCertificateCode(seller, made)) ?? ''
}

describe('a certificate', () => {
  test('says what was known at its minute, for 24 hours, and stays as it was', async () => {
    const code = await certify()
    const shown = await shownCertificate(code, addMilliseconds(now, HOUR))
    if (!shown || shown.over) throw new Error('not shown')
    expect(shown.statement).toMatchObject({
      ...{ colour: 'Đen', ends: [imei.slice(-4)], confirmed: null, at: now.toISOString() },
      since: addMilliseconds(now, -40 * DAY).toISOString(),
    })
    // Its page shows neither the number nor anything of the seller.
    expect(JSON.stringify(shown.statement)).not.toContain(imei)
    await makeCase({ imeis: [imei], now: addMilliseconds(now, HOUR / 2) })
    expect(await shownCertificate(code, addMilliseconds(now, HOUR))).toEqual(shown)
    expect(await shownCertificate(code, addMilliseconds(now, DAY))).toEqual({
      over: true,
      until: addMilliseconds(now, DAY),
    })
    expect(await shownCertificate('00000-00000-00000-00000', now)).toBeNull()
    // Its entry in the log reveals nothing of the phone.
    const entry = await db.auditEntry.findFirstOrThrow({ where: { act: 'registration.certify' } })
    expect(entry.facts).toEqual({ sha256: shown.digest })
  })

  test('is checked without a network by its signature; changed or over it is not right', async () => {
    const code = await certify()
    const shown = await shownCertificate(code, now)
    if (!shown || shown.over) throw new Error('not shown')
    const scanned = `https://antam.example.vn/chung-nhan/${code}#${shown.token}`
    expect(codeIn(scanned)).toBe(code)
    const keys = exchangeKeys().keys.map(({ x }) => Buffer.from(x, 'base64url'))
    const check = (token: string, at = now) =>
      checkToken(token, at, async (message, signature) =>
        keys.some((key) => verifyEd25519(key, message, signature) === true),
      )
    const token = tokenIn(scanned) ?? ''
    expect(await check(token)).toMatchObject({ kind: 'right', statement: { ends: [imei.slice(-4)] } })
    expect(await check(token, addMilliseconds(now, DAY))).toMatchObject({ kind: 'over' })
    const [header, , signature] = token.split('.')
    const other = Buffer.from(JSON.stringify({ ...shown.statement, ends: ['0000'] })).toString('base64url')
    expect(await check(`${header}.${other}.${signature}`)).toEqual({ kind: 'unsigned' })
    expect(await check('a.b.c')).toEqual({ kind: 'unsigned' })
  })

  test('is not made of a phone that stands in public as reported, nor of one that its holder has reported', async () => {
    const begun = await reportPhone(seller, { ...form(), locale: 'vi', address: randomUUID() })
    expect(begun.ok).toBe(true)
    // A draft is not a report yet.
    expect(await makeCertificate(seller, form())).toMatchObject({ ok: true })
    await makeBlockingCase({ imeis: [imei], now })
    expect(await makeCertificate(seller, form())).toEqual(err('reported'))
  })

  test('of a stolen phone, before its report, shows since when it is registered and knows nothing of what waits', async () => {
    await makeCase({ imeis: [imei], now: addMilliseconds(now, -HOUR) })
    const code = await certify()
    // A report that two people have not acted on is hidden here as in the public check.
    expect(await shownCertificate(code, now)).toMatchObject({
      over: false,
      statement: { at: now.toISOString() },
    })
  })
})

describe('a hand-over', () => {
  test('moves the registration once both have said so; each has the paper, and nothing of the other’s goes along', async () => {
    const code = await certify()
    expect(await accept(buyer, code)).toEqual(ok(true))
    expect(await phonesOf(buyer)).toEqual([])
    expect(await waitingHandover(phone)).toMatchObject({ buyer: mail('mua@example.vn') })
    expect(await handOver(seller, form())).toEqual(ok(true))
    const [[theirs], [ours]] = [await phonesOf(buyer), await phonesOf(seller)]
    expect(theirs).toMatchObject({
      state: 'registered',
      content: { imeis: [imei], msisdn: null, bought: '', otherSides: { got: expect.stringContaining('•') } },
    })
    expect(ours).toMatchObject({ state: 'handed_over' })
    const [gave] = await papersOf(seller, phone)
    const [got] = await papersOf(buyer, theirs?.id ?? '')
    expect(gave).toMatchObject({ side: 'gave', number: expect.stringMatching(/^BG-/) })
    expect(got).toEqual({ ...gave, side: 'got' })
    const told = await db.notice.groupBy({ by: ['template'], _count: true })
    expect(told.map(({ template }) => template)).toEqual(
      expect.arrayContaining(['phones_accepted', 'phones_handed_over', 'phones_got']),
    )
    const change = (imei1: string) =>
      registerPhone(buyer, {
        ...{ phoneId: theirs?.id ?? '', submitKey: randomUUID(), now: next() },
        ...{ typed: { imei1, phoneName: 'máy mới' }, consents: [] },
      })
    expect(await change(randomImei())).toEqual(err({ imei1: 'phones.has_paper' }))
    expect(await change(imei)).toEqual(ok(true))
    expect((await phonesOf(buyer))[0]?.content).toMatchObject({
      ...{ name: 'máy mới', otherSides: theirs?.content.otherSides },
    })
    // When the seller's list is deleted, the buyer's paper stays.
    await removePhone(seller, phone, next())
    expect(await papersOf(buyer, theirs?.id ?? '')).toEqual([got])
  })

  test('has one buyer: accepted twice, by another, by oneself, over, without consent', async () => {
    const code = await certify()
    const other = await enter(mail('khac@example.vn'))
    expect(await accept(seller, code)).toEqual(err('own'))
    expect(
      await acceptPhone(buyer, code, { consented: false, submitKey: randomUUID(), now: next() }),
    ).toEqual(err('consent'))
    expect(await accept(buyer, code, addMilliseconds(now, DAY))).toEqual(err('closed'))
    expect(await accept(buyer, '00000-00000-00000-00000')).toEqual(err('not_found'))
    expect(await accept(buyer, code)).toEqual(ok(true))
    expect(await accept(buyer, code)).toEqual(ok(true))
    expect(await db.phoneHandover.count()).toBe(1)
    expect(await accept(other, code)).toEqual(err('taken'))
    expect(await refuseBuyer(seller, form())).toEqual(ok(true))
    expect(await handOver(seller, form())).toEqual(err('none'))
    expect(await accept(other, code)).toEqual(ok(true))
    expect(await phonesOf(seller)).toMatchObject([{ state: 'registered' }])
  })

  test('of many at once has one winner', async () => {
    const code = await certify()
    const buyers: PhonesScope[] = []
    for (let at = 0; at < 5; at++) buyers.push(await enter(mail(`mua-${at}@example.vn`)))
    const all = await Promise.all(buyers.map((scope) => accept(scope, code)))
    expect(all.filter(({ ok }) => ok)).toHaveLength(1)
    const confirmed = await Promise.all([1, 2, 3].map(() => handOver(seller, form())))
    expect(confirmed.filter(({ ok }) => ok)).toHaveLength(1)
    expect(await db.registeredPhone.count({ where: { state: 'registered' } })).toBe(1)
  })

  test('is not done while the phone is reported, nor after a day', async () => {
    const code = await certify()
    expect(await accept(buyer, code)).toMatchObject({ ok: true })
    expect(await handOver(seller, form(addMilliseconds(now, DAY + HOUR)))).toEqual(err('none'))
    await makeBlockingCase({ imeis: [imei], now })
    expect(await handOver(seller, form())).toEqual(err('reported'))
    expect(await accept(buyer, code)).toEqual(err('reported'))
  })

  test('stands beside a report by the former holder, with its paper', async () => {
    expect(await accept(buyer, await certify())).toMatchObject({ ok: true })
    expect(await handOver(seller, form())).toMatchObject({ ok: true })
    const report = await makeCase({
      ...{ imeis: [imei], now: addMilliseconds(now, DAY) },
      particulars: { contact: mail('ban@example.vn') },
    })
    expect(await registrationsOn(systemScope(), { id: report.id, imeis: [{ imei }] })).toMatchObject([
      { own: true, state: 'handed_over', papers: [{ side: 'gave' }] },
      { own: false, state: 'registered', papers: [{ side: 'got' }] },
    ])
  })

  test('lets the buyer be heard where the seller says that the phone was lost before it was sold', async () => {
    expect(await accept(buyer, await certify())).toMatchObject({ ok: true })
    expect(await handOver(seller, form())).toMatchObject({ ok: true })
    // From another contact, with an incident a day before the hand-over.
    const report = await makeCase({
      ...{ imeis: [imei], now: addMilliseconds(now, DAY) },
      particulars: { contact: mail('ban-khac@example.vn'), nationalId: '079190054321' },
    })
    await db.case.update({ where: { id: report.id }, data: { incidentAt: addMilliseconds(now, -DAY) } })
    await warnRegistrants(addMilliseconds(now, DAY + HOUR))
    const [theirs] = await phonesOf(buyer)
    expect(theirs).toMatchObject({ warning: { caseId: report.id, contestedAt: null } })
    const lines = await registrationsOn(systemScope(), { id: report.id, imeis: [{ imei }] })
    expect(paperAgainst(lines, addMilliseconds(now, DAY))).toMatchObject({ own: false, side: 'got' })
  })
})
