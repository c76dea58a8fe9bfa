import { randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, test } from 'vitest'
import { switchEdition } from '#features/areas/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { systemScope } from '#lib/access/scope.ts'
import { err } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR } from '#lib/time.ts'
import { inScope } from '#platform/scope.ts'
import { superuser, waitingForLock } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeCase, makePolice, makeProof, move, randomImei, stateOf } from '#tests/factories/case.ts'
import { newestMessage } from '#tests/factories/messages.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { type DeskActInput, recordDeskAct } from '../desk/acts.ts'
import { openCaseFile } from '../particulars/data.ts'
import { matchesAuditLog } from '../record/page-data.ts'
import { confirmImport, readImport, runImport, takeFaultyRows } from './acts.ts'
import { forgetImports, hashSource, listImports, readImportView } from './data.ts'
import { MAX_RECORDS } from './rules.ts'

const now = new Date()
const going = new AbortController().signal

let importer: StaffActor
beforeEach(async () => {
  importer = await makeStaff('officer')
})

const HEAD = 'số hồ sơ;loại;ngày;imei;họ tên;liên hệ'
const csv = (...rows: string[]) => new TextEncoder().encode([HEAD, ...rows].join('\r\n'))
const row = (number: string, imei: string = randomImei(), rest = ';') =>
  `${number};cướp giật;20/11/2026 08:30;${imei};${rest}`

async function read(bytes: Uint8Array, actor = importer, unitId = 'quan-3'): Promise<string> {
  return must(await readImport(actor, { bytes, unitId }, now))
}
const confirm = (importId: string, actor = importer, at = now) =>
  confirmImport(actor, { importId, submitKey: randomUUID() }, at)
async function imported(bytes: Uint8Array, actor = importer): Promise<string> {
  const id = await read(bytes, actor)
  expect(await confirm(id, actor)).toMatchObject({ ok: true })
  await runImport(id, now, going)
  return id
}
const cases = () => db.case.findMany({ orderBy: { number: 'asc' } })
const fileOf = (id: string) => inScope(systemScope(), () => openCaseFile({ id }))

describe('a file of police’s own records', () => {
  test('is taken of a district that has ended: its cases are at the ward that each names, or the desk', async () => {
    expect(await switchEdition('2025', new Date())).toMatchObject({ ok: true })
    const head = 'số hồ sơ;loại;ngày;imei;nơi xảy ra'
    const rows = ['hẻm 5, phường Võ Thị Sáu', 'gần chợ'].map(
      (place, at) => `${at}/HS;cướp giật;20/11/2026 08:30;${randomImei()};${place}`,
    )
    await imported(new TextEncoder().encode([head, ...rows].join('\r\n')))
    const made = await inScope(systemScope(), () =>
      db.case.findMany({ select: { areaId: true, unitId: true } }),
    )
    expect(made.map(({ areaId, unitId }) => `${areaId} ${unitId}`).sort()).toEqual([
      'quan-3 dau-moi-quan-3',
      'quan-3 phuong-xuan-hoa',
    ])
    const city = await makeStaff('city_police')
    expect(await readImport(city, { bytes: csv(row('9/HS')), unitId: 'quan-3' }, now)).toEqual(
      err('district'),
    )
  })

  test('sent several times by one form waits once, and each is led to it', async () => {
    const [bytes, key] = [csv(row('1/HS')), randomUUID()]
    const form = (of = bytes) => readImport(importer, { bytes: of, unitId: 'quan-3' }, now, key)
    const [first, ...others] = await Promise.all([form(), form(), form()])
    for (const one of others) expect(one).toEqual(first)
    expect(await db.caseImport.count()).toBe(1)
    expect(await form(csv(row('2/HS')))).not.toEqual(first)
    expect(await confirm(first?.ok ? first.value : '')).toMatchObject({ ok: true })
    expect(await form()).toEqual(first)
  })

  test('makes nothing until it is confirmed, and then a case under review of each good row', async () => {
    const bytes = csv(row('1/HS'), row('3/HS', 'x'), row('4/HS', '3.5E+14'))
    const id = await read(bytes)
    const view = await readImportView(importer, id, now)
    expect([view?.fresh.map(({ line }) => line), view?.faultyRows]).toMatchObject([
      [2],
      [
        { line: 3, faults: { imei1: 'imei_letters' } },
        { line: 4, faults: { imei1: 'imei_scientific' } },
      ],
    ])
    expect(await db.case.count()).toBe(0)
    const both = await Promise.all([confirm(id), confirm(id)])
    expect(both.filter(({ ok }) => ok)).toHaveLength(1)
    await Promise.all([runImport(id, now, going), runImport(id, now, going)])
    const made = await cases()
    expect(made).toMatchObject([
      {
        state: 'under_review',
        unitId: 'quan-3',
        filedById: importer.id,
        assigneeId: null,
        contactKind: null,
      },
    ])
    expect((await fileOf(made[0]?.id ?? '')).particulars).toMatchObject({
      sourceNumber: '1/HS',
      contact: null,
    })
    expect(await readImportView(importer, id, now)).toMatchObject({
      state: 'done',
      imported: 1,
      known: 0,
      made: [{ line: 2, number: made[0]?.number }],
    })
    const acts = await db.auditEntry.findMany({
      where: { act: { contains: 'import' } },
      orderBy: { id: 'asc' },
    })
    expect(acts.map(({ act }) => act)).toEqual(['import.confirm', 'case.import', 'import.done'])
    expect(await db.notice.count({ where: { template: 'imported' } })).toBe(0)
  })

  test('imported twice makes nothing twice, whole or row by row', async () => {
    const bytes = csv(row('1/HS'), row('2/HS'))
    const id = await imported(bytes)
    expect(await read(bytes)).toBe(id)
    const again = await imported(csv(row('1/hs'), row('3/HS')))
    expect(await readImportView(importer, again, now)).toMatchObject({
      imported: 1,
      known: 1,
      faultyRows: [],
    })
    expect(await db.case.count()).toBe(3)
    // Another district may have a file with the same number.
    const elsewhere = await makeStaff('officer', { unitId: 'quan-1' })
    const other = await read(csv(row('1/HS')), elsewhere, 'quan-1')
    expect(await readImportView(elsewhere, other, now)).toMatchObject({ known: 0, good: 1 })
  })

  // The other case is written, but not committed yet, when the row is checked.
  test('a row of which somebody takes its number at police meanwhile is passed over, and the next is a case', async () => {
    const { id: other } = await makeCase()
    const importId = await read(csv(row('1/HS'), row('2/HS')))
    await confirm(importId)
    await superuser.query('BEGIN')
    await superuser.query('UPDATE cases SET source_hash = $2 WHERE id = $1', [
      other,
      hashSource('quan-3', '1/HS'),
    ])
    const run = runImport(importId, now, going)
    await expect.poll(waitingForLock).toBeGreaterThan(0)
    await superuser.query('COMMIT')
    await run
    expect(await readImportView(importer, importId, now)).toMatchObject({
      state: 'done',
      imported: 1,
      known: 1,
    })
    expect(await db.caseImport.findUniqueOrThrow({ where: { id: importId } })).toMatchObject({
      skippedRows: [{ line: 2, why: 'known' }],
    })
    expect(await db.auditEntry.findFirstOrThrow({ where: { act: 'import.done' } })).toMatchObject({
      facts: { imported: 1, skipped: 1 },
    })
  })

  test('claims no phone until it is verified here: the owner who reports later has the claim', async () => {
    const [imei, other] = [randomImei(), randomImei()]
    const earlier = await makeCase({ imeis: [other] })
    await imported(csv(row('1/HS', imei), row('2/HS', other)))
    expect(await db.caseImei.count({ where: { primaryClaim: true, caseId: { not: earlier.id } } })).toBe(0)
    const owner = await makeCase({ imeis: [imei] })
    expect(
      await db.caseImei.findMany({ where: { primaryClaim: true, imei }, select: { caseId: true } }),
    ).toEqual([{ caseId: owner.id }])
    const { officer, supervisor } = await makePolice()
    const record = await db.case.findFirstOrThrow({ where: { sourceHash: hashSource('quan-3', '1/HS') } })
    await makeProof(record.id)
    await move(record.id, officer, { move: 'take' })
    await move(record.id, officer, { move: 'verify' })
    await move(record.id, supervisor, { move: 'approve' })
    expect(
      await db.caseImei.findMany({ where: { primaryClaim: true, imei }, select: { caseId: true } }),
    ).toEqual([{ caseId: record.id }])
    expect(await matchesAuditLog(await makeStaff('auditor'), record.id)).toBe(true)
  })

  test('goes on where it was stopped', async () => {
    const id = await read(csv(...Array.from({ length: 6 }, (_, n) => row(`${n}/HS`))))
    await confirm(id)
    const stopped = new AbortController()
    stopped.abort()
    await runImport(id, now, stopped.signal)
    expect(await readImportView(importer, id, now)).toMatchObject({ state: 'queued', processed: 0 })
    await runImport(id, now, going)
    await runImport(id, now, going)
    expect([await db.case.count(), (await listImports(importer)).map(({ state }) => state)]).toEqual([
      6,
      ['done'],
    ])
  })

  test('is for police of its district; only the person who uploaded it confirms it, in time', async () => {
    const bytes = csv(row('1/HS'))
    const fault = async (actor: StaffActor, unitId: string) => {
      const done = await readImport(actor, { bytes, unitId }, now)
      return done.ok ? null : done.error
    }
    expect(await fault(importer, 'quan-1')).toBe('forbidden')
    expect(await fault(await makeStaff('relay'), 'quan-3')).toBe('forbidden')
    expect(await fault(await makeStaff('city_police'), 'nowhere')).toBe('district')
    const id = await read(bytes)
    expect(await confirm(id, await makeStaff('officer'))).toEqual(err('gone'))
    expect(await confirm(id, importer, addMilliseconds(now, 3 * HOUR))).toEqual(err('gone'))
    const many = csv(...Array.from({ length: MAX_RECORDS + 1 }, (_, n) => row(`${n}`)))
    expect(await readImport(importer, { bytes: many, unitId: 'quan-3' }, now)).toEqual(err('too_many_rows'))
    expect([await forgetImports(now), await forgetImports(addMilliseconds(now, 8 * DAY))]).toEqual([0, 1])
  })

  test('shows papers and contact only to the person who uploaded it, and only they take the faulty rows away', async () => {
    const line = (name: string, id: string, contact: string) =>
      `9/HS;cướp giật;ngày nào;1;${name};${contact};${id}`
    const rows = [
      line('Trần Văn Bình', '079203001234', 'binh@example.vn'),
      line('079203001234', '0', '0912345678'),
    ]
    const id = await read(new TextEncoder().encode([`${HEAD};cccd`, ...rows].join('\r\n')))
    const typedFor = async (actor: StaffActor) =>
      (await readImportView(actor, id, now))?.faultyRows.map(({ typed }) => [
        typed.fullName,
        typed.nationalId,
        typed.contact,
      ])
    expect(await typedFor(importer)).toEqual([
      ['Trần Văn Bình', '079203001234', 'binh@example.vn'],
      ['079203001234', '0', '0912345678'],
    ])
    for (const other of [await makeStaff('officer'), await makeStaff('city_police')]) {
      expect(await typedFor(other)).toEqual([
        ['Trần Văn Bình', '••• ••• •• 1234', '•••'],
        ['•••', '••• ••• •• ••••', '•••'],
      ])
      expect(await takeFaultyRows(other, id, now)).toBeNull()
    }
    expect(await db.auditEntry.count({ where: { act: 'import.mend' } })).toBe(0)
    expect(await takeFaultyRows(importer, id, now)).toHaveLength(2)
  })

  test('shows beforehand whose each phone is, papers and contact masked', async () => {
    const head = `${HEAD};cccd`
    const line = `1/HS;cướp giật;20/11/2026;${randomImei()};Trần Văn Bình;binh@example.vn;079203001234`
    const id = await read(new TextEncoder().encode([head, line].join('\r\n')))
    expect((await readImportView(importer, id, now))?.fresh).toMatchObject([
      { person: { name: 'Trần Văn Bình', nationalId: '••• ••• •• 1234', contact: 'b•••@e•••.vn' } },
    ])
  })

  test('gives no time of day that it does not have', async () => {
    const bare = `2/HS;cướp giật;20/11/2026;${randomImei()};;`
    await imported(csv(row('1/HS'), bare))
    const read = await Promise.all((await cases()).map(({ id }) => fileOf(id)))
    const dayOnly = new Map(
      read.map(({ particulars: p }) => [p.sourceNumber, p.incidentDayOnly ?? false] as const),
    )
    expect(Object.fromEntries(dayOnly)).toEqual({ '1/HS': false, '2/HS': true })
  })

  test('keeps nothing of a person in the clear', async () => {
    await read(csv(row('1/HS', randomImei(), 'Trần Văn Bình;binh@example.vn')))
    const [kept] = await db.caseImport.findMany()
    expect(Buffer.from(kept?.sealed ?? []).toString('utf8')).not.toMatch(/Bình|binh@/)
    expect(
      JSON.stringify({ ...kept, sealed: null }, (_, v) => (typeof v === 'bigint' ? String(v) : v)),
    ).not.toMatch(/Bình|binh@/)
  })
})

describe('an imported case', () => {
  test('asks its person to come, and goes on with what police write down when they do', async () => {
    const { officer } = await makePolice()
    await imported(csv(row('1/HS', randomImei(), 'Trần Văn Bình;binh@example.vn')))
    const [made] = await cases()
    const { id = '', number = '' } = made ?? {}
    await move(id, officer, { move: 'take' })
    await move(id, officer, { move: 'request_info', reasonCode: 'proof', text: 'Cần hóa đơn.' })
    const { params } = await newestMessage({ template: 'request_info' })
    expect(params).toMatchObject({ desk: 'Công an Quận 3', call: expect.stringMatching(/^\d[\d ]+$/) })
    const act = { number, act: 'reply', message: 'Đã mang hóa đơn.' } as const
    const version = async () => (await db.case.findUniqueOrThrow({ where: { id } })).version
    const record = async (more: Partial<DeskActInput>, by = officer) =>
      recordDeskAct(by, { ...act, version: await version(), submitKey: randomUUID(), ...more }, now)
    expect(await record({ message: ' ' })).toEqual(err('text_missing'))
    expect(await record({ act: 'appeal' })).toEqual(err('wrong_state'))
    expect(await record({ version: 1 })).toEqual(err('changed'))
    expect(await record({}, await makeStaff('officer', { unitId: 'quan-1' }))).toEqual(err('not_found'))
    expect(await record({}, await makeStaff('relay'))).toEqual(err('forbidden'))
    const submitKey = randomUUID()
    const at = await version()
    const twice = [record({ submitKey, version: at }), record({ submitKey, version: at })]
    expect(await Promise.all(twice)).toEqual([
      { ok: true, value: true },
      { ok: true, value: true },
    ])
    expect(await stateOf(id)).toBe('under_review')
    expect(await db.caseEvent.findMany({ where: { move: 'reply' } })).toMatchObject([
      { actorKind: 'staff', actorId: officer.id },
    ])
    expect(await db.notice.count({ where: { template: 'reply' } })).toBe(1)
  })

  test('is verified and approved by others than the person who imported it, and tells a contact where there is one', async () => {
    const { officer, supervisor } = await makePolice()
    await imported(csv(row('1/HS'), row('2/HS', randomImei(), 'Trần Văn Bình;binh@example.vn')))
    expect(await db.notice.count({ where: { template: 'imported' } })).toBe(1)
    for (const { id } of await cases()) {
      await move(id, importer, { move: 'take' })
      await expect(move(id, importer, { move: 'verify' })).rejects.toThrow('own_filing')
      await move(id, importer, { move: 'release' })
      await move(id, officer, { move: 'take' })
      await expect(move(id, officer, { move: 'verify' })).rejects.toThrow('no_proof')
      await makeProof(id)
      await move(id, officer, { move: 'verify' })
      await move(id, supervisor, { move: 'approve' })
      expect(await stateOf(id)).toBe('blocking')
    }
    expect(await db.notice.count({ where: { template: 'approve' } })).toBe(1)
  })
})
