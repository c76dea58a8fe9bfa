import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { hashAsker } from '#features/contact-codes/acts.ts'
import { exportData } from '#features/privacy/export/acts.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { type CaseScope, citizenScope } from '#lib/access/scope.ts'
import { err } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR } from '#lib/time.ts'
import { unwrap } from '#platform/crypto.ts'
import { superuser } from '#tests/database.ts'
import { db, transaction } from '#tests/db.ts'
import { type MadeCase, makeCase, makePolice, move, PARTICULARS } from '#tests/factories/case.ts'
import { sentMessages } from '#tests/factories/messages.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { sentThrice } from '#tests/sent-thrice.ts'
import { readContactsForCitizen } from '../citizen/data.ts'
import { discloseCase } from '../disclosure/acts.ts'
import { openCaseFile } from '../particulars/data.ts'
import type { Contact } from '../particulars/rules.ts'
import { requestStatusCode, sendStatusCode, unlockWithCode } from '../unlock/acts.ts'
import {
  addCaseContact,
  askNewContact,
  dropCaseContact,
  keepContacts,
  tellOfCases,
  type Which,
} from './acts.ts'
import { makeContactIndexes } from './data.ts'

const NOW = new Date('2026-11-24T03:00:00Z')
const LATER = addMilliseconds(NOW, DAY)
const OLD = PARTICULARS.contact
const OWN = { kind: 'phone', value: '+84912345678' } as const satisfies Contact
const HERE = '203.0.113.7'

let made: MadeCase
beforeEach(async () => {
  made = await makeCase({ now: addMilliseconds(NOW, -HOUR) })
  await db.notice.deleteMany()
})
const full = (c = made) => citizenScope(c.id, 'full')
const done = { ok: true, value: true }

const askFor = (contact: Contact, { scope = full() as CaseScope, simReissued = false, now = NOW } = {}) =>
  askNewContact(
    scope,
    { caseId: made.id, contact, simReissued, address: HERE, locale: 'vi', submitKey: randomUUID() },
    now,
  )
const confirm = (contact: Contact, typed: string, { now = NOW, submitKey = randomUUID() as string } = {}) =>
  addCaseContact(full(), { caseId: made.id, contact, simReissued: true, typed, submitKey }, now)
const keep = (scope: CaseScope, now = NOW) =>
  keepContacts(scope, { caseId: made.id, submitKey: randomUUID() }, now)
const drop = (which: Which, now = LATER, scope: CaseScope = full()) =>
  dropCaseContact(scope, { caseId: made.id, which, submitKey: randomUUID() }, now)

const messages = () => sentMessages({ caseId: made.id })
const told = async () => (await messages()).map(({ template, to }) => `${template} ${to}`).toSorted()
const code = async () => (await messages()).findLast(({ params }) => params.code)?.params.code ?? ''

async function add(contact: Contact = OWN, now = NOW): Promise<void> {
  expect(await askFor(contact, { now })).toEqual(done)
  expect(await confirm(contact, await code(), { now })).toEqual(done)
}

describe('a second contact', () => {
  it('is confirmed by its own code, announced to the first at once, and told nothing for a day', async () => {
    await askFor(OWN)
    expect(await told()).toEqual([`code_new_contact ${OWN.value}`])
    expect(await confirm(OWN, '000000')).toEqual(err('wrong'))
    expect(await confirm(OWN, await code())).toEqual(done)
    expect(await told()).toEqual([
      `add_contact ${OLD.value}`,
      `code_new_contact ${OWN.value}`,
      `contact_added ${OWN.value}`,
    ])
    const announced = (await messages()).find(({ template }) => template === 'add_contact')
    expect(announced?.params).toMatchObject({ number: made.number, until: LATER.toISOString() })
    expect(announced?.params.contact).not.toContain('345')
    const { officer } = await makePolice()
    await db.notice.deleteMany()
    await move(made.id, officer, { move: 'take' }, addMilliseconds(NOW, HOUR))
    expect(await told()).toEqual([`take ${OLD.value}`])
  })

  it('is told of the case like the first one once its day is over', async () => {
    await add()
    await db.notice.deleteMany()
    const { officer } = await makePolice()
    await move(made.id, officer, { move: 'take' }, LATER)
    expect(await told()).toEqual([`take ${OWN.value}`, `take ${OLD.value}`])
  })

  it('is one transaction with its event and its entry in the log, and done once for a form sent twice', async () => {
    await askFor(OWN)
    const [typed, submitKey] = [await code(), randomUUID()]
    const answers = await Promise.all([1, 2, 3].map(() => confirm(OWN, typed, { submitKey })))
    expect(answers).toEqual([done, done, done])
    expect(await db.caseEvent.count({ where: { caseId: made.id, move: 'add_contact' } })).toBe(1)
    const { rows } = await superuser.query("SELECT FROM audit_entries WHERE act = 'case.add_contact'")
    expect(rows).toHaveLength(1)
  })

  it('is found, exported and searched for like the first one', async () => {
    await add()
    const kinds = await db.blindIndex.findMany({ where: { caseId: made.id, kind: 'contact' } })
    expect(kinds).toHaveLength(2)
    const taken = await exportData(full(), made.id, 'json', NOW)
    expect(JSON.stringify(taken)).toContain(OWN.value)
    const find = (at: Date) => transaction((tx) => tellOfCases(tx, makeContactIndexes(OWN), 'vi', at))
    await db.notice.deleteMany()
    await find(NOW)
    expect(await told()).toEqual([])
    await find(LATER)
    expect(await told()).toEqual([`cases_found ${OWN.value}`])
  })

  it('is refused without the secret, twice, as the one there is, and as a third', async () => {
    expect(await askFor(OWN, { scope: citizenScope(made.id, 'status') })).toEqual(err('forbidden'))
    expect(await askFor({ ...OLD, value: OLD.value.toUpperCase() })).toEqual(err('contact_same'))
    await add()
    const third = { kind: 'email', value: 'ba@example.vn' } as const
    expect(await askFor(third)).toEqual(err('contact_waits'))
    expect(await askFor(third, { now: LATER })).toEqual(err('contact_full'))
    expect(await askFor(OWN)).toEqual(err('contact_same'))
  })

  it('is the first one, and in force at once, where a case was sent at the desk without any', async () => {
    made = await makeCase({ now: NOW, particulars: { contact: null } })
    await add()
    expect(await told()).toEqual([`code_new_contact ${OWN.value}`, `contact_added ${OWN.value}`])
    expect(await db.case.findUniqueOrThrow({ where: { id: made.id } })).toMatchObject({
      contactKind: 'phone',
    })
    expect(await readContactsForCitizen(full(), made.id, NOW)).toMatchObject({ waiting: null })
    const { officer } = await makePolice()
    await db.notice.deleteMany()
    await move(made.id, officer, { move: 'take' }, addMilliseconds(NOW, HOUR))
    expect(await told()).toEqual([`take ${OWN.value}`])
    await add({ kind: 'email', value: 'ba@example.vn' })
    expect((await readContactsForCitizen(full(), made.id, NOW))?.waiting?.inForceAt).toEqual(LATER)
  })

  it('may be the number of the lost phone only where its SIM was reissued', async () => {
    const number = { kind: 'phone', value: PARTICULARS.phoneNumbers[0] ?? '' } as const
    expect(await askFor(number)).toEqual(err('contact_lost_phone'))
    expect(await askFor(number, { simReissued: true })).toEqual(done)
  })

  it('is added by a code of its own alone, and not by one for another contact', async () => {
    await askFor(OWN)
    const other = { kind: 'email', value: 'khac@example.vn' } as const
    expect(await confirm(other, await code())).toEqual(err('wrong'))
    expect((await readContactsForCitizen(full(), made.id, NOW))?.waiting).toBeNull()
  })
})

describe('a thief with the secret', () => {
  const status = async () => {
    const asker = hashAsker('owner')
    const asked = { number: made.number, address: HERE, asker }
    await requestStatusCode({ ...asked, submitKey: randomUUID() }, NOW)
    await sendStatusCode(asked, NOW)
    const typed = { number: made.number, code: await code(), asker, submitKey: randomUUID() }
    const opened = must(await unlockWithCode(typed, HERE, NOW))
    return citizenScope(opened.caseId, 'status')
  }

  it('who adds their own contact is stopped by the first one with a code, without the secret', async () => {
    await add({ kind: 'phone', value: '+84987654321' })
    expect(await told()).toContain(`add_contact ${OLD.value}`)
    await db.notice.deleteMany()
    const scope = await status()
    // The code went only to the contact in force, and shows that one waits, but not which.
    expect(await told()).toEqual([`code_view_status ${OLD.value}`])
    expect(await readContactsForCitizen(scope, made.id, NOW)).toMatchObject({
      inForce: [],
      waiting: { contact: null, inForceAt: LATER },
    })
    expect(await keep(scope)).toEqual(done)
    expect((await told()).slice(1)).toEqual(['contact_refused +84987654321', `keep_contacts ${OLD.value}`])
    // The case is no longer found by that contact, and nobody can add another for a week.
    expect(await db.blindIndex.count({ where: { caseId: made.id, kind: 'contact' } })).toBe(1)
    const week = 7 * DAY
    expect(await askFor(OWN, { now: addMilliseconds(NOW, week - 1) })).toEqual(err('contact_kept'))
    expect(await askFor(OWN, { now: addMilliseconds(NOW, week) })).toEqual(done)
  })

  it('cannot take the first contact off before the new one is in force', async () => {
    await add()
    expect(await drop('first', addMilliseconds(LATER, -1))).toEqual(err('contact_last'))
    expect(await keep(full(), LATER)).toEqual(err('contact_in_force'))
  })

  it('gets nothing done by a code: neither an addition nor a removal', async () => {
    await add()
    const scope = citizenScope(made.id, 'status')
    expect(await drop('first', LATER, scope)).toEqual(err('forbidden'))
    expect(await askFor(OWN, { scope, now: LATER })).toEqual(err('forbidden'))
  })

  it('refuses nothing on another case', async () => {
    await add()
    const other = await makeCase()
    expect(await keep(citizenScope(other.id, 'full'))).toEqual(err('forbidden'))
  })
})

describe('a contact that is taken off', () => {
  it('is told once more, like the other, and then nothing', async () => {
    await add()
    await db.notice.deleteMany()
    expect(await drop('first')).toEqual(done)
    expect(await told()).toEqual([`drop_contact ${OWN.value}`, `drop_contact ${OLD.value}`])
    await db.notice.deleteMany()
    const { officer } = await makePolice()
    await move(made.id, officer, { move: 'take' }, LATER)
    expect(await told()).toEqual([`take ${OWN.value}`])
    const { particulars } = await openCaseFile(made, db)
    expect([particulars.contact, particulars.secondContact]).toEqual([OWN, undefined])
    expect((await db.case.findUniqueOrThrow({ where: { id: made.id } })).contactKind).toBe('phone')
    expect(await db.blindIndex.count({ where: { caseId: made.id, kind: 'contact' } })).toBe(1)
  })

  it('is one of two: of two at once taken off, one stays', async () => {
    await add()
    const answers = await Promise.all([drop('first'), drop('second')])
    expect(answers.filter(({ ok }) => ok)).toHaveLength(1)
    expect((await readContactsForCitizen(full(), made.id, LATER))?.inForce).toHaveLength(1)
  })
})

describe('a contact for a person at the desk, who has lost the secret', () => {
  const open = (by: StaffReader, now = NOW) =>
    discloseCase(by, { number: made.number, submitKey: randomUUID(), reason: 'ownership', note: '' }, now)
  const ask = (by: StaffReader, contact: Contact = OWN, now = NOW) => {
    const asked = { caseId: made.id, contact, simReissued: false, address: HERE }
    return askNewContact(by, { ...asked, submitKey: randomUUID() }, now)
  }
  const enter = async (by: StaffReader, typed: string) => {
    const added = { caseId: made.id, contact: OWN, simReissued: true, typed, submitKey: randomUUID() }
    return sentThrice(() => addCaseContact(by, added, NOW))
  }

  it('is confirmed by its code, announced to the first, and refused by it without the secret', async () => {
    const { officer } = await makePolice()
    await open(officer)
    expect(await ask(officer)).toEqual(done)
    expect(await told()).toEqual([`code_new_contact ${OWN.value}`])
    expect(await enter(officer, '000000')).toEqual(err('wrong'))
    expect(await enter(officer, await code())).toEqual(done)
    expect(await told()).toEqual([
      `add_contact_at_desk ${OLD.value}`,
      `code_new_contact ${OWN.value}`,
      `contact_added ${OWN.value}`,
    ])
    const events = await db.caseEvent.findMany({ where: { caseId: made.id, move: 'add_contact' } })
    expect(events).toMatchObject([{ actorKind: 'staff', actorId: officer.id }])
    // It is told nothing for a day, and opens nothing: it gets no code for the status either.
    await db.notice.deleteMany()
    await sendStatusCode({ number: made.number, asker: hashAsker('new') }, NOW)
    expect(await told()).toEqual([`code_view_status ${OLD.value}`])
    expect(await ask(officer, { kind: 'email', value: 'ba@example.vn' })).toEqual(err('contact_waits'))
    expect(await keep(citizenScope(made.id, 'status'))).toEqual(done)
    expect(await ask(officer)).toEqual(err('contact_kept'))
  })

  it('is added only by police of the unit, who have opened the case', async () => {
    const { officer } = await makePolice()
    const { officer: elsewhere } = await makePolice('quan-1')
    expect(await ask(officer)).toEqual(err('unseen'))
    await open(officer)
    await ask(officer)
    const { officer: colleague } = await makePolice()
    expect(await enter(colleague, await code())).toEqual(err('unseen'))
    expect(await ask(elsewhere)).toEqual(err('forbidden'))
    expect(await enter(elsewhere, await code())).toEqual(err('forbidden'))
    const auditor = { ...(await makeStaff('auditor')), sessionId: officer.sessionId }
    expect(await ask(auditor)).toEqual(err('forbidden'))
  })

  it('is never the first of a case, because nobody could object, nor a third', async () => {
    const { officer } = await makePolice()
    await add()
    await open(officer, LATER)
    const third = { kind: 'email', value: 'ba@example.vn' } as const
    expect(await ask(officer, third, LATER)).toEqual(err('contact_full'))
    made = await makeCase({ now: NOW, particulars: { contact: null } })
    await open(officer)
    expect(await ask(officer)).toEqual(err('contact_first'))
    expect(await enter(officer, '000000')).toEqual(err('contact_first'))
  })
})

it('keeps no contact legible in the database', async () => {
  await add()
  const { rows } = await superuser.query(
    `SELECT row_to_json(c)::text || coalesce((SELECT string_agg(row_to_json(e)::text, '') FROM case_events e), '') AS all FROM cases c`,
  )
  expect(rows[0].all).not.toContain('912345678')
  expect(unwrap(made.id, await db.caseKey.findUniqueOrThrow({ where: { caseId: made.id } }))).toBeDefined()
})
