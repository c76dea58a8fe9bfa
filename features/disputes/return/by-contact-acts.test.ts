import { randomUUID } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import type { Contact } from '#features/cases/particulars/rules.ts'
import type { Code } from '#features/cases/unlock/rules.ts'
import { writeContactHash } from '#features/contact-codes/data.ts'
import { listEvidence } from '#features/evidence/files/page-data.ts'
import { citizenScope } from '#lib/access/scope.ts'
import { err, ok } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR, MINUTE } from '#lib/time.ts'
import { unseal, unwrap } from '#platform/crypto.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeBlockingCase } from '#tests/factories/case.ts'
import { type MadeObjection, makeObjection } from '#tests/factories/objection.ts'
import { useUp } from '#tests/limits.ts'
import { must } from '#tests/must.ts'
import { expectSameWork } from '#tests/same-work.ts'
import { beginObjection, chooseInspection, confirmHolder, saveHolder } from '../drafts/acts.ts'
import { listObjectionsOf, readObjectionDraft } from '../drafts/data.ts'
import { exportObjection } from '../objections/export-acts.ts'
import { objectionForHolder, objectionStatus } from '../objections/view-data.ts'
import { chooseObjection, proveContact, requestObjectionCode, sendObjectionCode } from './acts.ts'

const now = new Date('2026-11-25T03:00:00Z')
const contact: Contact = { kind: 'email', value: 'binh@example.vn' }
const nobody: Contact = { kind: 'email', value: 'khac@example.vn' }
let ticks = 0
/** Returns a later time on each call, so that the newest message is the last. */
const next = () => addMilliseconds(now, ++ticks)

let imei: string
let sent: MadeObjection
beforeEach(async () => {
  await db.codeSend.deleteMany()
  imei = (await makeBlockingCase({ unitId: 'quan-3', now: addMilliseconds(now, -DAY) })).imeis[0] ?? ''
  sent = await makeObjection(imei, { now: addMilliseconds(now, -HOUR), email: contact.value })
})

async function newestCode(): Promise<Code> {
  const { id, caseId, sealed, key } = await db.notice.findFirstOrThrow({
    orderBy: { createdAt: 'desc' },
    include: { key: true },
  })
  return unseal<{ params: { code: Code } }>(unwrap(caseId, key), `notice:${id}`, sealed).params.code
}
const codes = () => db.notice.count({ where: { template: 'code_follow_objection' } })
async function codeFor(of = contact): Promise<Code> {
  await sendObjectionCode({ contact: writeContactHash(of), locale: 'vi' }, next())
  return newestCode()
}
const ask = (of: Contact, submitKey: string = randomUUID(), address: string = randomUUID()) =>
  requestObjectionCode({ contact: of, address, asker: null, locale: 'vi', submitKey, now })
const prove = (code: string, also: { of?: Contact; at?: Date; key?: string; address?: string } = {}) =>
  proveContact({
    asker: null,
    contact: also.of ?? contact,
    code: code as Code,
    address: also.address ?? randomUUID(),
    submitKey: also.key ?? randomUUID(),
    now: also.at ?? now,
  })
const choose = (number: string, submitKey: string = randomUUID(), of = contact) =>
  chooseObjection({ contact: of, number, submitKey, now })
const wrong = err('wrong')
const otherThan = (code: string) => (code === '000000' ? '111111' : '000000')

/** Makes a draft of the same person about another phone, with its contact confirmed; returns its browser's cookie. */
async function confirmedDraft(): Promise<string> {
  const other = await makeBlockingCase({ unitId: 'quan-3', now: addMilliseconds(now, -DAY) })
  const cookie = must(
    await beginObjection({ imei: other.imeis[0] ?? '', locale: 'vi', address: randomUUID(), now }),
  )
  await chooseInspection(cookie, true, now)
  const typed = {
    fullName: 'Trần Văn Bình',
    idKind: 'cccd',
    nationalId: '079191054321',
    contactEmail: contact.value,
    story: 'Tôi mua máy này ở tiệm, có hóa đơn.',
  }
  await saveHolder({ cookie, typed, locale: 'vi', address: randomUUID(), now: next() })
  expect(await confirmHolder(cookie, await newestCode(), now)).toMatchObject({ ok: true })
  return cookie
}

test('a person who has lost number and secret sees how far it is, by a code to the contact, and nothing else', async () => {
  const code = await codeFor()
  expect(await prove(code)).toEqual(ok(true))
  expect(await listObjectionsOf(contact, now)).toMatchObject([{ number: sent.number, state: 'open', imei }])
  const chosen = await choose(sent.number)
  expect(chosen).toEqual(ok({ kind: 'sent', id: sent.id, number: sent.number }))
  const status = citizenScope(sent.id, 'status')
  const course = await objectionStatus(status, sent.id)
  expect(course?.snapshot).toMatchObject({ number: sent.number, state: 'open' })
  expect(course?.events).toMatchObject([{ move: 'submitted', words: {} }])
  expect(Object.keys(course ?? {}).toSorted()).toEqual([
    'authority',
    'carriers',
    'events',
    'snapshot',
    'undecided',
  ])
  expect(await objectionForHolder(status, sent.id)).toBeNull()
  expect(await exportObjection(status, sent.id, now)).toBeNull()
  expect(await listEvidence(status, sent.id)).toEqual([])
  // It reveals nothing of another objection.
  const other = await makeObjection(imei, { now: addMilliseconds(now, -HOUR) })
  expect(await objectionStatus(status, other.id)).toBeNull()
})

test('a draft goes on in another browser, once, and the first has it no more', async () => {
  const cookie = await confirmedDraft()
  const number = (await readObjectionDraft(cookie, now))?.number ?? ''
  const offered = await listObjectionsOf(contact, now)
  expect(offered.map((one) => [one.number, one.state])).toEqual([
    [number, 'draft'],
    [sent.number, 'open'],
  ])
  expect(await prove(await codeFor())).toMatchObject({ ok: true })
  const submitKey = randomUUID()
  const [opened, ...again] = await Promise.all([1, 2, 3].map(() => choose(number, submitKey)))
  for (const one of again) expect(one).toEqual(opened)
  if (!opened?.ok || opened.value.kind !== 'draft') throw new Error(JSON.stringify(opened))
  expect(opened.value.missing).toBe('review')
  expect(await readObjectionDraft(cookie, now)).toBeNull()
  expect(await readObjectionDraft(opened.value.cookie, now)).toMatchObject({ number })
  // An expired draft is no longer offered.
  expect(await listObjectionsOf(contact, addMilliseconds(now, 400 * DAY))).toHaveLength(1)
})

test('the same is answered, after the same work, whether a contact has objected or not', async () => {
  await expectSameWork([contact, nobody], (of) => ask(of))
  await codeFor()
  await expectSameWork([contact, nobody], (of) => prove('000000', { of }), /select|update/i)
  const jobs = async () =>
    (await superuser.query("SELECT data::text FROM pgboss.job WHERE name = 'objection-code'")).rows
  const before = (await jobs()).length
  const submitKey = randomUUID()
  for (const one of await Promise.all([1, 2, 3].map(() => ask(contact, submitKey))))
    expect(one).toEqual(ok(true))
  expect(await jobs()).toHaveLength(before + 1)
  // The queue does not reveal the contact.
  for (const { data } of await jobs()) expect(data).not.toContain('binh')
})

test('a contact without an objection is sent nothing, and refused a fourth request all the same', async () => {
  await sendObjectionCode({ contact: writeContactHash(nobody), locale: 'vi' }, next())
  expect(await codes()).toBe(0)
  const answers = async (of: Contact) => {
    const address = randomUUID()
    const given: unknown[] = []
    for (let n = 0; n < 4; n++) given.push((await ask(of, randomUUID(), address)).ok)
    return given
  }
  const known = await answers(contact)
  expect(known).toEqual([true, true, true, false])
  expect(await answers(nobody)).toEqual(known)
})

test('a code that is wrong, too old, tried too often or for another contact opens nothing', async () => {
  const code = await codeFor()
  expect(await prove(code, { of: nobody })).toEqual(wrong)
  expect(await prove(code, { at: addMilliseconds(now, HOUR) })).toEqual(wrong)
  for (let tries = 0; tries < 5; tries++) expect(await prove(otherThan(code))).toEqual(wrong)
  expect(await prove(code)).toEqual(wrong)
  const another = await codeFor()
  const key = randomUUID()
  expect(await prove(another, { key })).toMatchObject({ ok: true })
  // Pressed twice it is one act; later, or from another form, the code is used up.
  expect(await prove(another, { key })).toMatchObject({ ok: true })
  expect(await prove(another)).toEqual(wrong)
  expect(await prove(another, { key, at: addMilliseconds(now, MINUTE) })).toEqual(wrong)
})

test('a contact chooses among its own alone', async () => {
  const others = await makeObjection(imei, { now: addMilliseconds(now, -HOUR) })
  expect(await choose(others.number)).toEqual(err('not_found'))
  expect(await choose(sent.number, randomUUID(), nobody)).toEqual(err('not_found'))
})

test('one address asks and tries only so often; right codes are not counted', async () => {
  const address = randomUUID()
  await useUp('code_address', address, now)
  const other = { kind: 'email', value: 'khach@example.vn' } as const
  expect(await ask(other, randomUUID(), address)).toMatchObject({ ok: true })
  expect(await ask(contact, randomUUID(), address)).toEqual(err('limit'))
  expect(await prove(await codeFor(), { address })).toMatchObject({ ok: true })
  await useUp('resume_address', address, now, 2)
  for (let tries = 0; tries < 2; tries++)
    expect(await prove('000000', { of: nobody, address })).toEqual(wrong)
  expect(await prove('000000', { of: nobody, address })).toEqual(err('limit'))
})
