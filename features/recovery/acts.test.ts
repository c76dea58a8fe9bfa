import { randomUUID } from 'node:crypto'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { caseForCitizen } from '#features/cases/citizen/data.ts'
import { discloseCase } from '#features/cases/disclosure/acts.ts'
import { returnPhone, tellOwners } from '#features/cases/found/acts.ts'
import { digestOf } from '#features/exchange/lists/data.ts'
import { readQuestions, recordAnswers } from '#features/exchange/questions/acts.ts'
import { recordSightings } from '#features/exchange/sightings/acts.ts'
import { codeOfMessage } from '#features/notices/message-codes/rules.ts'
import { destroyPersonalData } from '#features/privacy/erasure/data.ts'
import { exportData } from '#features/privacy/export/acts.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { LIMITS } from '#lib/access/limits.ts'
import { citizenScope, staffScope } from '#lib/access/scope.ts'
import { err } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR } from '#lib/time.ts'
import { randomBuffer } from '#platform/crypto.ts'
import { env } from '#platform/env.ts'
import { closeSignals } from '#platform/signals.ts'
import { superuser } from '#tests/database.ts'
import { db, transaction } from '#tests/db.ts'
import {
  type MadeCase,
  makePolice,
  makeProvenCase,
  move,
  PARTICULARS,
  type Police,
  randomImei,
  stateOf,
} from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { callHolder, choosePost, noteLook, openNotice, takeHandedIn } from './acts.ts'
import {
  checkSurrender,
  findSentToHolder,
  findSurrenderReceipt,
  noticesOfCase,
  recoveryOf,
  unitsSeen,
} from './data.ts'
import { noteSeen } from './jobs.ts'

afterAll(closeSignals)

const now = new Date()
const at = (hours: number) => addMilliseconds(now, hours * HOUR)
let police: Police
let made: MadeCase
beforeEach(async () => {
  police = await makePolice()
  made = await makeProvenCase({ now })
  await move(made.id, { kind: 'citizen' }, { move: 'watch' }, now)
  await move(made.id, police.officer, { move: 'take' }, now)
  await move(made.id, police.officer, { move: 'verify' }, now)
  await move(made.id, police.supervisor, { move: 'approve' }, now)
})

/** Records a sighting by a carrier and runs the worker's job for it. */
async function see(when = now) {
  const sighting = {
    imei: made.imeis[0] ?? '',
    at: when.toISOString(),
    kind: 'sim_change' as const,
    served: true,
  }
  await recordSightings('viettel', [{ ...sighting, area: 'Phường Bến Thành' }], when)
  const { rows } = await superuser.query(`SELECT data FROM pgboss.job WHERE name = 'phone-seen'`)
  expect(rows.map(({ data }) => data)).toContainEqual({ caseId: made.id })
  await noteSeen(made.id, when)
}
const standing = async (when = now) => {
  const c = await db.case.findUniqueOrThrow({ where: { id: made.id } })
  return (await recoveryOf(citizenScope(made.id, 'full'), c, when))?.state
}
const openPapers = () => {
  const wish = { number: made.number, reason: 'ownership' as const, note: '', submitKey: randomUUID() }
  return discloseCase(police.officer, wish, now)
}
const call = (by: StaffReader = police.officer, when = now) =>
  callHolder(by, { number: made.number, submitKey: randomUUID() }, when)
async function called() {
  await see()
  await openPapers()
  expect(await call()).toEqual({ ok: true, value: true })
  const { id } = await db.holderNotice.findFirstOrThrow({ where: { caseId: made.id } })
  return codeOfMessage(id)
}
const open = (code: string, address: string = randomUUID(), when = now) => openNotice(code, address, when)
const bring = (holderCode: string, also: object = {}, by: StaffReader = police.supervisor) =>
  takeHandedIn(
    by,
    {
      ...{ holderCode, imei: made.imeis[0] ?? '', custody: 'Công an Quận 3, phòng 2' },
      ...{ submitKey: randomUUID(), ...also },
    },
    at(2),
  )

test('a sighting gives police four hours; they look with the papers open, and the next one begins anew', async () => {
  expect(await standing()).toBe('watching')
  await see()
  await see(at(1))
  expect(await standing()).toBe('seen')
  expect((await db.recovery.findUniqueOrThrow({ where: { caseId: made.id } })).dueAt).toEqual(at(4))
  expect(await unitsSeen(police.officer, now)).toMatchObject([{ number: made.number, recovery: 'seen' }])
  expect(await unitsSeen((await makePolice('quan-1')).officer, now)).toEqual([])
  const look = { number: made.number, submitKey: randomUUID() }
  expect(await noteLook(police.officer, look, now)).toEqual(err('unseen'))
  await openPapers()
  expect(await noteLook((await makePolice('quan-1')).officer, look, now)).toMatchObject({
    error: 'not_found',
  })
  expect(await noteLook(police.officer, look, now)).toEqual({ ok: true, value: true })
  expect(await db.notice.count({ where: { caseId: made.id, template: 'note_look' } })).toBe(1)
  await see(at(2))
  expect((await db.recovery.findUniqueOrThrow({ where: { caseId: made.id } })).dueAt).toEqual(at(6))
})

test('police look while a conflict holds the case too, and call nobody', async () => {
  await see()
  await openPapers()
  await db.case.update({ where: { id: made.id }, data: { held: 'conflict' } })
  expect(await call()).toEqual(err('held'))
  const look = { number: made.number, submitKey: randomUUID() }
  expect(await noteLook(police.officer, look, now)).toEqual({ ok: true, value: true })
  expect((await db.recovery.findUniqueOrThrow({ where: { caseId: made.id } })).dueAt).toBeNull()
})

test('the carrier gets a text and no name; it is ours when asked, and says nothing of the owner', async () => {
  const code = await called()
  expect(await call()).toEqual(err('done'))
  const { entries } = await readQuestions(
    'viettel',
    { after: 0, limit: 10, wait: 0 },
    new AbortController().signal,
  ).then((read) => (read.ok ? read.value : { entries: [] }))
  const [notice] = entries
  expect(notice).toMatchObject({ kind: 'notify_holder', imei: made.imeis[0] })
  const text = notice?.kind === 'notify_holder' ? notice.text : ''
  expect(text).toContain(code)
  for (const secret of [PARTICULARS.fullName, PARTICULARS.nationalId, made.number, 'Quận 3'])
    expect(text).not.toContain(secret)
  const answer = { question: notice?.question ?? '', answer: 'yes' as const }
  expect(await recordAnswers('viettel', [answer], now)).toMatchObject([{ status: 'recorded' }])
  expect(await recordAnswers('mobifone', [answer], now)).toMatchObject([{ status: 'unknown' }])
  expect(await findSentToHolder(code, now)).toEqual({ at: now, carrier: 'Viettel' })
  expect(await findSentToHolder('ABC-DEF-GHJ', now)).toBeNull()
  const page = await open(code)
  expect(page).toMatchObject({ ok: true, value: { ending: made.imeis[0]?.slice(-4), handedInAt: null } })
  expect(JSON.stringify(page)).not.toContain(made.number)
  const shown = await noticesOfCase(staffScope(police.officer) ?? citizenScope('', 'full'), made.id, true)
  expect(shown).toMatchObject([{ carrier: 'Viettel', passedOn: true, openedAt: now }])
  // The reporter's history says that the holder was asked, without a person or a place.
  expect(await db.notice.count({ where: { caseId: made.id, template: 'call_holder' } })).toBe(1)
})

test('guesses open nothing, are few, and look like a code that is over', async () => {
  const code = await called()
  const address: string = 'a thief'
  const said = new Set<string>()
  for (let n = 0; n <= LIMITS.hand_in_address.amount; n++)
    said.add(JSON.stringify(await open(`ABC-DEF-${String(100 + n)}`, address)))
  expect(said.size).toBe(2)
  expect(await open(code, address)).toMatchObject(err({ minutes: expect.any(Number) }))
  const over = await open(code, randomUUID(), addMilliseconds(now, 31 * DAY))
  expect(over).toEqual(await open('ABC-DEF-GHJ'))
  await move(made.id, { kind: 'citizen' }, { move: 'request_unblock' }, now)
  expect(await open(code)).toEqual(over)
})

test('it is handed in at any post, its owner is told, and gets it back with their own papers', async () => {
  const code = await called()
  expect(
    await choosePost({ code, unitId: 'quan-9999', submitKey: randomUUID() }, ['quan-1'], 'x', now),
  ).toEqual(err('post'))
  expect(
    (await choosePost({ code, unitId: 'quan-1', submitKey: randomUUID() }, ['quan-1'], 'x', now)).ok,
  ).toBe(true)
  expect(await bring(code, { imei: randomImei() })).toEqual(err('other_phone'))
  expect(await bring('ABC-DEF-GHJ')).toEqual(err('code_not_found'))
  // The person at the counter reads everything that is missing at once.
  expect(await bring('', { imei: '35', custody: ' ' })).toEqual(
    err({
      holderCode: 'recovery.code_empty',
      imei: 'recovery.imei_invalid',
      custody: 'recovery.missing',
    }),
  )
  const elsewhere = (await makePolice('quan-1')).officer
  const twice = await Promise.all([
    bring(code, { holderName: 'Trần Văn Bình', holderFrom: 'chợ' }, elsewhere),
    bring(code),
  ])
  expect(twice.map(({ ok }) => ok).toSorted()).toEqual([false, true])
  const found = twice.find((one) => one.ok)
  const phoneId = found?.ok ? found.value : ''
  expect(await standing()).toBe('handed_in')
  expect(await open(code, randomUUID(), addMilliseconds(now, 60 * DAY))).toMatchObject({
    value: { handedInAt: at(2) },
  })
  const { receipt } = await db.holderNotice.findFirstOrThrow({ where: { foundId: phoneId } })
  expect(await checkSurrender(receipt ?? '')).toMatchObject({
    ...{ code, ending: made.imeis[0]?.slice(-4), at: at(2).toISOString() },
    unit: expect.stringMatching(/^Công an Quận [13]$/),
  })
  const [header = '', payload = '', signature = ''] = receipt?.split('.') ?? []
  const stated = Buffer.from(payload, 'base64url').toString()
  for (const secret of [PARTICULARS.fullName, made.number, 'Trần Văn Bình', made.imeis[0] ?? ''])
    expect(stated).not.toContain(secret)
  const altered = Buffer.from(stated.replace('Quận', 'Phường')).toString('base64url')
  expect(await checkSurrender([header, altered, signature].join('.'))).toBeNull()
  const { facts } = await db.auditEntry.findFirstOrThrow({ where: { act: 'case.handed_in' } })
  expect(facts).toEqual({ sha256: digestOf(receipt ?? '') })
  expect(await findSurrenderReceipt(elsewhere, phoneId)).toBe(receipt)
  expect(await findSurrenderReceipt(await makeStaff('relay'), phoneId)).toBeNull()
  // A thief who hands the phone in to learn its owner reads only a place and a time.
  const page = JSON.stringify(await open(code, randomUUID(), at(3)))
  for (const secret of [PARTICULARS.fullName, made.number, PARTICULARS.nationalId, made.imeis[0] ?? ''])
    expect(page).not.toContain(secret)
  await tellOwners(at(3))
  expect(await db.notice.count({ where: { caseId: made.id, template: 'phone_found' } })).toBe(1)
  const keeper = await db.foundPhone.findUniqueOrThrow({ where: { id: phoneId } })
  const by = keeper.unitId === 'quan-1' ? elsewhere : police.supervisor
  const give = (nationalId: string) =>
    returnPhone(by, { phoneId, nationalId, submitKey: randomUUID() }, at(4))
  expect(await give('079190099999')).toEqual(err('wrong'))
  expect(await give(PARTICULARS.nationalId)).toEqual({ ok: true, value: true })
  expect(await standing()).toBe('given_back')
  expect(await stateOf(made.id)).toBe('unblock_review')
  // No number was ever blocked, so none is shown as one that waits for its paper.
  const mine = await caseForCitizen(citizenScope(made.id, 'full'), made.id)
  expect(mine?.phone?.waiting).toEqual([])
})

test('a receipt is known for good: with phones handed in no more, under another key, its case erased', async () => {
  const code = await called()
  const brought = await bring(code)
  const receipt = (brought.ok && (await findSurrenderReceipt(police.supervisor, brought.value))) || ''
  // The desk draws the page by its code too, and that does not count as opened by the holder.
  await open(code)
  expect(await db.holderNotice.findFirst()).toMatchObject({ openedAt: null })
  expect(await db.auditEntry.count({ where: { act: 'case.notice_opened' } })).toBe(0)
  await transaction((tx) => destroyPersonalData(tx, made.id))
  const { ANTAM_EXCHANGE_KEY } = env()
  Object.assign(env(), { RECOVERY: 'off', ANTAM_EXCHANGE_KEY: randomBuffer(32) })
  try {
    expect(await checkSurrender(receipt)).toMatchObject({ code, at: at(2).toISOString() })
    const [header, payload = '', signature] = receipt.split('.')
    const stated = Buffer.from(payload, 'base64url').toString()
    const altered = Buffer.from(stated.replace('Quận', 'Phường')).toString('base64url')
    expect(altered).not.toBe(payload)
    expect(await checkSurrender([header, altered, signature].join('.'))).toBeNull()
    expect(await checkSurrender('a.b.c')).toBeNull()
  } finally {
    Object.assign(env(), { RECOVERY: 'on', ANTAM_EXCHANGE_KEY })
  }
})

test('what the holder said is sealed, and goes with the case', async () => {
  const code = await called()
  await bring(code, { holderName: 'Trần Văn Bình', holderFrom: 'mua ở chợ Nhật Tảo' })
  const { rows } = await superuser.query('SELECT sealed_holder FROM holder_notices')
  expect(Buffer.from(rows[0].sealed_holder).toString('latin1')).not.toContain('Nh')
  const scope = staffScope(police.officer) ?? citizenScope('', 'full')
  expect(await noticesOfCase(scope, made.id, false)).toMatchObject([{ holder: null }])
  expect(await noticesOfCase(scope, made.id, true)).toMatchObject([{ holder: { name: 'Trần Văn Bình' } }])
  const mine = await exportData(citizenScope(made.id, 'full'), made.id, 'json', at(3))
  expect(mine?.recovery).toMatchObject({
    wishedAt: now,
    seenAt: now,
    notices: [{ calledAt: now, handedInAt: at(2) }],
  })
  expect(JSON.stringify(mine)).not.toMatch(/Bình|Nhật Tảo|viettel.*notify/)
  await transaction((tx) => destroyPersonalData(tx, made.id))
  expect(await db.holderNotice.count()).toBe(0)
  expect(await db.recovery.count()).toBe(0)
})
