import { createHash, randomUUID } from 'node:crypto'
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Contact } from '#features/cases/particulars/rules.ts'
import type { Code } from '#features/cases/unlock/rules.ts'
import { listEvidence } from '#features/evidence/files/page-data.ts'
import { readQuestions, recordAnswers } from '#features/exchange/questions/acts.ts'
import { draftView } from '#features/reporting/drafts/page-data.ts'
import { sendReport } from '#features/reporting/sending/acts.ts'
import { saveStep } from '#features/reporting/steps/acts.ts'
import { CONSENTS } from '#features/reporting/steps/consents-rules.ts'
import { eraseAgain } from '#features/retention/acts.ts'
import { citizenScope, type PhonesScope, systemScope } from '#lib/access/scope.ts'
import { parseImei } from '#lib/imei/imei.ts'
import { err, ok } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR } from '#lib/time.ts'
import { closeSignals } from '#platform/signals.ts'
import { db } from '#tests/db.ts'
import { makeBlockingCase, makeCase, makePolice, move, randomImei } from '#tests/factories/case.ts'
import { newestMessage } from '#tests/factories/messages.ts'
import { addPhoto, openList, register as registerIn } from '#tests/factories/phones.ts'
import { must } from '#tests/must.ts'
import { expectSameWork } from '#tests/same-work.ts'
import {
  addSecondContact,
  askSecondContact,
  askToOpen,
  dropContact,
  openPhones,
} from '../registrants/acts.ts'
import { findRegistrant } from '../registrants/data.ts'
import { exportPhones } from '../registrants/export-acts.ts'
import {
  askCarrier,
  beginPhone,
  contestReport,
  keepPhone,
  phoneForEvidence,
  registerPhone,
  removePhone,
  reportPhone,
} from './acts.ts'
import { phoneOf, phonesOf, registrationsOn } from './data.ts'
import { askYearly, lapse, warnRegistrants } from './jobs.ts'
import { sweepPhones } from './sweep-acts.ts'

afterAll(closeSignals)

const now = new Date('2026-11-25T03:00:00Z')
let ticks = 0
/** Returns a later time on each call, so that the newest message is the last. */
const next = () => addMilliseconds(now, ++ticks)
const mail = (value: string): Contact => ({ kind: 'email', value })
const anh = mail('anh@example.vn')

beforeEach(() => db.codeSend.deleteMany())

const ask = (contact: Contact, at = next()) =>
  askToOpen({
    ...{ contact, address: randomUUID(), asker: null, locale: 'vi', submitKey: randomUUID(), now: at },
  })

const enter = (contact: Contact, at = next()) => openList(contact, at)
const PERSON = { fullName: 'Nguyễn Thị Ánh', idKind: 'cccd', nationalId: '079190012345' }
const form = (phoneId: string, at = next()) => ({ phoneId, submitKey: randomUUID(), now: at })

const register = (
  scope: PhonesScope,
  imei: string,
  more: Record<string, string> = PERSON,
  at = next(),
): Promise<string> =>
  registerIn(scope, { imei1: imei, ...more }, at, ['consentRegistration', 'consentSimCheck'])

const addDevice = ({ registrantId: caseId }: PhonesScope, madeAt: Date) =>
  db.pushDevice.create({
    data: {
      ...{ id: randomUUID(), caseId, locale: 'vi', madeAt },
      ...{ endpointHash: createHash('sha256').update(randomUUID()).digest(), sealed: Buffer.from('sealed') },
    },
  })

describe('the door', () => {
  test('a code opens the list of its contact, the same one each time', async () => {
    const first = await enter(anh)
    const again = await enter(mail('ANH@example.vn'))
    expect(again.registrantId).toBe(first.registrantId)
    expect((await enter(mail('binh@example.vn'))).registrantId).not.toBe(first.registrantId)
  })

  test('neither the answer nor the work tells whether a contact has a list', async () => {
    await enter(anh)
    await expectSameWork([anh, mail('khac@example.vn')], async (contact) => (await ask(contact)).ok)
  })

  test('a wrong code opens nothing, and a list without a right one is gone in an hour', async () => {
    const asked = must(await ask(anh))
    const code = (await newestMessage()).params.code
    const wrong = code === '000000' ? '111111' : '000000'
    const tried = {
      ...{ contact: anh, made: asked, address: randomUUID(), asker: null },
      ...{ submitKey: randomUUID(), now },
    }
    expect(await openPhones({ ...tried, code: wrong as Code })).toEqual(err('wrong'))
    expect(await findRegistrant(asked)).toBeNull()
    await sweepPhones(addMilliseconds(now, 2 * HOUR))
    expect(await db.registrant.count()).toBe(0)
    expect(await db.caseKey.count({ where: { caseId: asked } })).toBe(0)
  })

  test('a second contact opens the same list after its own code; one that has another list is refused', async () => {
    const scope = await enter(anh)
    const other = await enter(mail('binh@example.vn'))
    const asking = () => ({
      locale: 'vi' as const,
      address: randomUUID(),
      submitKey: randomUUID(),
      now: next(),
    })
    const asked = await askSecondContact(scope, 'chi@example.vn', asking())
    expect(asked).toMatchObject({ ok: true })
    const { code = '' } = (await newestMessage()).params
    expect(await addSecondContact(scope, mail('chi@example.vn'), code, next())).toEqual(ok(true))
    expect(await newestMessage()).toMatchObject({ template: 'phones_contact_added', to: 'anh@example.vn' })
    expect((await enter(mail('chi@example.vn'))).registrantId).toBe(scope.registrantId)
    expect(await askSecondContact(scope, 'dung@example.vn', asking())).toEqual(err('phones.contact_full'))
    // Only a person who can read the contact learns of its list, and only after the right code.
    expect(await askSecondContact(other, 'chi@example.vn', asking())).toMatchObject({ ok: true })
    const taken = (await newestMessage()).params.code ?? ''
    expect(await addSecondContact(other, mail('chi@example.vn'), taken, next())).toEqual(err('taken'))
    expect(await dropContact(scope, 'anh@example.vn', next())).toBe(true)
    expect(await dropContact(scope, 'chi@example.vn', next())).toBe(false)
    expect((await enter(anh)).registrantId).not.toBe(scope.registrantId)
  })
})

describe('a registration', () => {
  test('is refused beside its fields, and kept whole once it is right', async () => {
    const scope = await enter(anh)
    const begun = must(await beginPhone(scope, randomUUID(), now))
    const send = (typed: Record<string, string>, consents: string[] = ['consentRegistration']) =>
      registerPhone(scope, { ...form(begun), typed, consents })
    expect(await send({ imei1: '123' })).toEqual(err({ imei1: 'report.imei.length' }))
    expect(await send({ imei1: randomImei(), phoneNumber1: '12' })).toMatchObject({
      error: { phoneNumber1: expect.stringContaining('report.mobile.') },
    })
    expect(await send({ imei1: randomImei(), fullName: 'Ánh' })).toMatchObject({
      error: { idKind: expect.any(String) },
    })
    expect(await send({ imei1: randomImei() }, [])).toEqual(err({ consentRegistration: 'phones.consent' }))
    expect(await phonesOf(scope)).toEqual([])
    const imei = randomImei()
    expect(await send({ imei1: imei, phoneName: 'máy của mẹ', ...PERSON })).toEqual(ok(true))
    expect(await phonesOf(scope)).toMatchObject([
      { content: { imeis: [imei], name: 'máy của mẹ' }, state: 'registered', confirmed: null },
    ])
    expect(await findRegistrant(scope.registrantId)).toMatchObject({ person: PERSON })
  })

  test('ten people register one phone: none learns of another, and nothing is claimed', async () => {
    const imei = randomImei()
    const scopes: PhonesScope[] = []
    for (let at = 0; at < 10; at++) scopes.push(await enter(mail(`nguoi-${at}@example.vn`)))
    for (const scope of scopes) await register(scope, imei)
    for (const scope of scopes) expect(await phonesOf(scope)).toHaveLength(1)
    expect(await db.caseImei.count({ where: { key14: imei.slice(0, 14) } })).toBe(0)
    const [first, second] = [await enter(mail('a@example.vn')), await enter(mail('b@example.vn'))]
    const fresh = [imei, randomImei()]
    // Registering a phone that ten others have costs the same work as one that nobody has.
    await expectSameWork([0, 1], async (at) => {
      await register(at === 0 ? first : second, fresh[at] ?? '', {}, now)
      return true
    })
  })

  test('of another list is not there', async () => {
    const scope = await enter(anh)
    const id = await register(scope, randomImei())
    const other = await enter(mail('khac@example.vn'))
    expect(await phoneOf(other, id)).toBeNull()
    expect(await phoneForEvidence(other, id)).toBeNull()
    expect(await keepPhone(other, form(id))).toEqual(err('not_found'))
    expect(await removePhone(other, id, now)).toBe(false)
    // A malformed id finds no phone either.
    for (const none of ['', 'x', id.slice(1)]) expect(await removePhone(scope, none, now)).toBe(false)
    expect(await reportPhone(other, { ...form(id), locale: 'vi', address: randomUUID() })).toEqual(
      err('not_found'),
    )
  })

  test('is asked about after a year, lapses after two, comes back, and is deleted when nobody wants it', async () => {
    const scope = await enter(anh)
    const id = await register(scope, randomImei())
    await askYearly(addMilliseconds(now, 364 * DAY))
    expect(await db.notice.count({ where: { template: 'phones_still_yours' } })).toBe(0)
    for (let twice = 0; twice < 2; twice++) await askYearly(addMilliseconds(now, 366 * DAY))
    expect(await db.notice.count({ where: { template: 'phones_still_yours' } })).toBe(1)
    await lapse(addMilliseconds(now, 731 * DAY))
    expect(await phonesOf(scope)).toMatchObject([{ state: 'lapsed' }])
    const back = addMilliseconds(now, 740 * DAY)
    expect(await keepPhone(scope, form(id, back))).toEqual(ok(true))
    expect(await phonesOf(scope)).toMatchObject([{ state: 'registered', keptAt: back }])
    await lapse(addMilliseconds(back, 731 * DAY))
    await sweepPhones(addMilliseconds(back, 731 * DAY + 91 * DAY))
    expect(await phonesOf(scope)).toEqual([])
    expect(await db.caseKey.count({ where: { caseId: id } })).toBe(0)
  })

  test('is removed at once with its papers; a restored copy has it removed again', async () => {
    const scope = await enter(anh)
    const id = await register(scope, randomImei())
    await addPhoto(scope, id, now)
    expect(await removePhone(scope, id, now)).toBe(true)
    expect(await db.evidence.count({ where: { caseId: id } })).toBe(0)
    expect(await db.erasure.findMany({ where: { subjectId: id }, select: { kind: true } })).toEqual([
      { kind: 'registration' },
    ])
    expect((await eraseAgain(null, now)).failed).toBe(0)
  })

  test('is taken along whole', async () => {
    const scope = await enter(anh)
    const imei = randomImei()
    const id = await register(scope, imei)
    await addPhoto(scope, id, now)
    const data = await exportPhones(scope, now)
    expect(data).toMatchObject({
      list: { contacts: [anh], person: PERSON },
      phones: [{ imeis: [imei], state: 'registered', evidence: [{ kind: 'box' }], warned: null }],
    })
    expect(data?.phones[0]?.consents.map(({ purpose }) => purpose)).toEqual([
      'registration',
      'registration_sim',
    ])
  })
})

describe('a carrier', () => {
  const number = '0901234567'
  const own: Contact = { kind: 'phone', value: '+84901234567' }

  test('is asked only about a number that gets codes of the list, and its yes confirms the registration', async () => {
    // Carriers read and answer by the clock.
    vi.useFakeTimers({ now, toFake: ['Date'] })
    const stranger = await enter(anh)
    const theirs = await register(stranger, randomImei(), { phoneNumber1: number })
    expect(await askCarrier(stranger, { ...form(theirs), consented: true })).toEqual(err('not_yours'))
    expect(await db.carrierQuestion.count()).toBe(0)

    const scope = await enter(own)
    const imei = randomImei()
    const id = await register(scope, imei, { phoneNumber1: number })
    expect(await askCarrier(scope, { ...form(id), consented: false })).toEqual(ok(true))
    // While one carrier's answer is open, no other carrier is told the number.
    expect(await askCarrier(scope, { ...form(id), consented: true })).toEqual(err('nobody_to_ask'))
    const { carrierId } = await db.carrierQuestion.findFirstOrThrow({ where: { caseId: id } })
    const read = must(
      await readQuestions(carrierId, { after: 0, limit: 10, wait: 0 }, new AbortController().signal),
    )
    const [question] = read.entries
    expect(question).toMatchObject({ kind: 'number_in_imei', imei, msisdn: own.value })
    await recordAnswers(carrierId, [{ question: question?.question ?? '', answer: 'yes' }], new Date())
    expect((await phonesOf(scope))[0]?.confirmed).not.toBeNull()
    const change = (typed: Record<string, string>, at: Date) =>
      registerPhone(scope, { ...form(id, at), typed, consents: [] })
    const later = addMilliseconds(now, HOUR)
    // Another SIM: the registration date stays, but no carrier has answered about that number.
    expect(await change({ imei1: imei, phoneNumber1: '0912345678' }, later)).toMatchObject({ ok: true })
    const since = (await phonesOf(scope))[0]?.registeredAt
    expect(since?.getTime()).toBeLessThan(later.getTime())
    expect((await phonesOf(scope))[0]?.confirmed).toBeNull()
    // Another phone under an old date would let a thief look like its owner.
    expect(await change({ imei1: randomImei() }, later)).toMatchObject({ ok: true })
    expect((await phonesOf(scope))[0]?.registeredAt).toEqual(later)
  })
})

describe('a report from a registration', () => {
  test('asks what happened and is sent: contact, phone, person and papers are there', async () => {
    const scope = await enter(anh)
    const imei = randomImei()
    const id = await register(scope, imei, { ...PERSON, phoneNumber1: '0912345678' })
    await addPhoto(scope, id, now)
    const asked = { ...form(id), locale: 'vi' as const, address: randomUUID() }
    const begun = await reportPhone(scope, asked)
    if (!begun.ok) throw new Error(JSON.stringify(begun.error))
    const cookie = { value: begun.value, officerId: null }
    expect(await draftView(cookie, now)).toMatchObject({
      ...{ incomplete: 'incident', contactConfirmed: true, evidence: 1 },
      report: { phone: { phoneNumbers: ['+84912345678'] }, person: PERSON },
    })
    // Sent twice, it is one draft.
    expect(await reportPhone(scope, asked)).toEqual(begun)
    expect(await db.reportDraft.count()).toBe(1)

    const typed = { incidentType: 'snatched', incidentWhen: 'now', district: 'quan-3' }
    const saved = await saveStep({
      ...{ cookie, step: 'incident', typed, locale: 'vi', address: randomUUID(), now: next() },
    })
    expect(saved).toMatchObject(ok({ incomplete: 'review', faults: {} }))
    const sent = await sendReport({
      ...{ cookie: begun.value, consents: CONSENTS.map(({ field }) => field), officer: null },
      ...{ identity: null, locale: 'vi', now: next() },
    })
    expect(sent).toMatchObject({ ok: true })
    const [phone] = await phonesOf(scope)
    expect(phone?.report).not.toBeNull()
    // The registration keeps its own papers.
    expect(await listEvidence(citizenScope(id, 'full'), id)).toHaveLength(1)
    const reportId = phone?.reportId ?? ''
    expect(await listEvidence(citizenScope(reportId, 'full'), reportId)).toHaveLength(1)
    const lines = await registrationsOn(systemScope(), { id: reportId, imeis: [{ imei }] })
    expect(lines).toMatchObject([{ own: true, afterReport: false, confirmed: null, papers: [] }])
    expect(await reportPhone(scope, { ...asked, submitKey: randomUUID() })).toMatchObject(
      err({ reported: phone?.report?.number }),
    )
    // It shortens the report, not the decision.
    expect(await db.case.findUniqueOrThrow({ where: { id: reportId } })).toMatchObject({
      ...{ state: 'submitted', verifiedById: null },
    })
    expect(await db.carrierOrder.count()).toBe(0)
  })

  test('by the number of the lost SIM asks whether that was reissued', async () => {
    const own: Contact = { kind: 'phone', value: '+84901234567' }
    const scope = await enter(own)
    const id = await register(scope, randomImei(), { ...PERSON, phoneNumber1: '0901234567' })
    await addDevice(scope, addMilliseconds(now, -DAY))
    const begun = must(await reportPhone(scope, { ...form(id), locale: 'vi', address: randomUUID() }))
    expect(await db.pushDevice.count()).toBe(0)
    expect(await draftView({ value: begun, officerId: null }, now)).toMatchObject({
      ...{ sameNumber: true, contactConfirmed: true },
      report: { phone: null },
    })
  })
})

describe('somebody else’s report', () => {
  const registered = async (at = addMilliseconds(now, -30 * DAY)) => {
    const scope = await enter(anh, at)
    const imei = randomImei()
    const id = await register(scope, imei, PERSON, at)
    return { scope, imei, id }
  }
  const stranger = { contact: mail('ke-gian@example.vn'), nationalId: '079190054321' }

  test('is told to who registered the phone before, once, without a word of whom; police read the answer', async () => {
    const { scope, imei, id } = await registered()
    const report = await makeCase({ imeis: [imei], now, particulars: stranger })
    for (let twice = 0; twice < 2; twice++) await warnRegistrants(next())
    expect(await db.notice.count({ where: { template: 'phones_reported' } })).toBe(1)
    const { params, to } = await newestMessage()
    expect(to).toBe(anh.value)
    expect(JSON.stringify(params)).not.toContain(report.number)
    expect(JSON.stringify(params)).not.toContain(stranger.contact.value)
    expect(await phoneOf(scope, id)).toMatchObject({ warning: { contestedAt: null } })
    const said = await contestReport(scope, { ...form(id), words: 'Máy ở trong tay tôi.' })
    expect(said).toEqual(ok(true))
    expect(await contestReport(scope, { ...form(id), words: '' })).toEqual(err('not_open'))
    expect(await registrationsOn(systemScope(), { id: report.id, imeis: [{ imei }] })).toMatchObject([
      { own: false, contested: { words: 'Máy ở trong tay tôi.' } },
    ])
  })

  test('is told to nobody who registered the phone after it was lost, nor to its own reporter', async () => {
    const { imei: mine, scope } = await registered()
    const imei = randomImei()
    await makeCase({ imeis: [imei], now, particulars: stranger })
    const thief = await enter(mail('nguoi-giu@example.vn'))
    const id = await register(thief, imei, {}, addMilliseconds(now, HOUR))
    await warnRegistrants(addMilliseconds(now, 2 * HOUR))
    expect(await db.phoneWarning.count()).toBe(0)
    expect(await phoneOf(thief, id)).toMatchObject({ warning: null })
    // A person who registered first and reports the ordinary way gets no warning. Devices added before the report may be the lost
    // phone, so they are removed.
    const [older, newer] = [addMilliseconds(now, -DAY), addMilliseconds(now, HOUR)]
    for (const madeAt of [older, newer]) await addDevice(scope, madeAt)
    await makeCase({ imeis: [mine], now, particulars: { contact: anh } })
    await warnRegistrants(next())
    expect(await db.phoneWarning.count()).toBe(0)
    expect(await db.pushDevice.findMany({ select: { madeAt: true } })).toEqual([{ madeAt: newer }])
  })

  test.each(['give_imei', 'add_imei'] as const)(
    'is told days later, where the number comes by %s',
    async (by) => {
      const { imei } = await registered()
      const report = await makeCase({
        imeis: by === 'give_imei' ? [] : [randomImei()],
        now,
        particulars: stranger,
      })
      const given = parseImei(imei)
      const later = addMilliseconds(now, 5 * DAY)
      const imeis = given.ok ? [given.value] : []
      await move(report.id, { kind: 'citizen' }, { move: by, imeis }, later)
      for (let twice = 0; twice < 2; twice++) await warnRegistrants(addMilliseconds(later, HOUR))
      expect(await db.phoneWarning.findMany({ select: { caseId: true } })).toEqual([{ caseId: report.id }])
    },
  )

  test('marks a claim that was registered after it', async () => {
    const imei = randomImei()
    const police = await makePolice()
    await makeBlockingCase({ imeis: [imei], now, particulars: stranger }, police)
    const scope = await enter(anh)
    await register(scope, imei, {}, addMilliseconds(now, HOUR))
    const later = await makeCase({
      imeis: [imei],
      now: addMilliseconds(now, 2 * HOUR),
      particulars: { contact: anh },
    })
    expect(await registrationsOn(systemScope(), { id: later.id, imeis: [{ imei }] })).toMatchObject([
      { own: true, afterReport: true },
    ])
  })
})
