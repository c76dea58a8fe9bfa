import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { strFromU8, unzipSync } from 'fflate'
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { approvalsFor } from '#features/approvals/data.ts'
import type { ContentOf } from '#features/approvals/rules.ts'
import { sealLog } from '#features/audit/sealing/acts.ts'
import { caseForCitizen, findKeyForCitizen } from '#features/cases/citizen/data.ts'
import type { DataAct } from '#features/cases/citizen/rules.ts'
import { findErasedCase, readCaseFile } from '#features/cases/file/page-data.ts'
import { matchesAuditLog } from '#features/cases/record/page-data.ts'
import { sendStatusCode } from '#features/cases/unlock/acts.ts'
import { listEvidence } from '#features/evidence/files/page-data.ts'
import { storeBytes } from '#features/evidence/files.ts'
import { listQuestions } from '#features/exchange/questions/data.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { citizenScope, staffScope } from '#lib/access/scope.ts'
import { err, ok } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR } from '#lib/time.ts'
import { retention } from '#platform/env.ts'
import { closeSignals } from '#platform/signals.ts'
import { evidenceStorage } from '#platform/storage.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { type MadeCase, makeBlockingCase, makeCase, makeProof, move, unblock } from '#tests/factories/case.ts'
import { confirm, openApproval, refuse, withdraw } from '#tests/factories/second-person.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { sentThrice } from '#tests/sent-thrice.ts'
import { checkpointsIn, verifierFor } from '../../scripts/audit/checkpoints.ts'
import { verifyLog } from '../../scripts/audit/verification.ts'
import { dataStanding, readProposedWords, readRequestsPage } from './data.ts'
import { runRetention } from './erasure/acts.ts'
import { caseCutOff } from './erasure/rules.ts'
import { exportData, makeArchive, type SayGaps } from './export/acts.ts'
import { askLegalHold } from './legal-holds/acts.ts'
import type { LegalHoldDecision } from './legal-holds/rules.ts'
import { askAboutData, askAtDesk } from './requests/acts.ts'
import { type AnswerInput, answerDataRequest } from './requests/answer-acts.ts'
import type { DataDecision } from './requests/rules.ts'

afterAll(closeSignals)

const now = new Date('2026-11-24T03:00:00Z')
let supervisor: StaffReader
let colleague: StaffReader
let city: StaffReader
let second: StaffReader
beforeEach(async () => {
  supervisor = await makeStaff('supervisor', { unitId: 'quan-3' })
  colleague = await makeStaff('supervisor', { unitId: 'quan-3' })
  city = await makeStaff('city_police')
  second = await makeStaff('city_police')
})

const CANARIES = {
  fullName: 'Kanari Thi Ẩn',
  address: 'Hẻm kanari 1',
  place: 'Ngã kanari 2',
  story: 'Chuyện kanari 3',
  contact: { kind: 'email' as const, value: 'kanari@example.vn' },
}

const sayGaps: SayGaps = (gaps) => ({
  name: 'THIEU.txt',
  text: gaps.map(({ name, why }) => `${name} ${why}`).join(', '),
})

async function withdrawn(at = now): Promise<MadeCase> {
  const made = await makeCase({ now: addMilliseconds(at, -DAY), particulars: CANARIES })
  await move(made.id, { kind: 'citizen' }, { move: 'withdraw' }, addMilliseconds(at, -DAY))
  await move(made.id, { kind: 'system' }, { move: 'finish_withdrawal' }, at)
  return made
}
const row = (id: string) => db.case.findUniqueOrThrow({ where: { id }, include: { key: true } })
const erased = async (id: string) => (await row(id)).erasedAt !== null
async function addEvidence(caseId: string): Promise<string> {
  const id = randomUUID()
  const bytes = new Uint8Array(32)
  await db.evidence.create({
    data: {
      id,
      caseId,
      kind: 'box',
      state: 'ready',
      sealed: bytes,
      mediaType: 'image/jpeg',
      byteSize: 1,
      sha256: bytes,
      originalKey: `${id}.original`,
      createdAt: now,
    },
  })
  return id
}
async function ask(
  made: MadeCase,
  act: DataAct,
  at = now,
  message = 'Xin cảm ơn.',
  correction?: { field: string; value: string },
) {
  const { version } = await row(made.id)
  const input = { caseId: made.id, version, act, message, correction, submitKey: randomUUID() }
  return sentThrice(() => askAboutData(citizenScope(made.id, 'full'), input, at))
}
async function answer(
  made: MadeCase,
  decision: DataDecision,
  by = supervisor,
  at = now,
  more: Partial<AnswerInput> = {},
) {
  const { version } = await row(made.id)
  const open = await db.dataRequest.findFirst({ where: { caseId: made.id, state: 'open' } })
  const input = { number: made.number, version, decision, reason: 'Đã xem.', submitKey: randomUUID() }
  const requestId = open?.id ?? randomUUID()
  return sentThrice(() => answerDataRequest(by, { ...input, requestId, ...more }, at))
}
async function grantErasure(made: MadeCase, by = colleague, at = now) {
  expect(await answer(made, 'grant_data_request', supervisor, at)).toEqual(ok('proposed'))
  return confirm(by, await openApproval(), at)
}
async function hold(made: MadeCase, decision: LegalHoldDecision, by = city) {
  const { version } = await row(made.id)
  const words = { basis: 'Công văn 12/CSĐT', reason: 'Đang điều tra.' }
  const input = { number: made.number, version, submitKey: randomUUID(), decision, ...words }
  return sentThrice(() => askLegalHold(by, input, now))
}
async function changeLegalHoldByTwo(made: MadeCase, decision: LegalHoldDecision) {
  expect(await hold(made, decision)).toEqual(ok('proposed'))
  return confirm(second, await openApproval(), now)
}
const confirmed = ok(expect.any(String))
const sqlOf = (migration: string) => readFileSync(`prisma/migrations/${migration}/migration.sql`, 'utf8')
const sent = () => db.notice.updateMany({ data: { state: 'sent' } })

describe('retention', () => {
  test('erases a case on the day its months are over, not the day before', async () => {
    const cutOff = caseCutOff(retention(), now)
    const due = await withdrawn(cutOff)
    const notYet = await withdrawn(addMilliseconds(cutOff, 1))
    expect(await runRetention(now)).toMatchObject({ cases: 1 })
    expect([await erased(due.id), await erased(notYet.id)]).toEqual([true, false])
    expect(await runRetention(now)).toMatchObject({ cases: 0, evidence: 0 })
  })

  test('deletes files 90 days after a rejection and 180 after a closure, and nothing else', async () => {
    const officer = await makeStaff('officer', { unitId: 'quan-3' })
    const rejected = async (at: Date) => {
      const made = await makeCase({ now: at })
      await move(made.id, officer, { move: 'take' }, at)
      await move(made.id, officer, { move: 'reject', reasonCode: 'other' }, at)
      return made
    }
    const cases = [
      await rejected(addMilliseconds(now, -90 * DAY)),
      await rejected(addMilliseconds(now, -90 * DAY + 1)),
      await withdrawn(addMilliseconds(now, -180 * DAY)),
      await withdrawn(addMilliseconds(now, -180 * DAY + 1)),
    ]
    for (const { id } of cases) await addEvidence(id)
    expect(await runRetention(now)).toEqual({ cases: 0, evidence: 2, asked: 0 })
    const files = await Promise.all(cases.map(({ id }) => db.evidence.count({ where: { caseId: id } })))
    expect(files).toEqual([0, 1, 0, 1])
    expect((await row(cases[0]?.id ?? '')).key.wrapped.length).toBeGreaterThan(0)
    const entries = await db.auditEntry.findMany({ where: { act: 'case.erase_evidence' } })
    expect(entries).toHaveLength(2)
  })

  test('says where the files stood that they were deleted and when, and says nothing where there were none', async () => {
    const old = addMilliseconds(now, -180 * DAY)
    const [had, none, later] = [await withdrawn(old), await withdrawn(old), await withdrawn(now)]
    for (const { id } of [had, later]) await addEvidence(id)
    expect(await runRetention(now)).toMatchObject({ evidence: 2 })
    const toldTo = async ({ id, number }: MadeCase) => {
      const scope = citizenScope(id, 'full')
      const [page, desk, own] = [
        await caseForCitizen(scope, id),
        await readCaseFile(supervisor, number, now),
        await exportData(scope, id, 'json', now),
      ]
      return [page?.filesDeletedAt, desk?.filesDeletedAt, own?.filesDeletedAt]
    }
    expect(await toldTo(had)).toEqual([now, now, now])
    expect(await toldTo(none)).toEqual([null, null, null])
    expect(await readCaseFile(supervisor, later.number, now)).toMatchObject({ filesDeletedAt: null })
  })

  test('leaves a case whose unblock is not finished at every carrier', async () => {
    const long = addMilliseconds(caseCutOff(retention(), now), -HOUR)
    const made = await makeBlockingCase({ now: long })
    await unblock(made, long)
    // Simulates a case that is over while carriers have not lifted the block.
    await superuser.query(`UPDATE cases SET state = 'unblocked', state_since = $2 WHERE id = $1`, [
      made.id,
      long,
    ])
    expect(await runRetention(now)).toMatchObject({ cases: 0, evidence: 0 })
    await superuser.query(`UPDATE carrier_orders SET state = 'applied'`)
    expect(await runRetention(now)).toMatchObject({ cases: 1 })
  })
})

describe('a legal hold', () => {
  test('stops retention and erasure until it is lifted; only city police place one', async () => {
    const made = await withdrawn(addMilliseconds(caseCutOff(retention(), now), -HOUR))
    expect(await hold(made, 'place_legal_hold', supervisor)).toEqual(err('forbidden'))
    expect(await changeLegalHoldByTwo(made, 'place_legal_hold')).toEqual(confirmed)
    expect(await hold(made, 'place_legal_hold')).toEqual(err('taken'))
    expect(await runRetention(now)).toMatchObject({ cases: 0 })
    expect(await ask(made, 'ask_erasure')).toEqual(err('legal_hold'))
    expect(await changeLegalHoldByTwo(made, 'lift_legal_hold')).toEqual(confirmed)
    expect(await runRetention(now)).toMatchObject({ cases: 1 })
    const acts = await db.auditEntry.findMany({
      where: { act: { contains: 'legal_hold' } },
      orderBy: { id: 'asc' },
    })
    expect(acts.map(({ act }) => act)).toEqual([
      'case.propose_legal_hold',
      'case.place_legal_hold',
      'case.lift_legal_hold',
    ])
  })

  test('is asked for by one person and confirmed by another, who read its words; its person is told nothing', async () => {
    const made = await withdrawn()
    expect(await hold(made, 'place_legal_hold')).toEqual(ok('proposed'))
    expect(await hold(made, 'place_legal_hold', second)).toEqual(err('request_open'))
    const id = await openApproval()
    expect(await confirm(city, id, now)).toEqual(err('own_request'))
    expect(await confirm(supervisor, id, now)).toEqual(err('forbidden'))
    expect(await confirm(second, id, now, { digest: 'unread' })).toEqual(err('changed'))
    const { snapshot } = (await caseForCitizen(citizenScope(made.id, 'full'), made.id)) ?? {}
    if (!snapshot) throw new Error('the citizen has no case')
    expect(await dataStanding(snapshot)).toMatchObject({ legalHold: null, kept: null })
    const open = await approvalsFor(second, now)
    expect(open).toMatchObject([{ kind: 'case.legal_hold', askedById: city.id }])
    const [request] = open ?? []
    if (request?.kind !== 'case.legal_hold') throw new Error('no request')
    const content = request.content as ContentOf<'case.legal_hold'>
    expect(await readProposedWords(second, content)).toEqual({ number: made.number, words: 'Đang điều tra.' })
    expect(await readProposedWords(await makeStaff('supervisor', { unitId: 'quan-1' }), content)).toBeNull()
    expect(await approvalsFor(supervisor, now)).toEqual([])
    expect(await refuse(second, id, now)).toEqual(err('text_missing'))
    expect(await refuse(second, id, now, { reason: 'Chưa có công văn.' })).toEqual(confirmed)
    expect(await approvalsFor(second, now)).toEqual([])
    expect(await db.auditEntry.count({ where: { act: 'case.decline_legal_hold' } })).toBe(1)
    expect(await hold(made, 'place_legal_hold')).toEqual(ok('proposed'))
    expect(await withdraw(city, await openApproval(), now, { reason: 'Nhầm hồ sơ.' })).toEqual(confirmed)
    expect(await changeLegalHoldByTwo(made, 'place_legal_hold')).toEqual(confirmed)
    const alone = `UPDATE legal_holds SET lifted_at = now(), lift_asked_by_id = $2, lifted_by_id = $2 WHERE case_id = $1`
    await expect(superuser.query(alone, [made.id, city.id])).rejects.toThrow('two people')
  })

  test('that the release before was asked for is confirmed as it is shown', async () => {
    const made = await withdrawn()
    expect(await hold(made, 'place_legal_hold')).toEqual(ok('proposed'))
    const { version: seq } = await row(made.id)
    expect(await withdraw(city, await openApproval(), now, { reason: 'Theo cách cũ.' })).toEqual(confirmed)
    await superuser.query(
      `INSERT INTO legal_hold_requests (id, case_id, change, basis, event_seq, asked_by_id, asked_at)
       VALUES (gen_random_uuid(), $1, 'place', 'QĐ 12', $2, $3, $4)`,
      [made.id, seq, city.id, now],
    )
    await superuser.query(sqlOf('20261130290001_legal_holds_are_approvals'))
    expect(await db.legalHoldRequest.count({ where: { state: 'open' } })).toBe(0)
    const [request] = (await approvalsFor(second, now)) ?? []
    if (request?.kind !== 'case.legal_hold') throw new Error('no request')
    const { id, digest } = request
    expect(await readProposedWords(second, request.content as ContentOf<'case.legal_hold'>)).toMatchObject({
      words: 'Đang điều tra.',
    })
    expect(await confirm(city, id, now, { digest })).toEqual(err('own_request'))
    expect(await confirm(second, id, now, { digest })).toEqual(confirmed)
    expect(await db.legalHold.findFirst({ where: { caseId: made.id } })).toMatchObject({
      ...{ basis: 'QĐ 12', askedById: city.id, placedById: second.id },
    })
  })

  test('asked for keeps the worker from erasing for seven days, and no longer', async () => {
    const over = addMilliseconds(caseCutOff(retention(), now), -HOUR)
    const made = await withdrawn(over)
    await hold(made, 'place_legal_hold')
    expect(await runRetention(addMilliseconds(now, 7 * DAY - 1))).toMatchObject({ cases: 0 })
    expect(await runRetention(addMilliseconds(now, 7 * DAY))).toMatchObject({ cases: 1 })
  })

  test('that a restored copy lost keeps its case by its note, until it is placed anew', async () => {
    const made = await withdrawn(addMilliseconds(caseCutOff(retention(), now), -HOUR))
    expect(await changeLegalHoldByTwo(made, 'place_legal_hold')).toEqual(confirmed)
    expect(await db.erasure.count({ where: { kind: 'legal_hold', subjectId: made.id } })).toBe(1)
    await superuser.query(`SET session_replication_role = replica; DELETE FROM legal_holds;
      SET session_replication_role = DEFAULT`)
    expect(await runRetention(now)).toMatchObject({ cases: 0 })
    expect(await ask(made, 'ask_erasure')).toEqual(err('legal_hold'))
    expect(await changeLegalHoldByTwo(made, 'place_legal_hold')).toEqual(confirmed)
    expect(await changeLegalHoldByTwo(made, 'lift_legal_hold')).toEqual(confirmed)
    expect(await runRetention(now)).toMatchObject({ cases: 1 })
  })

  test('placed after an erasure was granted, still stops it', async () => {
    const made = await withdrawn()
    await ask(made, 'ask_erasure')
    await grantErasure(made)
    await sent()
    await changeLegalHoldByTwo(made, 'place_legal_hold')
    expect(await runRetention(now)).toMatchObject({ asked: 0 })
    expect(await erased(made.id)).toBe(false)
  })
})

describe('a request of the person', () => {
  test('is refused by rule while the case goes on, and kept once', async () => {
    const going = await makeCase()
    expect(await ask(going, 'ask_erasure')).toEqual(err('not_over'))
    expect(await ask(going, 'ask_correction')).toEqual(ok(null))
    expect(await ask(going, 'ask_correction')).toEqual(err('asked'))
    // Also with a page from before the first one.
    const late = {
      caseId: going.id,
      version: 1,
      act: 'ask_correction',
      message: 'Nữa.',
      submitKey: randomUUID(),
    } as const
    expect(await askAboutData(citizenScope(going.id, 'full'), late, now)).toEqual(err('asked'))
    const [open] = (await readRequestsPage(supervisor, null)).rows
    expect(open).toMatchObject({
      number: going.number,
      kind: 'correct',
      dueAt: addMilliseconds(now, 10 * DAY),
    })
    expect((await readRequestsPage(await makeStaff('officer', { unitId: 'quan-3' }), null)).rows).toEqual([])
    expect((await readRequestsPage(await makeStaff('supervisor', { unitId: 'quan-1' }), null)).rows).toEqual(
      [],
    )
  })

  test('to correct changes the case: its file, the search, the log’s record and the export', async () => {
    const made = await makeCase({ now, particulars: CANARIES })
    await ask(made, 'ask_correction', now, 'Họ tên đúng là Kanari Thi Ẩn Nguyệt.')
    const fix = (value: string) => ({ correction: { field: 'fullName' as const, value } })
    const granted = (more: Partial<AnswerInput>) => answer(made, 'grant_data_request', supervisor, now, more)
    expect(await granted(fix(''))).toEqual(err('correction_invalid'))
    expect(await granted(fix(CANARIES.fullName))).toEqual(err('correction_same'))
    expect(await granted(fix('Kanari Thi Ẩn Nguyệt'))).toEqual(ok('answered'))
    const view = await readCaseFile(supervisor, made.number, now)
    expect(view?.particulars).toMatchObject({
      fullName: 'Kanari Thi Ẩn Nguyệt',
      corrected: [{ field: 'fullName', before: CANARIES.fullName, at: now.toISOString() }],
    })
    // The search finds the new name.
    const words = await db.blindIndex.count({ where: { caseId: made.id, kind: 'name_word' } })
    expect(words).toBe(4)
    expect(await matchesAuditLog(await makeStaff('auditor'), made.id)).toBe(true)
    const data = await exportData(citizenScope(made.id, 'full'), made.id, 'json', now)
    expect(data).toMatchObject({
      case: { areaName: 'Quận 3', incidentAt: addMilliseconds(now, -2 * HOUR) },
      person: { fullName: 'Kanari Thi Ẩn Nguyệt' },
      requests: [
        {
          kind: 'correct',
          state: 'granted',
          asked: 'Họ tên đúng là Kanari Thi Ẩn Nguyệt.',
          answers: [{ message: 'Đã xem.' }],
        },
      ],
      openings: [],
    })
    const told = await db.notice.findMany({ where: { caseId: made.id }, select: { template: true } })
    expect(told.map(({ template }) => template)).toContain('grant_correction')
  })

  test('refused is told with its remedies, in the message and in what the person takes along', async () => {
    const made = await makeCase({ now, particulars: CANARIES })
    expect(await ask(made, 'ask_correction')).toMatchObject({ ok: true })
    expect(await answer(made, 'refuse_data_request', city)).toMatchObject({ ok: true })
    const data = await exportData(citizenScope(made.id, 'full'), made.id, 'json', now)
    expect(data?.decisions).toMatchObject([
      { unit: null, box: { act: 'data_refused', at: now, own: { kind: 'again' } } },
    ])
  })

  test('to correct names its field and value, which a grant changes by itself', async () => {
    const made = await makeCase({ now, particulars: CANARIES })
    const wish = (field: string, value: string, message = '') =>
      ask(made, 'ask_correction', now, message, { field, value })
    expect(await wish('colour', '')).toEqual(err('correction_invalid'))
    expect(await wish('incidentAt', '31/02/2026 10:00')).toEqual(err('correction_invalid'))
    expect(await wish('secret', 'x')).toEqual(err('correction_field'))
    expect(await wish('other', '')).toEqual(err('correction_empty'))
    const { colour } = await row(made.id)
    expect(await wish('colour', colour)).toEqual(err('correction_same'))
    expect(await wish('colour', 'tím kanari 5', 'Tôi khai nhầm.')).toEqual(ok(null))
    const correction = { field: 'colour', before: colour, value: 'tím kanari 5' }
    const asked = (await readCaseFile(supervisor, made.number, now))?.events[0]
    expect(asked).toMatchObject({ move: 'ask_correction', words: { message: 'Tôi khai nhầm.', correction } })
    // A correction in the answer's form is ignored: the requested one is made.
    const forged = { correction: { field: 'fullName', value: 'Người Khác' } } as const
    expect(await answer(made, 'grant_data_request', supervisor, now, forged)).toEqual(ok('answered'))
    const view = await readCaseFile(supervisor, made.number, now)
    expect(view).toMatchObject({
      colour: 'tím kanari 5',
      particulars: { fullName: CANARIES.fullName, corrected: [{ field: 'colour', before: colour }] },
      events: [{ move: 'grant_data_request', words: { correction } }, {}, {}],
    })
    expect(await matchesAuditLog(await makeStaff('auditor'), made.id)).toBe(true)
    const data = await exportData(citizenScope(made.id, 'full'), made.id, 'json', now)
    expect(data).toMatchObject({
      phone: { colour: 'tím kanari 5' },
      requests: [{ field: 'colour', correction }],
    })
    expect(data?.events.at(-1)).toMatchObject({ correction })
  })

  test('takes the files along in one archive, byte for byte, and nobody else does', async () => {
    const made = await makeCase({ now, particulars: CANARIES })
    const scope = citizenScope(made.id, 'full')
    const key = await findKeyForCitizen(scope, made.id)
    if (!key) throw new Error('no key')
    // More than one chunk of a sealed stream, and two files with the same name.
    const bytes = [1, 2].map((fill) => Buffer.alloc(300_000, fill))
    for (let count = 0; count < bytes.length; count++) await makeProof(made.id)
    const ids = (await listEvidence(scope, made.id)).map(({ id }) => id)
    for (const [at, one] of bytes.entries()) await storeBytes(key, ids[at] ?? '', 'original', one)
    const data = await exportData(scope, made.id, 'zip', now)
    if (!data) throw new Error('no data')
    const zipped = Buffer.concat(await Array.fromAsync(makeArchive(scope, made.id, data, sayGaps, now)))
    const files = unzipSync(zipped)
    expect(Object.keys(files)).toEqual([`an-tam-${made.number}.json`, 'files/01-tep.jpg', 'files/02-tep.jpg'])
    expect(JSON.parse(strFromU8(files[`an-tam-${made.number}.json`] ?? new Uint8Array()))).toMatchObject({
      person: { fullName: CANARIES.fullName },
    })
    expect(files['files/01-tep.jpg']).toEqual(new Uint8Array(bytes[0] ?? []))
    expect(files['files/02-tep.jpg']).toEqual(new Uint8Array(bytes[1] ?? []))
    const facts = await db.auditEntry.findFirst({ where: { act: 'case.export' }, orderBy: { id: 'desc' } })
    expect(JSON.stringify(facts, (_, value) => (typeof value === 'bigint' ? '' : value))).toContain('zip')
    const status = citizenScope(made.id, 'status')
    expect(await exportData(status, made.id, 'zip', now)).toBeNull()
  })

  test('gives in the archive all that is there, and says which files are lost, damaged or infected', async () => {
    const made = await makeCase({ now, particulars: CANARIES })
    const scope = citizenScope(made.id, 'full')
    const key = await findKeyForCitizen(scope, made.id)
    if (!key) throw new Error('no key')
    for (let count = 0; count < 4; count++) await makeProof(made.id)
    const ids = (await listEvidence(scope, made.id)).map(({ id }) => id)
    const [lost = '', whole = '', damaged = '', infected = ''] = ids
    const bytes = Buffer.alloc(100_000, 7)
    for (const id of ids) await storeBytes(key, id, 'original', bytes)
    const store = evidenceStorage()
    await store.remove(`${lost}.original`)
    const sealed = await buffer(await store.open(`${damaged}.original`))
    await store.remove(`${damaged}.original`)
    await store.put(`${damaged}.original`, Readable.from([sealed.subarray(0, 90_000)]))
    await db.evidence.update({
      where: { id: infected },
      data: { scan: 'infected', scanFinding: 'Eicar', scannedAt: now },
    })
    const data = await exportData(scope, made.id, 'zip', now)
    if (!data) throw new Error('no data')
    const files = unzipSync(
      Buffer.concat(await Array.fromAsync(makeArchive(scope, made.id, data, sayGaps, now))),
    )
    expect(Object.keys(files)).toEqual([
      `an-tam-${made.number}.json`,
      'files/02-tep.jpg',
      'files/03-tep.jpg',
      'THIEU.txt',
    ])
    expect(ids.indexOf(whole)).toBe(1)
    expect(files['files/02-tep.jpg']).toEqual(new Uint8Array(bytes))
    // Only the verified bytes of a damaged file.
    expect(files['files/03-tep.jpg']).toEqual(new Uint8Array(bytes.subarray(0, 65_536)))
    expect(strFromU8(files['THIEU.txt'] ?? new Uint8Array())).toBe(
      'files/01-tep.jpg lost, files/03-tep.jpg damaged, files/04-tep.jpg infected',
    )
    // A store that does not answer is not a loss: the archive stops, and the person can ask again.
    const away = vi.spyOn(store, 'open').mockRejectedValue(new Error('away'))
    await expect(Array.fromAsync(makeArchive(scope, made.id, data, sayGaps, now))).rejects.toThrow('away')
    away.mockRestore()
  })

  test('to correct a contact or an IMEI is answered, changes nothing, and papers in it stay masked', async () => {
    for (const [field, value] of [
      ['contact', 'moi@example.vn'],
      ['imei', '356789100000019'],
    ] as const) {
      const made = await makeCase({ now, particulars: CANARIES })
      const before = (await readCaseFile(supervisor, made.number, now))?.imeis
      expect(await ask(made, 'ask_correction', now, '', { field, value })).toEqual(ok(null))
      expect(await answer(made, 'grant_data_request')).toEqual(ok('answered'))
      const view = await readCaseFile(supervisor, made.number, now)
      expect(view?.imeis).toEqual(before)
      expect(view?.particulars.corrected).toBeUndefined()
      const shown = view?.events[0]?.words.correction?.value
      expect(shown === value).toBe(field === 'imei')
      const { contact } =
        (await exportData(citizenScope(made.id, 'full'), made.id, 'json', now))?.person ?? {}
      expect(contact).toEqual(CANARIES.contact)
    }
  })

  test('to correct what the case does not say changes nothing of it, and is answered all the same', async () => {
    const made = await makeCase({ now, particulars: CANARIES })
    await ask(made, 'ask_correction')
    expect(await answer(made, 'grant_data_request')).toEqual(ok('answered'))
    const view = await readCaseFile(supervisor, made.number, now)
    expect(view?.particulars.corrected).toBeUndefined()
  })

  test('is answered by one of two who answer at once, never by an officer', async () => {
    const made = await withdrawn()
    await ask(made, 'ask_erasure')
    const officer = await makeStaff('officer', { unitId: 'quan-3' })
    expect(await answer(made, 'grant_data_request', officer)).toEqual(err('forbidden'))
    const both = await Promise.all([
      answer(made, 'refuse_data_request'),
      answer(made, 'refuse_data_request', city),
    ])
    expect(both.filter(({ ok }) => ok)).toHaveLength(1)
    expect(await db.dataRequest.count({ where: { state: 'open' } })).toBe(0)
  })

  test('to erase is granted by two: the second confirms the words that the first wrote, or the request waits on', async () => {
    const made = await withdrawn()
    await ask(made, 'ask_erasure')
    const open = () => db.dataRequest.findFirstOrThrow({ where: { caseId: made.id } })
    expect(await answer(made, 'grant_data_request')).toEqual(ok('proposed'))
    const id = await openApproval()
    const confirmErasure = (by: StaffReader, digest?: string) =>
      confirm(by, id, now, digest === undefined ? {} : { digest })
    expect(await confirmErasure(supervisor)).toEqual(err('own_request'))
    const others = [
      await makeStaff('officer', { unitId: 'quan-3' }),
      await makeStaff('supervisor', { unitId: 'quan-1' }),
    ]
    for (const other of others) {
      expect(await confirmErasure(other)).toEqual(err('forbidden'))
      expect((await approvalsFor(other, now)) ?? []).toEqual([])
    }
    expect(await confirmErasure(colleague, 'unread')).toEqual(err('changed'))
    // Nothing is decided: the person gets no message, the due day stays, and the worker erases nothing.
    const citizen = citizenScope(made.id, 'full')
    const events = async () => (await caseForCitizen(citizen, made.id))?.events.map(({ move }) => move) ?? []
    expect(await events()).not.toContain('propose_erasure')
    expect(await db.notice.count({ where: { template: 'grant_data_request' } })).toBe(0)
    expect((await readRequestsPage(city, null)).rows).toMatchObject([
      { proposed: true, dueAt: addMilliseconds(now, 20 * DAY) },
    ])
    await sent()
    expect(await runRetention(now)).toMatchObject({ asked: 0 })
    const granted = `UPDATE data_requests SET state = 'granted', decided_by_id = $2 WHERE case_id = $1`
    await expect(superuser.query(granted, [made.id, supervisor.id])).rejects.toThrow('two people')
    await expect(superuser.query(granted, [made.id, null])).rejects.toThrow('two people')

    expect(await refuse(colleague, id, now)).toEqual(err('text_missing'))
    expect(await refuse(colleague, id, now, { reason: 'Đã xem.' })).toEqual(confirmed)
    expect(await open()).toMatchObject({ state: 'open', proposedById: null })
    // Another answer replaces the proposal, which can no longer be confirmed.
    expect(await answer(made, 'grant_data_request')).toEqual(ok('proposed'))
    const first = await openApproval()
    expect(await answer(made, 'grant_data_request', colleague)).toEqual(ok('proposed'))
    expect(await confirm(city, first, now)).toEqual(err('request_gone'))
    expect(await db.approval.findMany({ where: { id: first } })).toMatchObject([{ state: 'replaced' }])
    expect(await db.auditEntry.count({ where: { act: 'approval.replace' } })).toBe(1)
    expect(await withdraw(colleague, await openApproval(), now, { reason: 'Đã xem.' })).toEqual(confirmed)
    expect(await grantErasure(made)).toEqual(confirmed)
    const view = await caseForCitizen(citizen, made.id)
    expect(view?.events.filter(({ move }) => move === 'grant_data_request')).toMatchObject([
      { message: 'Đã xem.' },
    ])
  })

  test('to erase ends with another answer: one person refuses it, and nothing is left to confirm', async () => {
    const made = await withdrawn()
    await ask(made, 'ask_erasure')
    expect(await answer(made, 'grant_data_request')).toEqual(ok('proposed'))
    const id = await openApproval()
    expect(await answer(made, 'refuse_data_request', colleague)).toEqual(ok('answered'))
    expect(await confirm(city, id, now)).toEqual(err('request_gone'))
    expect(await db.dataRequest.findMany()).toMatchObject([{ state: 'refused', proposedById: null }])
  })

  test('to erase, proposed in the release before, is confirmed as it is shown', async () => {
    const made = await withdrawn()
    await ask(made, 'ask_erasure')
    expect(await answer(made, 'grant_data_request')).toEqual(ok('proposed'))
    const { version: seq } = await row(made.id)
    expect(await withdraw(supervisor, await openApproval(), now, { reason: 'Cách cũ.' })).toEqual(confirmed)
    const data = { proposedById: supervisor.id, proposedAt: now, proposedSeq: seq }
    await db.dataRequest.updateMany({ data })
    await superuser.query(sqlOf('20261130290002_erasures_are_approvals'))
    const [request] = (await approvalsFor(colleague, now)) ?? []
    if (request?.kind !== 'case.erasure') throw new Error('no request')
    const { id, digest } = request
    expect(await confirm(supervisor, id, now, { digest })).toEqual(err('own_request'))
    expect(await confirm(colleague, id, now, { digest })).toEqual(confirmed)
    expect(await db.dataRequest.findMany()).toMatchObject([
      { state: 'granted', ...data, decidedById: colleague.id },
    ])
  })

  test('is put off once before its day, told to its person with the reason, and audited', async () => {
    const made = await withdrawn()
    await ask(made, 'ask_erasure')
    const due = addMilliseconds(now, 20 * DAY)
    const later = (by: StaffReader, at: Date) => answer(made, 'extend_data_request', by, at)
    const officer = await makeStaff('officer', { unitId: 'quan-3' })
    expect(await later(officer, now)).toEqual(err('forbidden'))
    expect(await later(supervisor, due)).toEqual(err('not_extended'))
    const both = await Promise.all([
      later(supervisor, addMilliseconds(due, -1)),
      later(city, addMilliseconds(due, -1)),
    ])
    expect(both.filter(({ ok }) => ok)).toHaveLength(1)
    expect(await later(supervisor, addMilliseconds(due, -1))).toEqual(err('not_extended'))

    const citizen = citizenScope(made.id, 'full')
    const view = await caseForCitizen(citizen, made.id)
    expect(view?.events.filter(({ move }) => move === 'extend_data_request')).toMatchObject([
      { message: 'Đã xem.' },
    ])
    const standing = view && (await dataStanding(view.snapshot))
    expect(standing?.requests).toMatchObject([
      { state: 'open', dueAt: addMilliseconds(due, 10 * DAY), firstDueAt: due, decidedAt: null },
    ])
    expect(await db.notice.count({ where: { template: 'extend_data_request' } })).toBe(1)
    expect(await db.auditEntry.count({ where: { act: 'case.extend_data_request' } })).toBe(1)
    expect(await grantErasure(made, city, addMilliseconds(due, DAY))).toEqual(confirmed)
  })

  test('moves its day in the database no second time, and never unsaid', async () => {
    const made = await withdrawn()
    await ask(made, 'ask_correction')
    const set = (columns: string) =>
      superuser.query(`UPDATE data_requests SET ${columns} WHERE case_id = $1`, [made.id])
    await expect(set(`due_at = due_at + interval '1 day'`)).rejects.toThrow('once')
    expect(await answer(made, 'extend_data_request')).toEqual(ok('answered'))
    await expect(set(`due_at = due_at + interval '1 day'`)).rejects.toThrow('once')
    await expect(set(`extended_at = NULL, extended_by_id = NULL, first_due_at = NULL`)).rejects.toThrow(
      'once',
    )
  })

  test('takes back the consent at once: no question is asked or stays open', async () => {
    const made = await makeCase()
    const at = { caseId: made.id, purpose: 'sim_question', version: '2026-11-24', at: now }
    await db.consent.create({ data: at })
    expect(await ask(made, 'withdraw_consent')).toEqual(ok(null))
    expect(await ask(made, 'withdraw_consent')).toEqual(err('no_consent'))
    expect(await readCaseFile(supervisor, made.number, now)).toMatchObject({ mayAsk: null })
  })

  test('is written down at the desk for a person without the secret, and answered by another person', async () => {
    const made = await makeCase({ now, particulars: CANARIES })
    const atDesk = async (by: StaffReader, act: DataAct, field = '', value = '') => {
      const { version } = await row(made.id)
      const asked = { number: made.number, version, act, message: 'Tên ghi sai.', submitKey: randomUUID() }
      return sentThrice(() => askAtDesk(by, { ...asked, correction: { field, value } }, now))
    }
    const elsewhere = await makeStaff('supervisor', { unitId: 'quan-1' })
    expect(await atDesk(elsewhere, 'ask_correction')).toEqual(err('not_found'))
    expect(await atDesk(supervisor, 'ask_erasure')).toEqual(err('not_over'))
    expect(await atDesk(supervisor, 'withdraw_consent')).toEqual(err('no_consent'))
    expect(await atDesk(supervisor, 'ask_correction', 'fullName', 'Kanari Thị An')).toEqual(ok(true))
    expect(await atDesk(supervisor, 'ask_correction')).toEqual(err('asked'))
    expect(await answer(made, 'grant_data_request')).toEqual(err('own_writing'))
    expect(await answer(made, 'grant_data_request', colleague)).toEqual(ok('answered'))
    const file = await readCaseFile(colleague, made.number, now)
    expect(file?.particulars.fullName).toBe('Kanari Thị An')
    await db.consent.create({
      data: { caseId: made.id, purpose: 'sim_question', version: '2026-11-24', at: now },
    })
    expect(await atDesk(supervisor, 'withdraw_consent')).toEqual(ok(true))
    expect(await db.consent.findFirst({ where: { caseId: made.id } })).toMatchObject({ withdrawnAt: now })
  })
})

describe('an erased case', () => {
  test('shows nothing of its person to anybody, its skeleton stands, and the audit log still verifies', async () => {
    const made = await withdrawn()
    const file = await addEvidence(made.id)
    await ask(made, 'ask_erasure', now, 'Chuyện kanari 4')
    expect(await grantErasure(made)).toEqual(confirmed)
    // The message about it is sent first, because it is sealed under the key.
    expect(await runRetention(now)).toMatchObject({ asked: 0 })
    const key = await findKeyForCitizen(citizenScope(made.id, 'full'), made.id)
    await sent()
    expect(await runRetention(now)).toMatchObject({ asked: 1 })

    const citizen = citizenScope(made.id, 'full')
    const scope = staffScope(supervisor)
    expect(await readCaseFile(supervisor, made.number, now)).toBeNull()
    expect(await findErasedCase(supervisor, made.number)).toMatchObject({ state: 'withdrawn' })
    const view = await caseForCitizen(citizen, made.id)
    expect(view).toMatchObject({ phone: null, snapshot: { number: made.number } })
    expect(view?.events.every(({ message }) => message === null)).toBe(true)
    expect(await findKeyForCitizen(citizen, made.id)).toBeNull()
    expect(scope && (await listEvidence(scope, made.id))).toEqual([])
    expect(scope && (await listQuestions(scope, made.id))).toEqual([])
    await sendStatusCode({ number: made.number }, now)
    expect(await db.contactCode.count()).toBe(0)
    await expect(ask(made, 'ask_correction')).resolves.toEqual(err('wrong_state'))

    // Every table, as in a dump: no canary, IMEI, file id, sealed text or key.
    const { rows: tables } = await superuser.query<{ table: string }>(
      `SELECT tablename AS table FROM pg_tables WHERE schemaname = 'public'`,
    )
    let seen = false
    for (const { table } of tables) {
      const { rows } = await superuser.query<{ text: string }>(
        `SELECT t::text AS text FROM public."${table}" t`,
      )
      for (const { text } of rows) {
        for (const needle of ['anari', made.imeis[0] ?? '', Buffer.from(key?.bytes ?? '').toString('hex')]) {
          expect(text.includes(needle), `${needle} in ${table}`).toBe(false)
        }
        if (!table.startsWith('audit_') && table !== 'erasures')
          expect(text.includes(file), table).toBe(false)
        seen ||= text.includes(made.number)
      }
    }
    expect(seen).toBe(true)
    const { key: stored, sealed } = await row(made.id)
    expect([stored.wrapped.length, sealed.length]).toEqual([0, 0])

    await sealLog()
    const directory = join(process.env.DATA_DIR ?? '', 'checkpoints')
    const verifier = await verifierFor(directory, undefined)
    const { heads } = await checkpointsIn(directory, verifier)
    const { faults, leaves } = await verifyLog(superuser, verifier, heads)
    expect(faults).toEqual([])
    expect(leaves).toBeGreaterThan(5)
  })
})
