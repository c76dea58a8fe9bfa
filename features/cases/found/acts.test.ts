import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { switchEdition } from '#features/areas/acts.ts'
import { decideOnObjection } from '#features/disputes/objections/desk-acts.ts'
import { settleObjections } from '#features/disputes/objections/settle-acts.ts'
import { destroyPersonalData } from '#features/privacy/erasure/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { citizenScope, staffScope } from '#lib/access/scope.ts'
import { err } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import {
  AGREES,
  type CaseOptions,
  type MadeCase,
  makeBlockingCase,
  makeCase,
  makePolice,
  makeProvenCase,
  move,
  openAllSides,
  PARTICULARS,
  randomImei,
  stateOf,
} from '#tests/factories/case.ts'
import { makeObjection } from '#tests/factories/objection.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { sentThrice } from '#tests/sent-thrice.ts'
import { rotateKeys } from '../keys/acts.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import {
  addFound,
  closeUnclaimed,
  confirmUpload,
  giveToHolder,
  readUpload,
  returnPhone,
  tellOwners,
} from './acts.ts'
import { forgetFound } from './data.ts'
import {
  listFoundForCase,
  listFoundPhones,
  listWaitingPhones,
  readFoundPhone,
  readUploadPreview,
  wasHandedOver,
} from './page-data.ts'

const now = new Date()
const CUSTODY = 'Công an Phường 1, Quận 1'

let elsewhere: StaffActor
beforeEach(async () => {
  elsewhere = await makeStaff('officer', { unitId: 'quan-1' })
})

const typed = (imei: string) => ({
  imei,
  foundOn: '2026-11-20',
  foundPlace: 'Chợ',
  custody: CUSTODY,
  note: '',
})
const add = (imei: string, actor = elsewhere, submitKey: string = randomUUID()) =>
  addFound(actor, { typed: typed(imei), submitKey }, now)
const records = () => db.foundPhone.findMany({ select: { state: true, caseId: true, toldAt: true } })
const toldOf = (caseId: string) => db.notice.count({ where: { caseId, template: 'phone_found' } })
const events = async (caseId: string) =>
  (await db.caseEvent.findMany({ where: { caseId }, orderBy: { seq: 'asc' } })).map((event) => event.move)
const imeiOf = (made: MadeCase): string => made.imeis[0] ?? ''
async function kept(made: MadeCase): Promise<string> {
  return must(await add(imeiOf(made)))
}

describe('a phone that police keep', () => {
  test('is kept by the unit that answers now, where its finder’s unit has ended', async () => {
    expect(await switchEdition('2025', new Date())).toMatchObject({ ok: true })
    expect(await add(randomImei())).toMatchObject({ ok: true })
    expect(await db.foundPhone.findMany({ select: { unitId: true } })).toEqual([{ unitId: 'dau-moi-quan-1' }])
  })

  test('is matched with a case of any district, and its owner told once, where they are known', async () => {
    const made = await makeBlockingCase({ unitId: 'quan-3' })
    // The IMEI of the same phone, without its check digit.
    expect(await add(imeiOf(made).slice(0, 14))).toMatchObject({ ok: true })
    expect(await records()).toEqual([{ state: 'matched', caseId: made.id, toldAt: null }])
    expect([await tellOwners(now), await tellOwners(now)]).toEqual([1, 0])
    expect([await toldOf(made.id), (await events(made.id)).at(-1)]).toEqual([1, 'phone_found'])
    const shownTo = async (unitId: string) => {
      const scope = staffScope(await makeStaff('officer', { unitId }))
      return scope && (await listFoundForCase(scope, made.id)).length
    }
    expect([await shownTo('quan-3'), await shownTo('quan-5')]).toEqual([1, 0])
  })

  test('tells nobody before the case is verified, and then, at the next run, to wait until it is approved', async () => {
    const { officer } = await makePolice()
    const made = await makeProvenCase()
    await kept(made)
    await move(made.id, officer, { move: 'take' })
    expect([await tellOwners(now), await toldOf(made.id)]).toEqual([0, 0])
    await move(made.id, officer, { move: 'verify' })
    expect([await tellOwners(now), await toldOf(made.id)]).toEqual([1, 0])
    expect(await db.notice.count({ where: { caseId: made.id, template: 'phone_found_wait' } })).toBe(1)
  })

  test('shows its owner where it is once they were told, with the secret alone, and until they have it', async () => {
    const made = await makeBlockingCase()
    const phoneId = await kept(made)
    const shown = async (access: 'full' | 'status' = 'full', change: Partial<CaseSnapshot> = {}) => {
      const { id, state, held, objectedAt, overturnedAt } = await db.case.findUniqueOrThrow({
        where: { id: made.id },
      })
      const c = { id, state, held, objectedAt, overturnedAt, ...change }
      const found = await listWaitingPhones(citizenScope(id, access), c)
      return found.map(({ custody }) => custody)
    }
    expect(await shown()).toEqual([])
    await tellOwners(now)
    expect(await shown()).toEqual([CUSTODY])
    expect(await shown('status')).toEqual([])
    expect(await shown('full', { held: 'conflict' })).toEqual([])
    expect(await shown('full', { objectedAt: now })).toEqual([])
    expect(await shown('full', { state: 'under_review' })).toEqual([])
    await returnPhone(
      elsewhere,
      { phoneId, submitKey: randomUUID(), nationalId: PARTICULARS.nationalId },
      now,
    )
    expect(await shown()).toEqual([])
  })

  test('is matched by a report that comes later, and free again when that case ends', async () => {
    const imei = randomImei()
    await add(imei)
    expect(await records()).toMatchObject([{ state: 'found', caseId: null }])
    const { officer } = await makePolice()
    const made = await makeCase({ imeis: [imei] })
    expect(await records()).toMatchObject([{ state: 'matched', caseId: made.id }])
    await move(made.id, officer, { move: 'take' })
    await move(made.id, officer, { move: 'reject', reasonCode: 'false_report' })
    expect(await records()).toMatchObject([{ state: 'found', caseId: null }])
  })

  test('finds its case at the next run where both came in the same moment, and neither saw the other', async () => {
    const made = await makeCase()
    await kept(made)
    await db.foundPhone.updateMany({ data: { state: 'found', caseId: null } })
    await tellOwners(now)
    expect(await records()).toMatchObject([{ state: 'matched', caseId: made.id }])
  })

  test('is written down once, by however many at once and from whichever district', async () => {
    const imei = randomImei()
    const key = randomUUID()
    const same = await Promise.all([add(imei, elsewhere, key), add(imei, elsewhere, key)])
    expect(same.every(({ ok }) => ok)).toBe(true)
    expect(await add(imei, await makeStaff('city_police'))).toEqual(err('taken'))
    expect(await db.foundPhone.count()).toBe(1)
    expect(await db.auditEntry.count({ where: { act: 'found.add' } })).toBe(1)
  })

  test('is seen by those who keep it and by the city, and added by police alone', async () => {
    await add(randomImei())
    const seenBy = async (actor: StaffActor) => (await listFoundPhones(actor, null)).phones.length
    expect(await seenBy(elsewhere)).toBe(1)
    expect(await seenBy(await makeStaff('city_police'))).toBe(1)
    expect(await seenBy(await makeStaff('supervisor', { unitId: 'quan-3' }))).toBe(0)
    expect(await add(randomImei(), await makeStaff('relay'))).toEqual(err('forbidden'))
  })
})

describe('what police write about it', () => {
  const NOTE = 'Anh Bình ở chợ giao nộp'
  const noteOf = async (id: string) => (await readFoundPhone(elsewhere, id))?.note

  test('lies sealed, in a file that waits as well', async () => {
    const one = { ...typed(randomImei()), note: NOTE }
    const added = await addFound(elsewhere, { typed: one, submitKey: randomUUID() }, now)
    const csv = `imei,ngày,nơi tìm được,nơi giữ,ghi chú\n${randomImei()},2026-11-20,Chợ,"${CUSTODY}",${NOTE}`
    const upload = await readUpload(elsewhere, Buffer.from(csv), now)
    if (!added.ok || !upload.ok) throw new Error('not added')
    const stored = async (table: string) =>
      JSON.stringify((await superuser.query(`SELECT row_to_json(t)::text FROM ${table} t`)).rows)
    expect(await stored('found_uploads')).toContain(upload.value)
    expect(await stored('found_uploads')).not.toContain('Bình')
    await confirmUpload(elsewhere, { uploadId: upload.value, submitKey: randomUUID() }, now)
    expect(await stored('found_phones')).not.toContain('Bình')
    const { phones } = await listFoundPhones(elsewhere, null)
    expect(phones.map(({ note }) => note)).toEqual([NOTE, NOTE])
  })

  test('is read where it was written before notes were sealed, and sealed with the next change of keys', async () => {
    const added = must(await add(randomImei()))
    await db.foundPhone.update({ where: { id: added }, data: { note: NOTE } })
    expect(await noteOf(added)).toBe(NOTE)
    expect(await rotateKeys()).toBe(true)
    expect(await db.foundPhone.findUniqueOrThrow({ where: { id: added } })).toMatchObject({ note: '' })
    expect(await noteOf(added)).toBe(NOTE)
  })
})

describe('handing it over', () => {
  const hand = (phoneId: string, nationalId = PARTICULARS.nationalId, submitKey: string = randomUUID()) =>
    sentThrice(() => returnPhone(elsewhere, { phoneId, submitKey, nationalId }, now))
  const stop = async (options: CaseOptions = {}) => makeBlockingCase({ unitId: 'quan-3', ...options })

  test('needs the papers of the case, opens the unblock, and leaves that to two people', async () => {
    const made = await stop()
    const phoneId = await kept(made)
    expect(await wasHandedOver(citizenScope(made.id, 'full'), made.id)).toBe(false)
    expect(await hand(phoneId, '079190099999')).toEqual(err('wrong'))
    const both = await Promise.all([hand(phoneId, '079 190 012 345'), hand(phoneId)])
    expect(both.filter(({ ok }) => ok)).toHaveLength(1)
    expect(await records()).toMatchObject([{ state: 'returned', caseId: made.id }])
    expect(await stateOf(made.id)).toBe('unblock_review')
    const asPolice = staffScope(made.police.officer)
    expect(asPolice && (await listFoundForCase(asPolice, made.id))).toMatchObject([
      { handedOverBy: elsewhere.name },
    ])
    expect(await wasHandedOver(citizenScope(made.id, 'full'), made.id)).toBe(true)
    expect(await db.case.findUniqueOrThrow({ where: { id: made.id } })).toMatchObject({
      unblockReason: 'recovered',
      unblockVerifiedById: null,
    })
    const { officer, supervisor } = made.police
    await expect(move(made.id, supervisor, { move: 'approve_unblock' })).rejects.toThrow('not_verified_yet')
    await move(made.id, officer, { move: 'verify_unblock', reasonCode: 'recovered' })
    await move(made.id, supervisor, { move: 'approve_unblock' })
    expect(await stateOf(made.id)).toBe('unblocking')
    const acts = await db.auditEntry.findMany({
      where: { act: { startsWith: 'found.' } },
      orderBy: { id: 'asc' },
    })
    expect(acts.map(({ act }) => act)).toEqual(['found.add', 'found.returned'])
  })

  async function lifted() {
    const made = await stop()
    const phoneId = await kept(made)
    await tellOwners(now)
    await move(made.id, { kind: 'citizen' }, { move: 'request_unblock' })
    await move(made.id, made.police.officer, { move: 'verify_unblock', reasonCode: 'recovered' })
    await move(made.id, made.police.supervisor, { move: 'approve_unblock' })
    await move(made.id, { kind: 'system' }, { move: 'carriers_lifted' })
    return { made, phoneId }
  }

  test('is for its owner still once the block was lifted', async () => {
    const { made, phoneId } = await lifted()
    expect(await records()).toMatchObject([{ state: 'matched', caseId: made.id }])
    const scope = citizenScope(made.id, 'full')
    const c = { id: made.id, state: 'unblocked', held: null, objectedAt: null, overturnedAt: null } as const
    expect(await listWaitingPhones(scope, c)).toHaveLength(1)
    expect(await hand(phoneId)).toEqual({ ok: true, value: true })
    expect(await stateOf(made.id)).toBe('unblocked')
  })

  test('is for the next person who reports it after that; they are told of it in their turn', async () => {
    const { made } = await lifted()
    await tellOwners(now)
    const next = await makeCase({ imeis: [...made.imeis] })
    expect(await records()).toEqual([{ state: 'matched', caseId: next.id, toldAt: null }])
  })

  test('is in no case any more where its owner had theirs erased', async () => {
    const { made, phoneId } = await lifted()
    await db.$transaction((tx) => destroyPersonalData(tx, made.id))
    expect(await records()).toEqual([{ state: 'found', caseId: null, toldAt: null }])
    const input = { phoneId, submitKey: randomUUID() }
    expect(await readFoundPhone(elsewhere, input.phoneId)).toMatchObject({
      addedBy: elsewhere.name,
      closedBy: null,
    })
    expect(await closeUnclaimed(elsewhere, input, now)).toEqual({ ok: true, value: true })
    expect(await readFoundPhone(elsewhere, input.phoneId)).toMatchObject({ closedBy: elsewhere.name })
  })

  test('waits for two people’s approval, and for the end of a conflict', async () => {
    const made = await makeCase()
    expect(await hand(await kept(made))).toEqual(err('not_approved'))
    const blocked = await stop()
    await db.case.update({ where: { id: blocked.id }, data: { held: 'conflict' } })
    const phoneId = await kept(blocked)
    expect(await hand(phoneId)).toEqual(err('held'))
    expect([await tellOwners(now), await toldOf(blocked.id)]).toEqual([0, 0])
  })

  test('waits while its holder objects, and is not for the reporter where the block was lifted for the holder', async () => {
    const made = await stop()
    const phoneId = await kept(made)
    await move(made.id, { kind: 'system' }, { move: 'objected' })
    expect(await hand(phoneId)).toEqual(err('contested'))
    expect([await tellOwners(now), await toldOf(made.id)]).toEqual([0, 0])
    const scope = { unitId: 'quan-3' }
    const later = addMilliseconds(now, 9 * DAY)
    await move(made.id, await makeStaff('officer', scope), { move: 'uphold_objection' }, later)
    await move(made.id, await makeStaff('supervisor', scope), { move: 'approve_unblock' }, later)
    expect(await hand(phoneId)).toEqual(err('contested'))
    await move(made.id, { kind: 'system' }, { move: 'carriers_lifted' }, later)
    expect(await records()).toEqual([{ state: 'found', caseId: null, toldAt: null }])
    expect(await hand(phoneId)).toEqual(err('not_matched'))
  })

  test('is for the holder whose objection was right, by their papers, once their block is lifted', async () => {
    const made = await stop()
    const phoneId = await kept(made)
    const right = await makeObjection(imeiOf(made), { now })
    await makeObjection(imeiOf(made), { now, nationalId: '079191054322' })
    const give = (nationalId = '079191054321', actor = elsewhere) => {
      const form = { phoneId, submitKey: randomUUID(), nationalId }
      return sentThrice(() => giveToHolder(actor, form, later))
    }
    const later = addMilliseconds(now, 20 * DAY)
    expect(await give()).toEqual(err('matched'))
    const other = await makeStaff('officer', { unitId: 'quan-3' })
    await openAllSides(other, made.id, later)
    const { version } = await db.objection.findUniqueOrThrow({ where: { id: right.id } })
    const uphold = { number: right.number, version, submitKey: randomUUID(), decision: 'uphold' } as const
    const words = { reason: 'Đã xem.', check: AGREES }
    expect(await decideOnObjection(other, { ...uphold, ...words }, later)).toMatchObject({ ok: true })
    await move(
      made.id,
      await makeStaff('supervisor', { unitId: 'quan-3' }),
      { move: 'approve_unblock' },
      later,
    )
    await settleObjections({ caseId: made.id, granted: true }, later)
    expect(await give()).toEqual(err('matched'))
    await move(made.id, { kind: 'system' }, { move: 'carriers_lifted' }, later)
    expect(await readFoundPhone(elsewhere, phoneId)).toMatchObject({ state: 'found', toHolder: true })

    // Neither the reporter, nor another holder who was not found right, nor another unit.
    expect(await give(PARTICULARS.nationalId)).toEqual(err('wrong_holder'))
    expect(await give('079191054322')).toEqual(err('wrong_holder'))
    expect(await give('')).toEqual(err('wrong_holder'))
    expect(await give('079191054321', other)).toEqual(err('not_found'))
    expect(await give('079 191 054 321')).toEqual({ ok: true, value: true })
    expect(await readFoundPhone(elsewhere, phoneId)).toMatchObject({
      ...{ state: 'to_holder', closedBy: elsewhere.name, closedAt: later, toHolder: false },
    })
    const [entry] = await db.auditEntry.findMany({ where: { act: 'found.to_holder' } })
    expect(entry?.facts).toMatchObject({ case: made.id, objection: right.id })
    // It is not counted as given back to the reporter.
    expect(await wasHandedOver(citizenScope(made.id, 'full'), made.id)).toBe(false)
  })

  test.each([1, 2])(
    'is for the holder if two people lifted the block as wrong, but for nobody of several: %i',
    async (holders) => {
      const made = await stop()
      const phoneId = await kept(made)
      for (let nth = 1; nth <= holders; nth++)
        await makeObjection(imeiOf(made), { now, nationalId: `07919105432${nth}` })
      await move(made.id, { kind: 'citizen' }, { move: 'request_unblock' })
      const [officer, supervisor] = [
        await makeStaff('officer', { unitId: 'quan-3' }),
        await makeStaff('supervisor', { unitId: 'quan-3' }),
      ]
      await move(made.id, officer, { move: 'verify_unblock', reasonCode: 'wrong' })
      await move(made.id, supervisor, { move: 'approve_unblock' })
      await settleObjections({ caseId: made.id, granted: true }, now)
      await move(made.id, { kind: 'system' }, { move: 'carriers_lifted' })
      const give = (nationalId: string) => {
        const form = { phoneId, submitKey: randomUUID(), nationalId }
        return sentThrice(() => giveToHolder(elsewhere, form, now))
      }
      expect(await readFoundPhone(elsewhere, phoneId)).toMatchObject({
        state: 'found',
        toHolder: holders === 1,
      })
      expect(await give(PARTICULARS.nationalId)).toEqual({ ok: false, error: 'wrong_holder' })
      expect(await give('079191054321')).toMatchObject({ ok: holders === 1 })
    },
  )

  test('is closed only by the unit that keeps it, and as unclaimed only where it is in no case', async () => {
    const phoneId = await kept(await stop())
    const other = await makeStaff('officer', { unitId: 'quan-3' })
    const input = { phoneId, submitKey: randomUUID() }
    expect(await returnPhone(other, { ...input, nationalId: PARTICULARS.nationalId }, now)).toEqual(
      err('not_found'),
    )
    expect(await closeUnclaimed(elsewhere, input, now)).toEqual(err('matched'))
    const lonely = await add(randomImei())
    const id = lonely.ok ? lonely.value : ''
    expect(await closeUnclaimed(elsewhere, { phoneId: id, submitKey: randomUUID() }, now)).toMatchObject({
      ok: true,
    })
    expect([await forgetFound(now), await forgetFound(addMilliseconds(now, 400 * DAY))]).toEqual([0, 1])
  })
})

describe('a file', () => {
  const csv = (...imeis: string[]) =>
    new TextEncoder().encode(
      [
        'imei;ngày tìm được;nơi tìm được;nơi giữ',
        ...imeis.map((imei) => `${imei};20/11/2026;Chợ;${CUSTODY}`),
      ].join('\n'),
    )
  async function read(bytes: Uint8Array): Promise<string> {
    return must(await readUpload(elsewhere, bytes, now))
  }
  const confirm = (uploadId: string, actor = elsewhere, at = now) =>
    confirmUpload(actor, { uploadId, submitKey: randomUUID() }, at)

  test('adds nothing until its sender confirms it, and then all that could be read, once', async () => {
    const made = await makeBlockingCase()
    const known = randomImei()
    await add(known)
    const uploadId = await read(csv(imeiOf(made), randomImei(), known, '3.5E+14', 'x'))
    expect(await readUploadPreview(elsewhere, uploadId, now)).toMatchObject({
      good: 2,
      kept: 1,
      faulty: [{ line: 5 }, { line: 6 }],
    })
    expect(await db.foundPhone.count()).toBe(1)
    const other = await makeStaff('officer', { unitId: 'quan-1' })
    expect(await readUploadPreview(other, uploadId, now)).toBeNull()
    expect(await confirm(uploadId, other)).toEqual(err('gone'))
    expect(await confirm(uploadId, elsewhere, addMilliseconds(now, 3 * HOUR))).toEqual(err('gone'))
    const both = await Promise.all([confirm(uploadId), confirm(uploadId)])
    expect(both.filter(({ ok }) => ok)).toEqual([{ ok: true, value: 2 }])
    expect(await db.foundPhone.count()).toBe(3)
    expect(await tellOwners(now)).toBe(1)
  })

  test('sent several times by one form waits once, and each is led to it', async () => {
    const [bytes, key] = [csv(randomImei()), randomUUID()]
    const form = (of = bytes) => readUpload(elsewhere, of, now, key)
    const [first, ...others] = await Promise.all([form(), form(), form()])
    for (const one of others) expect(one).toEqual(first)
    expect(await db.foundUpload.count()).toBe(1)
    // Another file is another upload, even with the same key of the form.
    expect(await form(csv(randomImei()))).not.toEqual(first)
    expect(await confirm(first?.ok ? first.value : '')).toEqual({ ok: true, value: 1 })
  })

  test('of ten thousand phones is added at once, also where the tables were known to be empty', async () => {
    await superuser.query('ANALYZE found_phones, case_imeis, cases')
    const key = (n: number) => `35678911${String(n).padStart(6, '0')}`
    const uploadId = await read(csv(...Array.from({ length: 10_000 }, (_, n) => key(n))))
    expect(await confirm(uploadId)).toEqual({ ok: true, value: 10_000 })
  })
})
