import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { Contact } from '#features/cases/particulars/rules.ts'
import type { Code } from '#features/cases/unlock/rules.ts'
import { contactHash } from '#features/contact-codes/data.ts'
import { LIMITS } from '#lib/access/limits.ts'
import { err } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR, localDate } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { newestCode, sentMessages } from '#tests/factories/messages.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { useUp } from '#tests/limits.ts'
import { must } from '#tests/must.ts'
import { expectSameWork } from '#tests/same-work.ts'
import type { DraftFields } from '../fields/reader-rules.ts'
import { deleteExpiredDrafts } from '../jobs.ts'
import { saveStep } from '../steps/acts.ts'
import { ANSWER_STEPS, type AnswerStep } from '../steps/rules.ts'
import { confirmContact as confirmWith, sendAnotherCode } from './confirm-acts.ts'
import { endReports } from './leave-acts.ts'
import { draftsOf, draftView as viewWith } from './page-data.ts'
import { remindOfDrafts } from './remind-acts.ts'
import { chooseDraft, requestResume, resumeDraft, sendFound } from './resume-acts.ts'
import { startDraft } from './start-acts.ts'

const now = new Date()
let ticks = 0
/** Returns a later time on each call, so that the newest message is the last. */
const next = () => addMilliseconds(now, ++ticks)
const INCIDENT: DraftFields = {
  incidentType: 'lost',
  incidentAt: `${localDate(addMilliseconds(now, -DAY))}T08:30`,
  district: 'quan-3',
  place: 'Chợ Bến Thành',
}
const PHONE: DraftFields = { imei1: '352987065816623' }
const CONTACT: DraftFields = { contactEmail: 'lan@example.vn' }
const PERSON: DraftFields = { fullName: 'Nguyễn Thị Lan', idKind: 'cccd', nationalId: '079199012345' }

/** Makes the cookie of a browser where nobody, or this officer, is signed in. */
const shown = (value: string, officerId: string | null = null) => ({ value, officerId })
const draftView = (cookie: string, at: Date) => viewWith(shown(cookie), at)
const confirmContact = (cookie: string, code: string, at: Date) => confirmWith(shown(cookie), code, at)

async function save(cookie: string | null, step: AnswerStep, typed: DraftFields) {
  return must(
    await saveStep({
      cookie: cookie === null ? null : shown(cookie),
      step,
      typed,
      locale: 'vi',
      address: randomUUID(),
      now: next(),
    }),
  )
}

async function draft(): Promise<string> {
  const { cookie } = await save(null, 'incident', INCIDENT)
  if (cookie === null) throw new Error('no draft')
  await save(cookie, 'phone', PHONE)
  await save(cookie, 'person', PERSON)
  return cookie
}

const LAN: Contact = { kind: 'email', value: 'lan@example.vn' }
const MAI: Contact = { kind: 'email', value: 'mai@example.vn' }
const sendCodeTo = (contact: Contact) =>
  sendFound({ contact: Buffer.from(contactHash(contact)).toString('hex'), locale: 'vi', asker: null }, next())

const confirmed = async (cookie: string) => (await draftView(cookie, now))?.contactConfirmed

test('a wrong first step makes no draft; a right one does, under a key that is stored as a hash only', async () => {
  expect(await save(null, 'incident', { place: 'x' })).toMatchObject({ cookie: null, incomplete: 'incident' })
  expect(await db.caseKey.count()).toBe(0)
  const cookie = await draft()
  const { rows } = await superuser.query('SELECT d::text AS row FROM report_drafts d')
  expect(rows[0].row).not.toContain(cookie)
  expect(rows[0].row).not.toContain(Buffer.from('Bến Thành').toString('hex'))
  expect(await draftView('another', now)).toBeNull()
})

test('what is not right is kept as it was typed, shown with its fault, and sent by nobody', async () => {
  const cookie = await draft()
  await save(cookie, 'contact', CONTACT)
  await confirmContact(cookie, await newestCode(), now)
  const wrong = { imei1: '352987065816624', imei2: '', brand: 'x'.repeat(100_000), colour: 'Đen' }
  const saved = await save(cookie, 'phone', wrong)
  expect(saved).toMatchObject({ faults: { imei1: 'report.imei.check_digit' }, incomplete: 'phone' })
  const view = await draftView(cookie, now)
  expect(view?.answers).toMatchObject({ imei1: wrong.imei1, colour: 'Đen', fullName: 'Nguyễn Thị Lan' })
  expect(view?.answers.brand?.length).toBeLessThan(20_000)
  expect(view?.faults).toEqual({
    incident: {},
    contact: {},
    phone: { imei1: 'report.imei.check_digit', brand: 'report.brand.too_long' },
    person: {},
  })
  expect(view?.incomplete).toBe('phone')
  // A blank field has no fault before the step is sent again.
  await save(cookie, 'person', { ...PERSON, fullName: '' })
  expect((await draftView(cookie, now))?.faults.person).toEqual({})
})

test('a confirmed contact opens the draft elsewhere also while something in its step is wrong', async () => {
  const cookie = await draft()
  await save(cookie, 'contact', CONTACT)
  await confirmContact(cookie, await newestCode(), now)
  await save(cookie, 'contact', { contactEmail: 'lan@' })
  const view = await draftView(cookie, now)
  expect(view?.resumeWith).toEqual({ kind: 'email', value: CONTACT.contactEmail })
  await sendCodeTo(LAN)
  expect(await db.notice.count({ where: { template: 'code_resume_draft' } })).toBe(1)
  // Back to the first contact, which has answered its code.
  await save(cookie, 'contact', CONTACT)
  expect(await confirmed(cookie)).toBe(true)
})

test('two tabs on different steps at once lose nothing to each other', async () => {
  const cookie = await draft()
  await Promise.all([
    save(cookie, 'phone', { ...PHONE, colour: 'Đen' }),
    save(cookie, 'incident', { ...INCIDENT, story: 'Rơi trên xe buýt' }),
    save(cookie, 'person', { ...PERSON, fullName: 'Nguyễn Thị Mai' }),
  ])
  const { answers } = (await draftView(cookie, now)) ?? {}
  expect(answers).toMatchObject({ colour: 'Đen', story: 'Rơi trên xe buýt', fullName: 'Nguyễn Thị Mai' })
})

/** Returns the codes sent to a contact of a draft, newest last. */
const codesTo = async (kind: 'email' | 'phone') =>
  (await sentMessages({ template: 'code_confirm_contact', channel: kind })).map(
    ({ params }) => params.code as Code,
  )

test.each(['email', 'phone'] as const)(
  'of two contacts each is sent a code of its own, and that of the %s is enough',
  async (kind) => {
    const cookie = await draft()
    const both = { contactEmail: 'lan@example.vn', contactPhone: '0987654321' }
    expect(await save(cookie, 'contact', both)).toMatchObject({ faults: {}, incomplete: 'code' })
    const [[byMail = ''], [byPhone = '']] = [await codesTo('email'), await codesTo('phone')]
    expect(byMail).toMatch(/^\d{6}$/)
    expect(byPhone).toMatch(/^\d{6}$/)
    const wrong = ['111111', '222222', '333333'].find((code) => code !== byMail && code !== byPhone) ?? ''
    expect(await confirmContact(cookie, wrong, next())).toEqual(err('wrong'))
    const [first, second] = kind === 'email' ? [byMail, byPhone] : [byPhone, byMail]
    expect(await confirmContact(cookie, first, next())).toEqual({ ok: true, value: 'review' })
    const view = await draftView(cookie, now)
    expect(view?.report.contact?.contact?.kind).toBe(kind)
    expect(view?.unconfirmed.map((one) => one.kind)).toEqual([kind === 'email' ? 'phone' : 'email'])
    expect(view?.resumeWith?.kind).toBe(kind)
    // A code confirms only its own contact, in either order.
    expect(await confirmContact(cookie, first, next())).toEqual(err('wrong'))
    expect(await confirmContact(cookie, second, next())).toEqual({ ok: true, value: 'review' })
    expect((await draftView(cookie, now))?.unconfirmed).toEqual([])
    // Saving again sends no further code.
    await save(cookie, 'contact', both)
    expect(await codesTo('email')).toHaveLength(1)
    expect(await codesTo('phone')).toHaveLength(1)
  },
)

test('a contact is confirmed by its own code, and by no other once it has changed', async () => {
  const cookie = await draft()
  expect(await save(cookie, 'contact', CONTACT)).toMatchObject({ faults: {}, incomplete: 'code' })
  const code = await newestCode()
  expect(await confirmContact(cookie, '', now)).toEqual(err('empty'))
  const wrong = code === '000000' ? '111111' : '000000'
  expect(await confirmContact(cookie, wrong, now)).toEqual(err('wrong'))

  await save(cookie, 'contact', { contactEmail: 'mai@example.vn' })
  expect(await confirmContact(cookie, code, now)).toEqual(err('wrong'))
  expect(await confirmContact(cookie, await newestCode(), now)).toEqual({ ok: true, value: 'review' })
  expect(await confirmed(cookie)).toBe(true)
  // Pressed twice, it is still confirmed.
  expect(await confirmContact(cookie, '123456', now)).toEqual({ ok: true, value: 'review' })

  await save(cookie, 'contact', CONTACT)
  expect(await confirmed(cookie)).toBe(false)
  await save(cookie, 'contact', { contactEmail: 'mai@example.vn' })
  expect(await confirmed(cookie)).toBe(false)
})

test('five wrong codes spend it; saving the step again asks for none; a fourth code an hour is refused', async () => {
  const cookie = await draft()
  await save(cookie, 'contact', CONTACT)
  const code = await newestCode()
  const wrong = code === '000000' ? '111111' : '000000'
  for (let tries = 0; tries < 5; tries++) await confirmContact(cookie, wrong, now)
  expect(await confirmContact(cookie, code, now)).toEqual(err('too_many_tries'))
  await save(cookie, 'contact', CONTACT)
  expect(await db.notice.count()).toBe(1)

  const anotherOnce = (submitKey: string) =>
    sendAnotherCode({ cookie: shown(cookie), locale: 'vi', address: randomUUID(), submitKey, now })
  const another = () => anotherOnce(randomUUID())
  // A form that is sent several times sends one code.
  const key = randomUUID()
  const sent = await Promise.all([1, 2, 3, 4].map(() => anotherOnce(key)))
  expect(sent).toEqual(sent.map(() => ({ ok: true, value: null })))
  expect(await db.notice.count()).toBe(2)
  expect(await another()).toEqual({ ok: true, value: null })
  expect(await another()).toEqual(err('too_many'))
})

test('an address that has asked for many codes is told so, and a step with something wrong asks for none', async () => {
  const address = randomUUID()
  const contact = async (typed: DraftFields) => {
    const form = {
      cookie: shown(await draft()),
      step: 'contact',
      typed,
      locale: 'vi',
      address,
      now: next(),
    } as const
    const saved = await saveStep(form)
    return saved.ok ? saved.value.faults : null
  }
  await useUp('code_address', address, next())
  for (let wrong = 0; wrong < 2; wrong++)
    expect(await contact({ ...CONTACT, contactPhone: '1' })).toHaveProperty('contactPhone')
  expect(await contact({ contactEmail: 'lan@example.vn' })).toEqual({})
  expect(await contact({ contactEmail: 'mai@example.vn' })).toEqual({
    contactEmail: 'report.code.too_many_here',
  })
})

test('saving a contact again, or one that is confirmed, takes no code from its network', async () => {
  const address = randomUUID()
  const typed = async (cookie: string, contactEmail: string) => {
    const form = { cookie: shown(cookie), step: 'contact', typed: { contactEmail }, locale: 'vi' } as const
    const saved = await saveStep({ ...form, address, now: next() })
    return saved.ok ? saved.value.faults : null
  }
  const [sent, known] = [await draft(), await confirmedDraft(MAI)]
  // Leaves two codes: one for the new contact and one for the last.
  await useUp('code_address', address, next(), 2)
  for (let n = 0; n < 3; n++) {
    expect(await typed(sent, 'lan@example.vn')).toEqual({})
    expect(await typed(known, 'mai@example.vn')).toEqual({})
  }
  expect(await typed(await draft(), 'binh@example.vn')).toEqual({})
  expect(await typed(await draft(), 'hoa@example.vn')).toEqual({ contactEmail: 'report.code.too_many_here' })
})

async function confirmedDraft(contact: Contact = LAN): Promise<string> {
  const cookie = await draft()
  await save(cookie, 'contact', { contactEmail: contact.value })
  expect(await confirmContact(cookie, await newestCode(), now)).toMatchObject({ ok: true })
  return cookie
}

const resume = (
  code: string,
  { at = now, contact = LAN, key = randomUUID() as string, address = randomUUID() as string } = {},
) =>
  resumeDraft({ contact, submitKey: key, code: code as Code, officerId: null, address, asker: null, now: at })

test('a draft goes on in another browser by contact and code, and the first has it no more', async () => {
  const cookie = await draft()
  await save(cookie, 'contact', CONTACT)
  // Not confirmed yet: nothing is sent.
  await sendCodeTo(LAN)
  expect(await db.notice.count({ where: { template: 'code_resume_draft' } })).toBe(0)

  await confirmContact(cookie, await newestCode(), now)
  const submitKey = randomUUID()
  const address = randomUUID()
  const ask = (contact: Contact, key: string = randomUUID()) =>
    requestResume({ contact, address, asker: null, locale: 'vi', now, submitKey: key })
  await expectSameWork([LAN, MAI], (asked) => ask(asked))
  const jobs = () => superuser.query("SELECT data::text FROM pgboss.job WHERE name = 'resume-code'")
  const before = await jobs()
  for (const one of await Promise.all([1, 2, 3].map(() => ask(LAN, submitKey))))
    expect(one).toEqual({ ok: true, value: true })
  const after = await jobs()
  expect(after.rowCount).toBe((before.rowCount ?? 0) + 1)
  expect(JSON.stringify(after.rows)).not.toContain('lan@')
  await sendCodeTo(MAI)
  await sendCodeTo(LAN)
  const code = await newestCode()
  // Every fault gets the same answer; another would reveal that there is such a draft.
  const wrong = err('wrong')
  expect(await resume(code, { contact: MAI })).toEqual(wrong)
  expect(await resume(code, { at: addMilliseconds(now, HOUR) })).toEqual(wrong)
  for (let tries = 0; tries < 5; tries++) expect(await resume('000000')).toEqual(wrong)
  expect(await resume(code)).toEqual(wrong)
  await db.codeSend.deleteMany()
  await sendCodeTo(LAN)
  const fresh = await newestCode()
  const form = () => resume(fresh, { key: submitKey })
  const [resumed = await form(), ...again] = await Promise.all([form(), form(), form()])
  for (const one of again) expect(one).toEqual(resumed)
  if (!resumed.ok || resumed.value === 'several') throw new Error(JSON.stringify(resumed))
  expect(resumed.value.incomplete).toBe('review')
  const view = await draftView(resumed.value.cookie, now)
  expect(view?.answers).toMatchObject({ fullName: 'Nguyễn Thị Lan' })
  expect(await draftView(cookie, now)).toBeNull()
  expect(await form()).toEqual(resumed)
  expect(await resume(fresh)).toEqual(wrong)
  expect(await resume(fresh, { at: addMilliseconds(now, 30_000), key: submitKey })).toEqual(wrong)
})

test('how often a contact is looked for tells nobody whether it has a draft', async () => {
  await confirmedDraft()
  const address = randomUUID()
  const asked = { asker: null, address, locale: 'vi', now } as const
  const answers = async (contact: Contact) => {
    const given = []
    for (let n = 0; n < 4; n++)
      given.push(await requestResume({ contact, submitKey: randomUUID(), ...asked }))
    return given
  }
  const known = await answers(LAN)
  expect(known.map(({ ok }) => ok)).toEqual([true, true, true, false])
  expect(await answers(MAI)).toEqual(known)
})

test('the number of the contact as that of the lost phone is refused on its own page, and nothing is shut', async () => {
  const cookie = await draft()
  await save(cookie, 'contact', { contactPhone: '0912345678' })
  await confirmContact(cookie, await newestCode(), now)
  const phone = { imei1: '', imeiUnknown: 'on', phoneNumber1: '+84 912.345.678' }
  const refused = await save(cookie, 'phone', phone)
  expect(refused.faults).toEqual({ phoneNumber1: 'report.mobile.is_contact' })
  expect(refused.incomplete).toBe('phone')
  expect(await draftView(cookie, now)).toMatchObject({
    contactConfirmed: true,
    sameNumber: true,
    faults: { phone: { phoneNumber1: 'report.mobile.is_contact' } },
  })
  const codes = await db.notice.count({ where: { template: 'code_confirm_contact' } })
  // Two ways out: another number, or a reissued SIM. Neither needs a new code.
  expect((await save(cookie, 'phone', { ...phone, phoneNumber1: '0987654321' })).incomplete).toBe('review')
  expect((await save(cookie, 'phone', { ...phone, simReissued: 'on' })).incomplete).toBe('review')
  expect(await db.notice.count({ where: { template: 'code_confirm_contact' } })).toBe(codes)
})

test('a new contact that is the number of the lost phone is sent its code once that number is corrected', async () => {
  const cookie = await draft()
  await save(cookie, 'phone', { ...PHONE, phoneNumber1: '0912345678' })
  const refused = await save(cookie, 'contact', { contactPhone: '0912345678' })
  expect(refused.faults).toEqual({ contactPhone: 'report.contactPhone.lost_phone' })
  expect(await draftView(cookie, now)).toMatchObject({ sameNumber: true, codeSent: false })
  expect(await db.notice.count()).toBe(0)
  const corrected = await save(cookie, 'phone', { ...PHONE, phoneNumber1: '0987654321' })
  expect(corrected).toMatchObject({ faults: {}, incomplete: 'code' })
  expect(await draftView(cookie, now)).toMatchObject({ sameNumber: false, codeSent: true })
  expect(await confirmContact(cookie, await newestCode(), now)).toMatchObject({ ok: true })
})

test('a device that opens a draft is nobody’s own, even where the one before was the person’s own', async () => {
  const cookie = await draft()
  await save(cookie, 'contact', { ...CONTACT, ownDevice: 'on' })
  await confirmContact(cookie, await newestCode(), now)
  await sendCodeTo(LAN)
  const resumed = await resume(await newestCode())
  if (!resumed.ok || resumed.value === 'several') throw new Error(JSON.stringify(resumed))
  const view = await draftView(resumed.value.cookie, now)
  expect(view?.answers).toMatchObject({ ownDevice: '', fullName: 'Nguyễn Thị Lan' })
  expect(view?.contactConfirmed).toBe(true)
})

test('a wrong code costs the same work, whether the contact has a draft or not', async () => {
  await confirmedDraft()
  await sendCodeTo(LAN)
  const wrong = (await newestCode()) === '000000' ? '111111' : '000000'
  await expectSameWork([LAN, MAI], (contact) => resume(wrong, { contact }), /contact_codes/i)
})

test('of several drafts of one contact, confirmed in two browsers at once, one is chosen and the others stay', async () => {
  const cookies = await Promise.all([draft(), draft()])
  const codes: Code[] = []
  for (const cookie of cookies) {
    await save(cookie, 'contact', CONTACT)
    codes.push(await newestCode())
  }
  await Promise.all(cookies.map((cookie, at) => confirmContact(cookie, codes[at] ?? '', now)))
  const offered = await draftsOf(LAN, null, now)
  expect(offered).toHaveLength(2)
  expect(offered[0]).toMatchObject({ incidentType: 'lost', imeiEnd: '6623' })

  await sendCodeTo(LAN)
  const code = await newestCode()
  const key = randomUUID()
  // Nothing is handed over yet, even if the form is sent again.
  for (let n = 0; n < 2; n++) expect(await resume(code, { key })).toEqual({ ok: true, value: 'several' })
  for (const cookie of cookies) expect(await draftView(cookie, now)).not.toBeNull()

  const choose = (number: string, contact = LAN, submitKey: string = randomUUID()) =>
    chooseDraft({ contact, number, officerId: null, submitKey, now })
  const [first, second] = await Promise.all(cookies.map(async (cookie) => draftView(cookie, now)))
  const gone = err('not_found')
  expect(await choose(first?.number ?? '', MAI)).toEqual(gone)
  expect(await choose('HCM-0000-0000-0')).toEqual(gone)
  const chosen = await choose(first?.number ?? '', LAN, key)
  if (!chosen.ok) throw new Error(chosen.error)
  expect(await choose(first?.number ?? '', LAN, key)).toEqual(chosen)
  expect((await draftView(chosen.value.cookie, now))?.number).toBe(first?.number)
  expect(await draftView(cookies[0] ?? '', now)).toBeNull()
  expect((await draftView(cookies[1] ?? '', now))?.number).toBe(second?.number)
})

test('codes cannot be guessed over many contacts from one address, and a right one costs nothing', async () => {
  const address = randomUUID()
  const { amount } = LIMITS.resume_address
  for (let right = 0; right < 2; right++) {
    await db.codeSend.deleteMany()
    await confirmedDraft({ kind: 'email', value: `lan${right}@example.vn` })
    const contact: Contact = { kind: 'email', value: `lan${right}@example.vn` }
    await sendCodeTo(contact)
    expect(await resume(await newestCode(), { contact, address })).toMatchObject({ ok: true })
  }
  for (let n = 0; n < amount; n++) {
    const contact: Contact = { kind: 'email', value: `khach${n}@example.vn` }
    expect(await resume('123456', { contact, address })).toEqual(err('wrong'))
  }
  expect(await resume('123456', { address })).toEqual(err('limit'))
  expect(await resume('123456')).toEqual(err('wrong'))
})

test('what is written at the desk is opened again by its own officer alone', async () => {
  const [officer, other] = [await makeStaff('officer'), await makeStaff('officer')]
  const cookie = shown(await startDraft({ locale: 'vi', filedBy: officer, now }), officer.id)
  const steps = { incident: INCIDENT, contact: CONTACT, phone: PHONE, person: PERSON } as const
  for (const step of ANSWER_STEPS)
    await saveStep({ cookie, step, typed: steps[step], locale: 'vi', address: randomUUID(), now: next() })
  await confirmWith(cookie, await newestCode(), now)
  await sendCodeTo(LAN)
  const request = {
    contact: LAN,
    code: await newestCode(),
    address: randomUUID(),
    asker: null,
    submitKey: randomUUID(),
    now,
  }
  for (const officerId of [null, other.id]) {
    expect(await resumeDraft({ ...request, officerId })).toEqual(err('wrong'))
    expect(await draftsOf(LAN, officerId, now)).toEqual([])
  }
  expect(await resumeDraft({ ...request, officerId: officer.id })).toMatchObject({ ok: true })
})

test('however many the desk has written under a contact, its own draft is opened', async () => {
  const cookie = await confirmedDraft()
  const { number } = (await draftView(cookie, now)) ?? {}
  const officer = await makeStaff('officer')
  for (let n = 0; n < 10; n++)
    await startDraft({ locale: 'vi', filedBy: officer, now: addMilliseconds(next(), HOUR) })
  await db.reportDraft.updateMany({
    where: { filedById: officer.id },
    data: { contactHash: contactHash(LAN), contactConfirmedAt: now },
  })
  expect((await draftsOf(LAN, null, now)).map((one) => one.number)).toEqual([number])
  expect(await draftsOf(LAN, officer.id, now)).toHaveLength(10)
})

test('a confirmed contact is told until when the draft is kept, and reminded once before it is deleted', async () => {
  await confirmedDraft()
  await draft()
  const told = (template: string) => db.notice.count({ where: { template } })
  expect(await told('draft_kept')).toBe(1)
  await remindOfDrafts(addMilliseconds(now, 5 * DAY))
  expect(await told('draft_reminder')).toBe(0)
  const due = addMilliseconds(now, 6 * DAY + HOUR)
  await Promise.all([remindOfDrafts(due), remindOfDrafts(due)])
  await remindOfDrafts(addMilliseconds(due, HOUR))
  // Sent once, and not for the draft with an unconfirmed contact.
  expect(await told('draft_reminder')).toBe(1)
})

test('a draft that cannot be opened holds up no reminder of another, and is reminded of once it can', async () => {
  for (const contact of [LAN, MAI]) await confirmedDraft(contact)
  const told = () => db.notice.count({ where: { template: 'draft_reminder' } })
  const due = addMilliseconds(now, 6 * DAY + HOUR)
  const { id } = await db.reportDraft.findFirstOrThrow({ orderBy: { id: 'asc' } })
  const where = { caseId: id }
  const { wrapped } = await db.caseKey.findUniqueOrThrow({ where })
  await db.caseKey.update({ where, data: { wrapped: new Uint8Array(60) } })
  await remindOfDrafts(due)
  expect(await told()).toBe(1)
  await db.caseKey.update({ where, data: { wrapped } })
  await remindOfDrafts(due)
  expect(await told()).toBe(2)
})

test('a copy of the cookie opens no draft after “end and clear”; a code still does', async () => {
  const [cookie, other] = [await confirmedDraft(), await draft()]
  await endReports([shown(cookie)])
  expect(await draftView(cookie, now)).toBeNull()
  expect(await draftView(other, now)).not.toBeNull()
  await sendCodeTo(LAN)
  expect(await resume(await newestCode())).toMatchObject({ ok: true })
})

test('after seven days a draft is gone, and its key with it', async () => {
  const cookie = await draft()
  const later = addMilliseconds(now, 7 * DAY)
  expect(await draftView(cookie, addMilliseconds(later, HOUR))).toBeNull()
  expect(await deleteExpiredDrafts(addMilliseconds(now, 6 * DAY))).toEqual([])
  expect(await deleteExpiredDrafts(addMilliseconds(later, HOUR))).toHaveLength(1)
  expect(await db.caseKey.count()).toBe(0)
})
