import { randomUUID } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import type { Code } from '#features/cases/unlock/rules.ts'
import { contactHash } from '#features/contact-codes/data.ts'
import { TYPED_MAX } from '#features/reporting/fields/rules.ts'
import { LIMITS } from '#lib/access/limits.ts'
import { err, ok } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR } from '#lib/time.ts'
import { randomBuffer, unseal, unwrap } from '#platform/crypto.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeBlockingCase } from '#tests/factories/case.ts'
import { CONSENTED, makeObjectionDraft } from '#tests/factories/objection.ts'
import { useUp } from '#tests/limits.ts'
import { must } from '#tests/must.ts'
import { expectSameWork } from '#tests/same-work.ts'
import { confirmHolder, saveHolder, sendHolderCode, sendObjection } from '../drafts/acts.ts'
import { dropReceipt, readObjectionDraft } from '../drafts/data.ts'
import { type ObjectionNumber, objectionNumbers } from '../objections/rules.ts'
import { requestObjectionResume, resumeObjection, sendResumeCode } from './acts.ts'

const now = new Date('2026-11-25T03:00:00Z')
let ticks = 0
/** Returns a later time on each call, so that the newest message is the last. */
const next = () => addMilliseconds(now, ++ticks)
const PERSON = {
  fullName: 'Trần Văn Bình',
  idKind: 'cccd',
  nationalId: '079191054321',
  contactEmail: 'binh@example.vn',
  story: 'Tôi mua máy này ở tiệm trên đường Hùng Vương, có hóa đơn.',
}
const wrong = err('wrong')

let cookie: string
let number: ObjectionNumber
beforeEach(async () => {
  await db.codeSend.deleteMany()
  const blocked = await makeBlockingCase({ unitId: 'quan-3', now: addMilliseconds(now, -DAY) })
  cookie = await makeObjectionDraft(blocked.imeis[0] ?? '', { now })
  await save(PERSON)
  number = must(objectionNumbers.parse((await draft())?.number ?? ''))
})

const draft = (of = cookie) => readObjectionDraft(of, now)
const save = (typed: Record<string, string>) =>
  saveHolder({ cookie, typed, locale: 'vi', address: randomUUID(), now: next() })
const codesSent = () => db.notice.count({ where: { template: 'code_resume_objection' } })

async function newestCode(): Promise<Code> {
  const { id, caseId, sealed, key } = await db.notice.findFirstOrThrow({
    orderBy: { createdAt: 'desc' },
    include: { key: true },
  })
  return unseal<{ params: { code: Code } }>(unwrap(caseId, key), `notice:${id}`, sealed).params.code
}

async function codeToResume(): Promise<Code> {
  expect(await confirmHolder(cookie, await newestCode(), now)).toMatchObject({ ok: true })
  await sendResumeCode({ number, locale: 'vi' }, next())
  return newestCode()
}

const resume = (code: string, also: { at?: Date; of?: ObjectionNumber; key?: string } = {}) =>
  resumeObjection({
    asker: null,
    number: also.of ?? number,
    code: code as Code,
    address: randomUUID(),
    submitKey: also.key ?? randomUUID(),
    now: also.at ?? now,
  })

test('a draft goes on in another browser at the step reached, and the first has it no more', async () => {
  const code = await codeToResume()
  const submitKey = randomUUID()
  const form = () => resume(code, { key: submitKey })
  const [resumed = await form(), ...again] = await Promise.all([form(), form(), form()])
  for (const one of again) expect(one).toEqual(resumed)
  if (!resumed.ok) throw new Error(resumed.error)
  expect(resumed.value.missing).toBe('review')
  expect(await draft()).toBeNull()
  expect(await draft(resumed.value.cookie)).toMatchObject({ number, answers: { story: PERSON.story } })
  expect(await resume(code)).toEqual(wrong)
  const consents = CONSENTED
  const sent = await sendObjection({ cookie: resumed.value.cookie, consents, locale: 'vi', now })
  expect(sent).toMatchObject(ok({ number }))
})

test('a confirmed contact is told once until when the draft is kept, and by which number it is opened', async () => {
  const told = () => db.notice.findMany({ where: { template: 'draft_objection' }, include: { key: true } })
  expect(await told()).toHaveLength(0)
  await codeToResume()
  expect(await confirmHolder(cookie, '', now)).toMatchObject({ ok: true })
  const [notice, ...more] = await told()
  if (!notice) throw new Error('nobody was told')
  expect(more).toEqual([])
  const { id, caseId, sealed, key } = notice
  expect(unseal(unwrap(caseId, key), `notice:${id}`, sealed)).toMatchObject({
    to: PERSON.contactEmail,
    params: { number, until: (await draft())?.expiresAt.toISOString() },
  })
})

test('a copy of the cookie opens no draft after “end and clear”; a code still does', async () => {
  const code = await codeToResume()
  await dropReceipt(cookie)
  expect(await draft()).toBeNull()
  expect(await resume(code)).toMatchObject({ ok: true })
})

test('the same is answered, after the same work, whether there is such a draft or not', async () => {
  const code = await codeToResume()
  const nobodys = objectionNumbers.draw(randomBuffer)
  const ask = (asked: ObjectionNumber, submitKey: string = randomUUID()) =>
    requestObjectionResume({
      number: asked,
      asker: null,
      address: randomUUID(),
      locale: 'vi',
      submitKey,
      now,
    })
  await expectSameWork([number, nobodys], (asked) => ask(asked))
  const jobs = async () =>
    (await superuser.query("SELECT FROM pgboss.job WHERE name = 'resume-objection-code'")).rowCount ?? 0
  const before = await jobs()
  const submitKey = randomUUID()
  for (const one of await Promise.all([1, 2, 3].map(() => ask(number, submitKey))))
    expect(one).toEqual(ok(true))
  expect(await jobs()).toBe(before + 1)
  const sent = await codesSent()
  await sendResumeCode({ number: nobodys, locale: 'vi' }, next())
  expect(await codesSent()).toBe(sent)
  expect(await resume(code, { of: nobodys })).toEqual(wrong)
  expect(await resume(code, { at: addMilliseconds(now, HOUR) })).toEqual(wrong)
  for (let tries = 0; tries < 5; tries++)
    expect(await resume(code === '000000' ? '111111' : '000000')).toEqual(wrong)
  expect(await resume(code)).toEqual(wrong)
  expect(await draft()).not.toBeNull()
})

test('no code is sent before the contact is confirmed, nor for what was sent; a confirmed one stays', async () => {
  await sendResumeCode({ number, locale: 'vi' }, next())
  expect(await codesSent()).toBe(0)
  await confirmHolder(cookie, await newestCode(), now)
  // A step that was left with faults.
  await save({ ...PERSON, nationalId: '1', contactEmail: 'binh@' })
  expect((await draft())?.resumeWith).toEqual({ kind: 'email', value: PERSON.contactEmail })
  await sendResumeCode({ number, locale: 'vi' }, next())
  expect(await codesSent()).toBe(1)
  const code = await newestCode()
  await save(PERSON)
  expect(await sendObjection({ cookie, consents: CONSENTED, locale: 'vi', now })).toMatchObject({ ok: true })
  expect(await resume(code)).toEqual(wrong)
  await sendResumeCode({ number, locale: 'vi' }, next())
  expect(await codesSent()).toBe(1)
})

test('a contact whose code was asked for with “send another” opens the draft elsewhere too', async () => {
  // The contact's codes of this hour are used up: the step is kept, but no code is sent.
  const contactEmail = 'khac@example.vn'
  const [draftRow] = await db.objection.findMany({ select: { id: true } })
  const at = addMilliseconds(now, -1)
  const used = {
    contactHash: contactHash({ kind: 'email', value: contactEmail }),
    purpose: 'confirm_contact',
    ownId: draftRow?.id ?? null,
    at,
  } as const
  await db.codeSend.createMany({ data: [used, used, used] })
  expect(await save({ ...PERSON, contactEmail })).toEqual(ok({ contactEmail: 'report.code.too_many' }))
  expect((await draft())?.missing).toBe('code')
  await db.codeSend.deleteMany()
  const form = { cookie, locale: 'vi', address: randomUUID(), submitKey: randomUUID(), now: next() } as const
  expect(await sendHolderCode(form)).toEqual(ok(null))
  expect(await resume(await codeToResume())).toMatchObject(ok({ missing: 'review' }))
})

test('what was typed wrong is kept as it was typed, and named when its page is opened again', async () => {
  const typed = { nationalId: '07919105432', story: 'a'.repeat(11_000), contactEmail: '' }
  expect(await save({ ...PERSON, ...typed })).toMatchObject({ ok: true })
  const left = await draft()
  expect(left?.answers).toMatchObject({ fullName: PERSON.fullName, ...typed })
  expect(left?.missing).toBe('person')
  expect(Object.keys(left?.faults ?? {}).toSorted()).toEqual(['nationalId', 'story'])
  // Cut to the maximum of a field.
  await save({ ...PERSON, story: 'a'.repeat(100_000) })
  expect((await draft())?.answers.story).toHaveLength(TYPED_MAX)
})

test('saving a contact that was sent its code takes none from its network', async () => {
  const address = randomUUID()
  const typed = (contactEmail: string) =>
    saveHolder({ cookie, typed: { ...PERSON, contactEmail }, locale: 'vi', address, now: next() })
  const saved = ok({})
  for (let n = 0; n < LIMITS.code_address.amount; n++) expect(await typed(PERSON.contactEmail)).toEqual(saved)
  await confirmHolder(cookie, await newestCode(), now)
  expect(await typed(PERSON.contactEmail)).toEqual(saved)
  expect(await typed('khac@example.vn')).toEqual(saved)
})

test('one address asks and tries only so often', async () => {
  const address = randomUUID()
  const ask = (of = number) =>
    requestObjectionResume({ number: of, asker: null, address, locale: 'vi', submitKey: randomUUID(), now })
  for (let asked = 0; asked < 3; asked++) expect(await ask()).toMatchObject({ ok: true })
  expect(await ask()).toEqual(err('limit'))
  // Four of its attempts are already used.
  await useUp('code_address', address, now, 5)
  expect(await ask(objectionNumbers.draw(randomBuffer))).toMatchObject({ ok: true })
  expect(await ask(objectionNumbers.draw(randomBuffer))).toEqual(err('limit'))
  const open = () =>
    resumeObjection({ number, asker: null, code: '000000' as Code, address, submitKey: randomUUID(), now })
  await useUp('lookup_address', address, now)
  expect(await open()).toEqual(wrong)
  expect(await open()).toEqual(err('limit'))
})
