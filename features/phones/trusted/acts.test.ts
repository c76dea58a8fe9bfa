import { randomUUID } from 'node:crypto'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { keepErasures } from '#features/audit/erasures/acts.ts'
import { caseForCitizen } from '#features/cases/citizen/data.ts'
import type { Contact, Particulars } from '#features/cases/particulars/rules.ts'
import { unlockWithSecret } from '#features/cases/unlock/acts.ts'
import type { Code } from '#features/cases/unlock/rules.ts'
import { contactHash, writeContactHash } from '#features/contact-codes/data.ts'
import { eraseAgain } from '#features/retention/acts.ts'
import { citizenScope, type PhonesScope } from '#lib/access/scope.ts'
import { err, ok } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR } from '#lib/time.ts'
import { unseal, unwrap } from '#platform/crypto.ts'
import { closeSignals } from '#platform/signals.ts'
import { db } from '#tests/db.ts'
import { move, randomImei } from '#tests/factories/case.ts'
import { newestMessage, sentMessages } from '#tests/factories/messages.ts'
import { addPhoto, openList as openListAt, register as registerIn } from '#tests/factories/phones.ts'
import { must } from '#tests/must.ts'
import { expectSameWork } from '#tests/same-work.ts'
import { addSecondContact, askSecondContact, forgetRegistrant } from '../registrants/acts.ts'
import { exportPhones } from '../registrants/export-acts.ts'
import { findPhone } from '../registrations/data.ts'
import { sweepPhones } from '../registrations/sweep-acts.ts'
import {
  acceptTrust,
  askToHelp,
  askTrusted,
  confirmTrusted,
  endTrusted,
  enterHelping,
  leaveTrust,
  reportFor,
  sendTrustedCode,
  undoReport,
} from './acts.ts'
import { ownersFor, trustedBy } from './data.ts'

afterAll(closeSignals)

const now = new Date('2026-11-25T03:00:00Z')
let ticks = 0
/** Returns a later time on each call, so that the newest message is the last. */
const next = () => addMilliseconds(now, ++ticks)
const mail = (value: string): Contact => ({ kind: 'email', value })
const tuyet = mail('tuyet@example.vn')
const nam = mail('nam@example.vn')

beforeEach(() => db.codeSend.deleteMany())

const newest = (template: string) => newestMessage({ template })
const form = (at = next()) => ({ submitKey: randomUUID(), now: at })
const from = () => ({ address: randomUUID(), asker: null, locale: 'vi' as const, ...form() })

const openList = (contact: Contact) => openListAt(contact, next())
const PERSON = { fullName: 'Nguyễn Thị Tuyết', idKind: 'cccd', nationalId: '079190012345' }

async function register(scope: PhonesScope, { proof = true, person = true } = {}): Promise<string> {
  const typed = { imei1: randomImei(), phoneName: 'Máy của Tuyết', colour: 'đen', ...(person && PERSON) }
  const phone = await registerIn(scope, typed, next())
  if (proof) await addPhoto(scope, phone, now)
  return phone
}

const TYPED = { trustedName: 'Trần Văn Nam', trustedContact: 'nam@example.vn', trustedOwner: 'chị Tuyết' }
const ask = (scope: PhonesScope, typed: Record<string, string> = TYPED) =>
  askTrusted(scope, { typed, locale: 'vi', address: randomUUID(), ...form() })

async function trust(scope: PhonesScope): Promise<string> {
  must(await ask(scope))
  const id = (await trustedBy(scope)).at(-1)?.id ?? ''
  await acceptTrust(nam, id, next())
  must(await confirmTrusted(scope, { id, consented: true, ...form() }))
  return id
}

const noteAgain = (id: string) =>
  db.erasure.create({ data: { kind: 'trusted', subjectId: id, at: next() }, select: { id: true } })

const HAPPENED = { incidentType: 'snatched', incidentWhen: 'now', district: 'quan-3' }
const help = (trustedId: string, phoneId: string, more: Record<string, string> = {}, at = next()) =>
  reportFor(nam, {
    ...{ trustedId, phoneId, typed: { ...HAPPENED, ...more }, address: randomUUID() },
    ...form(at),
  })

describe('naming a person', () => {
  test('both sides agree before anything can be reported', async () => {
    const scope = await openList(tuyet)
    const phone = await register(scope)
    expect((await ask(scope)).ok).toBe(true)
    const [named] = await trustedBy(scope)
    const id = named?.id ?? ''
    expect(await newest('helping_asked')).toMatchObject({ to: nam.value, params: { number: '' } })
    expect(await confirmTrusted(scope, { id, consented: true, ...form() })).toMatchObject({ ok: false })
    expect(await acceptTrust(mail('la@example.vn'), id, next())).toBe(false)
    expect(await acceptTrust(nam, id, next())).toBe(true)
    expect(await newest('phones_trusted_accepted')).toMatchObject({ to: tuyet.value })
    expect(await help(id, phone)).toMatchObject(err({ form: 'phones.gone' }))
    const refused = await confirmTrusted(scope, { id, consented: false, ...form() })
    expect(refused).toEqual(err('trusted_consent'))
    expect((await confirmTrusted(scope, { id, consented: true, ...form() })).ok).toBe(true)
    expect(await newest('helping_confirmed')).toMatchObject({ to: nam.value })
    expect(await db.consent.count({ where: { caseId: id, purpose: 'trusted_person' } })).toBe(1)
  })

  test('three at most, each once, none with the owner’s own contact, and another’s list changes nothing', async () => {
    const scope = await openList(tuyet)
    expect((await ask(scope)).ok).toBe(true)
    expect(await ask(scope)).toEqual(err({ trustedContact: 'phones.trusted_same' }))
    const own = await ask(scope, { ...TYPED, trustedContact: 'TUYET@example.vn' })
    expect(own).toEqual(err({ trustedContact: 'phones.trusted_own' }))
    for (const one of ['b', 'c'])
      expect((await ask(scope, { ...TYPED, trustedContact: `${one}@example.vn` })).ok).toBe(true)
    const fourth = await ask(scope, { ...TYPED, trustedContact: 'd@example.vn' })
    expect(fourth).toEqual(err({ form: 'phones.trusted_full' }))
    const other = await openList(mail('khac@example.vn'))
    const id = (await trustedBy(scope))[0]?.id ?? ''
    expect(await endTrusted(other, id, next())).toBe(false)
    expect(await endTrusted(scope, id, next())).toBe(true)
    expect(await db.caseKey.count({ where: { caseId: id } })).toBe(0)
  })

  test('one form names one person, however often it is sent', async () => {
    const scope = await openList(tuyet)
    const same = { typed: TYPED, locale: 'vi' as const, address: randomUUID(), ...form() }
    const all = await Promise.all([askTrusted(scope, same), askTrusted(scope, same)])
    expect(all).toEqual([ok(true), ok(true)])
    expect(await db.notice.count({ where: { template: 'helping_asked' } })).toBe(1)
  })

  test('who does not answer is removed after thirty days, and a removal is repeated on a restored copy', async () => {
    const scope = await openList(tuyet)
    const id = await trust(scope)
    await ask(scope, { ...TYPED, trustedContact: 'b@example.vn' })
    await sweepPhones(addMilliseconds(now, 31 * DAY))
    expect((await trustedBy(scope)).map((one) => one.id)).toEqual([id])
    // As in a backup from before the removal.
    await noteAgain(id)
    await keepErasures(next())
    expect((await eraseAgain(null, next())).failed).toBe(0)
    expect(await trustedBy(scope)).toEqual([])
  })

  test('goes with the list, and is in the data that its owner takes along', async () => {
    const scope = await openList(tuyet)
    const id = await trust(scope)
    const data = await exportPhones(scope, next())
    expect(data?.trusted).toMatchObject([{ name: 'Trần Văn Nam', contact: nam, callsMe: 'chị Tuyết' }])
    await forgetRegistrant(scope, next())
    expect(await db.caseKey.count({ where: { caseId: id } })).toBe(0)
  })
})

describe('the trusted person’s door', () => {
  const askCode = async (contact: Contact) => {
    const asked = await askToHelp({ contact, ...from() })
    await sendTrustedCode({ contact: writeContactHash(contact), locale: 'vi', asker: null }, next())
    return asked
  }

  test('neither the answer nor the work tells whether somebody has named a contact', async () => {
    await trust(await openList(tuyet))
    await expectSameWork([nam, mail('la@example.vn')], async (contact) => {
      const { ok } = await askToHelp({ contact, ...from() })
      return ok
    })
  })

  test('a right code lets its person in, a wrong one and that of a stranger alike do not', async () => {
    await trust(await openList(tuyet))
    expect((await askCode(nam)).ok).toBe(true)
    const { to, params } = await newest('code_report_for')
    expect(to).toBe(nam.value)
    const code = params.code as Code
    const wrong = (code === '000000' ? '111111' : '000000') as Code
    expect(await enterHelping({ contact: nam, code: wrong, ...from() })).toEqual(err('wrong'))
    expect(await enterHelping({ contact: nam, code, ...from() })).toEqual(ok(true))
    const sent = await db.notice.count()
    expect((await askCode(mail('la@example.vn'))).ok).toBe(true)
    expect(await db.notice.count()).toBe(sent)
    const stranger = await enterHelping({ contact: mail('la@example.vn'), code, ...from() })
    expect(stranger).toEqual(err('wrong'))
  })

  test('an owner who names somebody else’s helper reads no code of theirs', async () => {
    await trust(await openList(tuyet))
    const thief = await openList(mail('trom@example.vn'))
    await ask(thief)
    await askCode(nam)
    const data = await exportPhones(thief, next())
    expect(JSON.stringify(data)).not.toContain((await newest('code_report_for')).params.code)
    expect(data?.messages.map(({ template }) => template)).not.toContain('code_report_for')
  })

  test('shows what the person calls the owner and the phones by name and colour, and nothing else', async () => {
    const scope = await openList(tuyet)
    const phone = await register(scope)
    await trust(scope)
    const seen = await ownersFor(nam)
    expect(seen).toMatchObject([
      { owner: 'chị Tuyết', phones: [{ id: phone, name: 'Máy của Tuyết', colour: 'đen' }] },
    ])
    const { content } = (await findPhone(scope, phone)) ?? {}
    for (const hidden of [content?.imeis[0] ?? '?', PERSON.fullName, PERSON.nationalId, tuyet.value])
      expect(JSON.stringify(seen)).not.toContain(hidden)
    expect(await ownersFor(mail('la@example.vn'))).toEqual([])
  })
})

describe('a report by a trusted person', () => {
  test('is the owner’s case, marked for police, told to every contact with the day to undo it', async () => {
    const scope = await openList(tuyet)
    const second = mail('tuyet2@example.vn')
    await askSecondContact(scope, second.value, { locale: 'vi', address: randomUUID(), ...form() })
    const code = (await newest('code_open_phones')).params.code ?? ''
    expect((await addSecondContact(scope, second, code, next())).ok).toBe(true)
    const phone = await register(scope)
    const id = await trust(scope)
    expect(await help(id, phone)).toEqual(ok('sent'))

    const [made, ...none] = await db.case.findMany({ include: { key: true, imeis: true } })
    if (!made) throw new Error('no case')
    expect(none).toEqual([])
    expect(made).toMatchObject({ state: 'submitted', incidentType: 'snatched', areaId: 'quan-3' })
    expect(await db.evidence.count({ where: { caseId: made.id } })).toBe(1)
    const particulars = unseal<Particulars>(unwrap(made.id, made.key), 'particulars', made.sealed)
    expect(particulars).toMatchObject({ contact: tuyet, fullName: PERSON.fullName })
    expect(particulars.sentBy).toEqual({ name: 'Trần Văn Nam', contact: nam })
    const versions = await db.consent.findMany({ where: { caseId: made.id }, select: { version: true } })
    expect(new Set(versions.map(({ version }) => version))).toEqual(new Set(['trusted-2026-12-01']))

    const told = await sentMessages({ template: 'phones_helped' })
    expect(told.map(({ to }) => to).toSorted()).toEqual([tuyet.value, second.value].toSorted())
    expect(told[0]?.params).toMatchObject({ contact: 'Trần Văn Nam' })

    const sent = (await findPhone(scope, phone))?.content.sentFor
    const typed = { number: made.number, secret: sent?.secret ?? '' }
    const opened = await unlockWithSecret(typed, randomUUID(), next())
    expect(opened).toMatchObject({ ok: true })
  })

  test('is made once, however often and at once its form is sent, and a second report of the phone makes none', async () => {
    const scope = await openList(tuyet)
    const phone = await register(scope)
    const id = await trust(scope)
    const same = { trustedId: id, phoneId: phone, typed: HAPPENED, address: randomUUID(), ...form() }
    const all = await Promise.all([reportFor(nam, same), reportFor(nam, same), reportFor(nam, same)])
    expect(all).toEqual(all.map(() => ok('sent')))
    expect(await help(id, phone)).toEqual(ok('reported'))
    expect(await db.case.count()).toBe(1)
    expect(await db.notice.count({ where: { template: 'phones_helped' } })).toBe(1)
  })

  test.each([
    ['without a proof', { proof: false }],
    ['without the owner’s name', { person: false }],
  ])('%s waits for its owner, who is told; nothing reaches police', async (_, registered) => {
    const scope = await openList(tuyet)
    const phone = await register(scope, registered)
    const id = await trust(scope)
    expect(await help(id, phone)).toEqual(ok('kept'))
    expect(await db.case.count()).toBe(0)
    expect(await newest('phones_helped_kept')).toMatchObject({ to: tuyet.value })
    const draft = await db.reportDraft.findFirstOrThrow()
    expect(Buffer.from(draft.contactHash ?? [])).toEqual(Buffer.from(contactHash(tuyet)))
  })

  test('says what is wrong beside each field, and reads no phone of another list', async () => {
    const scope = await openList(tuyet)
    await register(scope)
    const id = await trust(scope)
    const other = await register(await openList(mail('khac@example.vn')))
    expect(await help(id, other)).toEqual(err({ form: 'phones.gone' }))
    const blank = await help(id, '', { incidentType: '', district: '' })
    expect(blank).toMatchObject(
      err({ phone: 'phones.trusted_phone', incidentType: 'report.incidentType.empty' }),
    )
    expect(await db.case.count()).toBe(0)
  })

  test('is undone by the owner within a day; its sender reports nothing more until confirmed anew', async () => {
    const scope = await openList(tuyet)
    const phone = await register(scope)
    const id = await trust(scope)
    await help(id, phone)
    const late = { phoneId: phone, ...form(addMilliseconds(now, DAY + HOUR)) }
    expect(await undoReport(scope, late)).toEqual(err('undo_over'))
    const undo = { phoneId: phone, ...form() }
    expect(await undoReport(scope, undo)).toEqual(ok(true))
    expect(await undoReport(scope, undo)).toEqual(ok(true))
    const { id: caseId, withdrawEffectiveAt } = await db.case.findFirstOrThrow()
    expect(withdrawEffectiveAt).not.toBeNull()
    expect((await caseForCitizen(citizenScope(caseId, 'full'), caseId))?.snapshot.state).toBe('submitted')
    expect(await db.notice.count({ where: { template: 'withdraw' } })).toBe(1)
    expect((await trustedBy(scope)).map(({ confirmedAt }) => confirmedAt)).toEqual([null])
    const stranger = await openList(mail('khac@example.vn'))
    expect(await undoReport(stranger, { phoneId: phone, ...form() })).toEqual(err('not_found'))
  })

  test('may not report again either where the owner has withdrawn the report by its secret', async () => {
    const scope = await openList(tuyet)
    const phone = await register(scope)
    await help(await trust(scope), phone)
    const { id: caseId } = await db.case.findFirstOrThrow()
    await move(caseId, { kind: 'citizen' }, { move: 'withdraw' }, next())
    expect(await undoReport(scope, { phoneId: phone, ...form() })).toEqual(ok(true))
    expect((await trustedBy(scope)).map(({ confirmedAt }) => confirmedAt)).toEqual([null])
    expect(await db.notice.count({ where: { template: 'withdraw' } })).toBe(1)
  })

  test('whom the owner has ended meanwhile can report nothing, with the form that was open', async () => {
    const scope = await openList(tuyet)
    const phone = await register(scope)
    const id = await trust(scope)
    expect(await endTrusted(scope, id, next())).toBe(true)
    expect(await help(id, phone)).toEqual(err({ form: 'phones.gone' }))
    expect(await db.case.count()).toBe(0)
  })

  test('a person who leaves is told to the owner and can report nothing', async () => {
    const scope = await openList(tuyet)
    const phone = await register(scope)
    const id = await trust(scope)
    expect(await leaveTrust(nam, id, next())).toBe(true)
    expect(await newest('phones_trusted_left')).toMatchObject({ to: tuyet.value })
    expect(await help(id, phone)).toMatchObject({ ok: false })
    expect(await db.case.count()).toBe(0)
  })
})
