import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { newCaseNumber, parseCaseNumber } from '#features/cases/rules/number.ts'
import type { Code } from '#features/cases/rules/secret.ts'
import { LIMITS } from '#lib/access/limits.ts'
import { addMilliseconds, DAY, HOUR } from '#lib/time.ts'
import { randomBuffer, unseal, unwrap } from '#platform/crypto.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { expectSameWork } from '#tests/same-work.ts'
import { deleteExpiredDrafts } from '../jobs.ts'
import { draftView as viewWith } from '../queries.ts'
import type { Answers } from '../rules/answers.ts'
import type { AnswerStep } from '../rules/steps.ts'
import { confirmContact as confirmWith, sendAnotherCode } from './confirm.ts'
import { requestResume, resumeDraft, sendResumeCode } from './resume.ts'
import { saveStep } from './save.ts'
import { startDraft } from './start.ts'

const now = new Date()
let ticks = 0
/** A moment later each time: the newest of several messages is the last. */
const next = () => addMilliseconds(now, ++ticks)
const INCIDENT: Answers = {
  incidentType: 'lost',
  incidentAt: '2026-11-24T08:30',
  district: 'quan-3',
  place: 'Chợ Bến Thành',
}
const PHONE: Answers = { imei1: '352987065816623' }
const PERSON: Answers = {
  fullName: 'Nguyễn Thị Lan',
  idKind: 'cccd',
  nationalId: '079199012345',
  contactEmail: 'lan@example.vn',
}

/** As a browser shows it in which nobody is signed in. */
const shown = (value: string, officerId: string | null = null) => ({ value, officerId })
const draftView = (cookie: string, at: Date) => viewWith(shown(cookie), at)
const confirmContact = (cookie: string, code: string, at: Date) => confirmWith(shown(cookie), code, at)

async function save(cookie: string | null, step: AnswerStep, typed: Answers) {
  const saved = await saveStep({
    cookie: cookie === null ? null : shown(cookie),
    step,
    typed,
    locale: 'vi',
    address: randomUUID(),
    now: next(),
  })
  if (!saved.ok) throw new Error(saved.error)
  return saved.value
}

async function draft(): Promise<string> {
  const { cookie } = await save(null, 'incident', INCIDENT)
  if (cookie === null) throw new Error('no draft')
  await save(cookie, 'phone', PHONE)
  return cookie
}

/** The code of the newest message, as its reader would see it. */
async function newestCode(): Promise<Code> {
  const { id, caseId, sealed, key } = await db.notice.findFirstOrThrow({
    orderBy: { createdAt: 'desc' },
    include: { key: true },
  })
  return unseal<{ params: { code: Code } }>(unwrap(caseId, key), `notice:${id}`, sealed).params.code
}

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
  await save(cookie, 'person', PERSON)
  await confirmContact(cookie, await newestCode(), now)
  const wrong = { imei1: '352987065816624', imei2: '', brand: 'x'.repeat(100_000), colour: 'Đen' }
  const saved = await save(cookie, 'phone', wrong)
  expect(saved).toMatchObject({ faults: { imei1: 'report.imei.check_digit' }, incomplete: 'phone' })
  const view = await draftView(cookie, now)
  expect(view?.answers).toMatchObject({ imei1: wrong.imei1, colour: 'Đen', fullName: 'Nguyễn Thị Lan' })
  expect(view?.answers.brand?.length).toBeLessThan(20_000)
  expect(view?.faults).toEqual({
    incident: {},
    phone: { imei1: 'report.imei.check_digit', brand: 'report.brand.too_long' },
    person: {},
  })
  expect(view?.incomplete).toBe('phone')
  // Of a step that was only opened nothing is said.
  await save(cookie, 'person', {})
  expect((await draftView(cookie, now))?.faults.person).toEqual({})
})

test('a confirmed contact opens the draft elsewhere also while something in its step is wrong', async () => {
  const cookie = await draft()
  await save(cookie, 'person', PERSON)
  await confirmContact(cookie, await newestCode(), now)
  await save(cookie, 'person', { ...PERSON, nationalId: '1', contactEmail: 'lan@' })
  const view = await draftView(cookie, now)
  expect(view?.resumeWith).toEqual({ kind: 'email', value: PERSON.contactEmail })
  await sendResumeCode(view?.number ?? '', 'vi', next())
  expect(await db.notice.count({ where: { template: 'code_resume_draft' } })).toBe(1)
  // Back with the first contact, which has answered its code.
  await save(cookie, 'person', PERSON)
  expect(await confirmed(cookie)).toBe(true)
})

test('two tabs on different steps at once lose nothing to each other', async () => {
  const cookie = await draft()
  await Promise.all([
    save(cookie, 'phone', { ...PHONE, colour: 'Đen' }),
    save(cookie, 'incident', { ...INCIDENT, story: 'Rơi trên xe buýt' }),
    save(cookie, 'person', PERSON),
  ])
  const { answers } = (await draftView(cookie, now)) ?? {}
  expect(answers).toMatchObject({ colour: 'Đen', story: 'Rơi trên xe buýt', fullName: 'Nguyễn Thị Lan' })
})

test('a contact is confirmed by its own code, and by no other once it has changed', async () => {
  const cookie = await draft()
  expect(await save(cookie, 'person', PERSON)).toMatchObject({ faults: {}, incomplete: 'code' })
  const code = await newestCode()
  expect(await confirmContact(cookie, '', now)).toEqual({ ok: false, error: 'empty' })
  const wrong = code === '000000' ? '111111' : '000000'
  expect(await confirmContact(cookie, wrong, now)).toEqual({ ok: false, error: 'wrong' })

  await save(cookie, 'person', { ...PERSON, contactEmail: 'mai@example.vn' })
  expect(await confirmContact(cookie, code, now)).toEqual({ ok: false, error: 'wrong' })
  expect(await confirmContact(cookie, await newestCode(), now)).toEqual({ ok: true, value: null })
  expect(await confirmed(cookie)).toBe(true)
  // Pressed twice: it is confirmed all the same.
  expect(await confirmContact(cookie, '123456', now)).toEqual({ ok: true, value: null })

  await save(cookie, 'person', PERSON)
  expect(await confirmed(cookie)).toBe(false)
  await save(cookie, 'person', { ...PERSON, contactEmail: 'mai@example.vn' })
  expect(await confirmed(cookie)).toBe(false)
})

test('five wrong codes spend it; saving the step again asks for none; a fourth code an hour is refused', async () => {
  const cookie = await draft()
  await save(cookie, 'person', PERSON)
  const code = await newestCode()
  const wrong = code === '000000' ? '111111' : '000000'
  for (let tries = 0; tries < 5; tries++) await confirmContact(cookie, wrong, now)
  expect(await confirmContact(cookie, code, now)).toEqual({ ok: false, error: 'too_many_tries' })
  await save(cookie, 'person', PERSON)
  expect(await db.notice.count()).toBe(1)

  const anotherOnce = (submitKey: string) =>
    sendAnotherCode({ cookie: shown(cookie), locale: 'vi', address: randomUUID(), submitKey, now })
  const another = () => anotherOnce(randomUUID())
  // A form that is sent several times asks for one.
  const key = randomUUID()
  const sent = await Promise.all([1, 2, 3, 4].map(() => anotherOnce(key)))
  expect(sent).toEqual(sent.map(() => ({ ok: true, value: null })))
  expect(await db.notice.count()).toBe(2)
  expect(await another()).toEqual({ ok: true, value: null })
  expect(await another()).toEqual({ ok: false, error: 'too_many' })
})

test('an address that has asked for many codes is told so, and a step with something wrong asks for none', async () => {
  const address = randomUUID()
  const person = async (typed: Answers) => {
    const form = {
      cookie: shown(await draft()),
      step: 'person',
      typed,
      locale: 'vi',
      address,
      now: next(),
    } as const
    const saved = await saveStep(form)
    return saved.ok ? saved.value.faults : null
  }
  const { amount } = LIMITS.code_address
  for (let wrong = 0; wrong <= amount; wrong++)
    expect(await person({ ...PERSON, nationalId: '1' })).toHaveProperty('nationalId')
  for (let sent = 0; sent < amount; sent++)
    expect(await person({ ...PERSON, contactEmail: `lan${sent}@example.vn` })).toEqual({})
  expect(await person({ ...PERSON, contactEmail: 'mai@example.vn' })).toEqual({
    contactEmail: 'report.code.too_many_here',
  })
})

test('a draft goes on in another browser with number and code, and the first has it no more', async () => {
  const cookie = await draft()
  await save(cookie, 'person', PERSON)
  const view = await draftView(cookie, now)
  const number = parseCaseNumber(view?.number ?? '')
  if (!number.ok) throw new Error('no number')
  const request = { number: number.value, address: randomUUID(), locale: 'vi', now } as const

  const sendCode = (to = request.number) => sendResumeCode(to, 'vi', next())

  // Not confirmed yet: nothing is sent.
  await sendCode()
  expect(await db.notice.count({ where: { template: 'code_resume_draft' } })).toBe(0)

  await confirmContact(cookie, await newestCode(), now)
  const nobodys = newCaseNumber(randomBuffer)
  const submitKey = randomUUID()
  const ask = (number = request.number, key: string = randomUUID()) =>
    requestResume({ ...request, number, submitKey: key })
  await expectSameWork([request.number, nobodys], (asked) => ask(asked))
  const before = await superuser.query("SELECT FROM pgboss.job WHERE name = 'resume-code'")
  for (const one of await Promise.all([1, 2, 3].map(() => ask(request.number, submitKey))))
    expect(one).toEqual({ ok: true, value: true })
  const after = await superuser.query("SELECT FROM pgboss.job WHERE name = 'resume-code'")
  expect(after.rowCount).toBe((before.rowCount ?? 0) + 1)
  await sendCode(nobodys)
  await sendCode()
  const code = await newestCode()
  const resume = (code: string, at = now, of = request.number, key: string = randomUUID()) =>
    resumeDraft({
      ...request,
      submitKey: key,
      number: of,
      code: code as Code,
      officerId: null,
      address: randomUUID(),
      now: at,
    })
  // One answer, whatever is wrong: another would tell that there is such a draft.
  const wrong = { ok: false, error: 'wrong' }
  expect(await resume(code, now, nobodys)).toEqual(wrong)
  expect(await resume(code, addMilliseconds(now, HOUR))).toEqual(wrong)
  for (let tries = 0; tries < 5; tries++) expect(await resume('000000')).toEqual(wrong)
  expect(await resume(code)).toEqual(wrong)
  await sendCode()
  const fresh = await newestCode()
  const form = () => resume(fresh, now, request.number, submitKey)
  const [resumed = await form(), ...again] = await Promise.all([form(), form(), form()])
  for (const one of again) expect(one).toEqual(resumed)
  if (!resumed.ok) throw new Error(resumed.error)
  expect(resumed.value.incomplete).toBe('review')
  expect(await draftView(cookie, now)).toBeNull()
  expect((await draftView(resumed.value.cookie, now))?.number).toBe(number.value)
  expect(await form()).toEqual(resumed)
  expect(await resume(fresh)).toEqual(wrong)
  expect(await resume(fresh, addMilliseconds(now, 30_000), request.number, submitKey)).toEqual(wrong)
})

test('what is written at the desk is opened again by its own officer alone', async () => {
  const [officer, other] = [await makeStaff('officer'), await makeStaff('officer')]
  const cookie = shown(await startDraft({ locale: 'vi', filedBy: officer, now }), officer.id)
  const steps = { incident: INCIDENT, phone: PHONE, person: PERSON } as const
  for (const step of ['incident', 'phone', 'person'] as const)
    await saveStep({ cookie, step, typed: steps[step], locale: 'vi', address: randomUUID(), now: next() })
  await confirmWith(cookie, await newestCode(), now)
  const number = parseCaseNumber((await viewWith(cookie, now))?.number ?? '')
  if (!number.ok) throw new Error('no number')
  await sendResumeCode(number.value, 'vi', next())
  const request = {
    number: number.value,
    code: await newestCode(),
    address: randomUUID(),
    submitKey: randomUUID(),
    now,
  }
  for (const officerId of [null, other.id])
    expect(await resumeDraft({ ...request, officerId })).toEqual({ ok: false, error: 'wrong' })
  expect(await resumeDraft({ ...request, officerId: officer.id })).toMatchObject({ ok: true })
})

test('after seven days a draft is gone, and its key with it', async () => {
  const cookie = await draft()
  const later = addMilliseconds(now, 7 * DAY)
  expect(await draftView(cookie, addMilliseconds(later, HOUR))).toBeNull()
  expect(await deleteExpiredDrafts(addMilliseconds(now, 6 * DAY))).toEqual([])
  expect(await deleteExpiredDrafts(addMilliseconds(later, HOUR))).toHaveLength(1)
  expect(await db.caseKey.count()).toBe(0)
})
