import { randomUUID } from 'node:crypto'
import { beforeEach, expect, test } from 'vitest'
import type { Contact } from '#features/cases/particulars/rules.ts'
import type { Code } from '#features/cases/unlock/rules.ts'
import { hashAsker } from '#features/contact-codes/acts.ts'
import { err, ok } from '#lib/result.ts'
import { addMilliseconds, DAY, localDate } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeCase } from '#tests/factories/case.ts'
import { sentMessages } from '#tests/factories/messages.ts'
import { expectSameWork } from '#tests/same-work.ts'
import { saveStep } from '../steps/acts.ts'
import { confirmContact, sendAnotherCode } from './confirm-acts.ts'
import { requestResume, resumeDraft, sendFound } from './resume-acts.ts'

const now = new Date()
let ticks = 0
const next = () => addMilliseconds(now, ++ticks)
const LAN = { kind: 'email', value: 'lan@example.vn' } as const satisfies Contact
const VICTIM = '203.0.113.9'
const THIEF = '203.0.113.7'

async function beginDraft(address: string, contactEmail: string = LAN.value) {
  const save = async (cookie: string | null, step: 'incident' | 'contact', typed: Record<string, string>) => {
    const shown = cookie === null ? null : { value: cookie, officerId: null }
    const saved = await saveStep({ cookie: shown, step, typed, locale: 'vi', address, now: next() })
    if (!saved.ok || saved.value.cookie === null) throw new Error(JSON.stringify(saved))
    return { cookie: saved.value.cookie, faults: saved.value.faults }
  }
  const incident = {
    incidentType: 'lost',
    incidentAt: `${localDate(addMilliseconds(now, -DAY))}T08:30`,
    district: 'quan-3',
  }
  const { cookie } = await save(null, 'incident', incident)
  const { faults } = await save(cookie, 'contact', { contactEmail })
  return { cookie: { value: cookie, officerId: null }, faults }
}

/** Requests the drafts and cases of a contact, and runs the jobs that follow. */
async function find(address: string, { contact = LAN as Contact, mark = 'browser' } = {}) {
  const asker = hashAsker(mark)
  const asked = await requestResume({ contact, address, asker, locale: 'vi', submitKey: randomUUID(), now })
  const jobs = await superuser.query("DELETE FROM pgboss.job WHERE name = 'resume-code' RETURNING data")
  for (const { data } of jobs.rows) await sendFound(data, next())
  return asked
}

const codesOf = async (template: string) =>
  (await sentMessages({ template })).map(({ params }) => params.code as Code)

beforeEach(() => db.notice.deleteMany())

test('a stranger’s requests leave a person who reports all of their codes', async () => {
  for (let n = 0; n < 5; n++) await find(THIEF)
  for (let n = 0; n < 5; n++) await beginDraft(THIEF)
  await db.notice.deleteMany()
  const { cookie, faults } = await beginDraft(VICTIM)
  expect(faults).toEqual({})
  const another = () =>
    sendAnotherCode({ cookie, locale: 'vi', address: VICTIM, submitKey: randomUUID(), now: next() })
  expect([await another(), await another()]).toEqual([ok(null), ok(null)])
  expect(await another()).toEqual(err('too_many'))
  const codes = await codesOf('code_confirm_contact')
  expect(codes).toHaveLength(3)
  expect(await confirmContact(cookie, codes.at(-1) ?? '', now)).toMatchObject({ ok: true })
})

test('a stranger’s wrong codes and new requests leave a draft’s owner their code', async () => {
  const { cookie } = await beginDraft(VICTIM)
  const [first = ''] = await codesOf('code_confirm_contact')
  await confirmContact(cookie, first, now)
  await find(VICTIM, { mark: 'owner' })
  const [code] = await codesOf('code_resume_draft')
  const enter = (mark: string, address: string, typed: Code | undefined) =>
    resumeDraft({
      ...{ contact: LAN, code: typed ?? ('' as Code), officerId: null, address, now: next() },
      ...{ asker: hashAsker(mark), submitKey: randomUUID() },
    })
  for (let n = 0; n < 3; n++) {
    await find(THIEF, { mark: 'thief' })
    for (let tries = 0; tries < 6; tries++)
      expect((await enter('thief', THIEF, '000000' as Code)).ok).toBe(false)
  }
  // A code works only in the browser that asked for it.
  expect(await enter('thief', randomUUID(), code)).toEqual(err('wrong'))
  expect(await enter('owner', VICTIM, code)).toMatchObject({ ok: true })
})

test('one door finds a draft and every case that is not over, by the contact alone', async () => {
  const contact = { kind: 'email', value: 'lan@example.vn' } as const
  const older = await makeCase({ particulars: { contact }, now: addMilliseconds(now, -2) })
  const written = { kind: 'email', value: 'Lan@example.vn' } as const
  const newer = await makeCase({ particulars: { contact: written }, now: addMilliseconds(now, -1) })
  const over = await makeCase({ particulars: { contact } })
  await superuser.query("UPDATE cases SET state = 'withdrawn' WHERE id = $1", [over.id])
  await makeCase({ particulars: { contact: { kind: 'email', value: 'mai@example.vn' } } })
  const { cookie } = await beginDraft(VICTIM)
  await confirmContact(cookie, (await codesOf('code_confirm_contact')).at(-1) ?? '', now)
  await db.notice.deleteMany()
  // In another spelling.
  expect(await find(VICTIM, { contact: { kind: 'email', value: 'LAN@example.vn' } })).toMatchObject({
    ok: true,
  })
  const sent = await sentMessages()
  expect(sent.map(({ template, to }) => [template, to])).toEqual([
    ['cases_found', 'Lan@example.vn'],
    ['code_resume_draft', 'lan@example.vn'],
  ])
  expect(sent[0]?.params).toEqual({ number: newer.number, others: older.number })
})

test('the door answers everybody alike and with the same work; nothing goes to a contact that has nothing', async () => {
  await makeCase({ particulars: { contact: LAN } })
  await db.notice.deleteMany()
  const mai = { kind: 'email', value: 'mai@example.vn' } as const
  const ask = (contact: Contact) =>
    requestResume({ contact, address: VICTIM, asker: null, locale: 'vi', submitKey: randomUUID(), now })
  await expectSameWork([LAN, mai], (contact) => ask(contact))
  await superuser.query("DELETE FROM pgboss.job WHERE name = 'resume-code'")
  expect(await find('198.51.100.1', { contact: mai })).toEqual(await find('198.51.100.2', { contact: LAN }))
  expect((await sentMessages()).map(({ to }) => to)).toEqual([LAN.value])
})
