import { randomUUID } from 'node:crypto'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { sealLog } from '#features/audit/sealing/acts.ts'
import { listShareable } from '#features/cases/board/data.ts'
import { caseForCitizen } from '#features/cases/citizen/data.ts'
import { decideCase } from '#features/cases/decisions/acts.ts'
import type { CaseDecision } from '#features/cases/decisions/rules.ts'
import { readCaseFile } from '#features/cases/file/page-data.ts'
import type { GivenCheck } from '#features/cases/proof/rules.ts'
import { settleCase } from '#features/cases/settling/acts.ts'
import { caseStanding } from '#features/cases/standing/rules.ts'
import { settleReview } from '#features/disputes/sides/acts.ts'
import { listEvidence } from '#features/evidence/files/page-data.ts'
import { findWaitingNotice } from '#features/notices/data.ts'
import { renderMail } from '#features/notices/templates.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { citizenScope, systemScope } from '#lib/access/scope.ts'
import { err } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR } from '#lib/time.ts'
import { inScope } from '#platform/scope.ts'
import { superuser, waitingForLock } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import {
  AGREES,
  answerConflict,
  type CaseOptions,
  type MadeCase,
  makeBlockingCase,
  makeCase,
  makePolice,
  makeProvenCase,
  move,
  openAllSides,
  PARTICULARS,
  type Police,
  randomImei,
  stateOf,
} from '#tests/factories/case.ts'
import {
  addFile,
  CONSENTED,
  type MadeObjection,
  makeObjection,
  makeObjectionDraft,
} from '#tests/factories/objection.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { sentThrice } from '#tests/sent-thrice.ts'
import { beginObjection, renewWord, sendHolderCode, sendObjection } from '../drafts/acts.ts'
import { findSentObjection, readObjectionDraft } from '../drafts/data.ts'
import { unlockObjection } from '../return/acts.ts'
import { actAsHolder } from './acts.ts'
import { decideOnObjection, discloseObjection, inspectPhone } from './desk-acts.ts'
import { exportObjection } from './export-acts.ts'
import type { HolderAct, ObjectionDecision } from './moves-rules.ts'
import { findObjections, objectionQueue, objectionsDeletedAt, objectionsWaiting } from './queue-data.ts'
import { forgetObjections, runObjectionClocks, settleObjections } from './settle-acts.ts'
import { objectionForHolder, objectionForPolice } from './view-data.ts'

// A Wednesday; the hearing ends on Monday at 17:00, the decision is due ten working days later.
const now = new Date('2026-11-25T03:00:00Z')
const HEARD = addMilliseconds(now, 6 * DAY)

type Blocked = MadeCase & { readonly police: Police }
let blocked: Blocked
let imei: string
/** Neither verified nor approved the block. */
let other: StaffReader
beforeEach(async () => {
  await db.codeSend.deleteMany()
  blocked = await makeBlockingCase({
    unitId: 'quan-3',
    now: addMilliseconds(now, -DAY),
  } satisfies CaseOptions)
  imei = blocked.imeis[0] ?? ''
  other = await makeStaff('officer', { unitId: 'quan-3' })
})
// Each test has its own audit log.
afterEach(() => rmSync(join(process.env.DATA_DIR ?? '', 'checkpoints'), { recursive: true, force: true }))

const versionOf = async (id: string) => (await db.objection.findFirstOrThrow({ where: { id } })).version
const objection = (id: string) => db.objection.findFirstOrThrow({ where: { id } })
async function decide(
  actor: StaffReader,
  made: MadeObjection,
  decision: ObjectionDecision,
  also: { reasonCode?: string; at?: Date; check?: GivenCheck } = {},
) {
  const { at = HEARD, reasonCode, check = AGREES } = also
  if (decision === 'uphold') await openAllSides(actor, blocked.id, at)
  const version = await versionOf(made.id)
  const input = {
    number: made.number,
    version,
    submitKey: randomUUID(),
    decision,
    reasonCode,
    reason: 'Đã xem.',
    check,
  }
  return sentThrice(() => decideOnObjection(actor, input, at))
}
async function act(made: MadeObjection, what: HolderAct, at = HEARD) {
  const scope = citizenScope(made.id, 'full')
  const key = (await objectionForHolder(scope, made.id))?.key
  if (!key) throw new Error('no such objection')
  const version = await versionOf(made.id)
  const move = { key, version, act: what, message: 'Tôi có hóa đơn.', submitKey: randomUUID() }
  return sentThrice(() => actAsHolder(scope, { ...move, kind: 'other', files: [] }, at))
}
const told = async (caseId: string) =>
  (await db.notice.findMany({ where: { caseId }, orderBy: { createdAt: 'asc' } })).map((one) => one.template)
const answer = (c: MadeCase, at = addMilliseconds(now, HOUR)) =>
  move(c.id, { kind: 'citizen' }, { move: 'answer_objection', text: 'Máy là của tôi.' }, at)
const decideOnCase = async (actor: StaffReader, decision: 'approve_unblock' | 'refuse_unblock') => {
  await openAllSides(actor, blocked.id, HEARD)
  return decideCase(
    actor,
    {
      number: blocked.number,
      version: (await db.case.findFirstOrThrow({ where: { id: blocked.id } })).version,
      submitKey: randomUUID(),
      decision,
      reasonCode: 'other',
      reason: 'Đã đối chiếu.',
      check: AGREES,
    },
    HEARD,
  )
}

test('another code that one form asks for several times is one, and the next form’s is the next', async () => {
  const request = { cookie: await makeObjectionDraft(imei, { now }), locale: 'vi', now } as const
  const codes = () => db.notice.count({ where: { template: 'code_confirm_objection' } })
  const before = await codes()
  for (let forms = 1; forms <= 2; forms++) {
    const form = { ...request, address: randomUUID(), submitKey: randomUUID() }
    expect(await sentThrice(() => sendHolderCode(form))).toEqual({ ok: true, value: null })
    expect(await codes()).toBe(before + forms)
  }
})

test('a case whose block several object to is told that nobody does when the last one is over', async () => {
  const [one, two] = [await makeObjection(imei, { now }), await makeObjection(imei, { now })]
  const objectedAt = async () => (await db.case.findUniqueOrThrow({ where: { id: blocked.id } })).objectedAt
  await act(one, 'withdraw')
  expect(await objectedAt()).toEqual(now)
  expect(await told(blocked.id)).not.toContain('objection_over')
  await act(two, 'withdraw')
  expect(await objectedAt()).toBeNull()
  expect(await told(blocked.id)).toContain('objection_over')
})

describe('at the moment in which the last objection ends', () => {
  const objectedAt = async () => (await db.case.findUniqueOrThrow({ where: { id: blocked.id } })).objectedAt

  /** Holds two acts at the end of their transactions, or one of them at its wait for the other. */
  async function together(...acts: readonly (() => Promise<{ readonly ok: boolean }>)[]) {
    await superuser.query('BEGIN; LOCK TABLE audit_entries IN SHARE MODE')
    const done: Promise<{ readonly ok: boolean }>[] = []
    for (const start of acts) {
      done.push(start())
      while ((await waitingForLock()) < done.length) await sleep(5)
    }
    await superuser.query('COMMIT')
    for (const { ok } of await Promise.all(done)) expect(ok).toBe(true)
  }

  test('another one may end: the case is told that nobody objects any more', async () => {
    const [one, two] = [await makeObjection(imei, { now }), await makeObjection(imei, { now })]
    await together(
      () => act(one, 'withdraw'),
      () => act(two, 'withdraw'),
    )
    expect(await objectedAt()).toBeNull()
    expect((await told(blocked.id)).filter((one) => one === 'objection_over')).toHaveLength(1)
  })

  test.each(['first', 'second'])('somebody may object, sent %s: the case knows of it', async (sent) => {
    const one = await makeObjection(imei, { now })
    const cookie = await makeObjectionDraft(imei, { now })
    const acts = [
      () => sendObjection({ cookie, consents: CONSENTED, locale: 'vi', now: HEARD }),
      () => act(one, 'withdraw'),
    ]
    await together(...(sent === 'first' ? acts : acts.reverse()))
    expect(await objectedAt()).toEqual(HEARD)
  })
})

describe('looking for an objection', () => {
  const find = async (actor: StaffReader, text: string) =>
    (await findObjections(actor, text, null, now))?.rows.map(({ number }) => number) ?? null

  test('finds it by its number, the case’s, the phone or its holder’s contact, over or not, in one’s own district', async () => {
    const made = await makeObjection(imei, { now, email: 'Binh@example.vn' })
    await act(made, 'withdraw')
    const spelled = made.number.toLowerCase().replaceAll('-', ' ')
    const wrongDigit = imei.slice(0, 14) + ((Number(imei[14]) + 1) % 10)
    const ways = [
      made.number,
      spelled,
      blocked.number,
      imei,
      imei.slice(0, 14),
      wrongDigit,
      'binh@example.vn',
    ]
    for (const text of ways) expect(await find(other, text), text).toEqual([made.number])
    const city = await makeStaff('city_police')
    expect(await find(city, imei)).toEqual([made.number])
    const elsewhere = await makeStaff('officer', { unitId: 'quan-1' })
    for (const text of ways) expect(await find(elsewhere, text), text).toEqual([])
    expect(await find(await makeStaff('relay'), imei)).toBeNull()
    expect(await find(other, randomImei())).toEqual([])
    expect(await find(other, 'khac@example.vn')).toEqual([])
    for (const text of ['', 'Nguyễn Bình', '079191054321']) expect(await find(other, text)).toBeNull()
  })

  test('finds no draft, and all others page by page', async () => {
    await makeObjectionDraft(imei, { now })
    expect(await find(await makeStaff('city_police'), imei)).toEqual([])
    const made = []
    for (let n = 0; n < 27; n++)
      made.push((await makeObjection(imei, { now: addMilliseconds(now, n) })).number)
    const first = await findObjections(other, imei, null, now)
    const second = await findObjections(other, imei, first?.next ?? null, now)
    const numbers = [...(first?.rows ?? []), ...(second?.rows ?? [])].map(({ number }) => number)
    expect([first?.rows.length, second?.rows.length, second?.next]).toEqual([25, 2, null])
    expect(numbers.toSorted()).toEqual(made.toSorted())
  })
})

describe('beginning', () => {
  test('says of a phone what the public check says, whether a case waits or there is none', async () => {
    const waiting = await makeCase()
    const begin = (number: string) =>
      beginObjection({ imei: number, locale: 'vi', address: randomUUID(), now })
    const refused = err({ imei1: 'objection.not_blocked' })
    expect(await begin(waiting.imeis[0] ?? '')).toEqual(refused)
    expect(await begin(randomImei())).toEqual(refused)
    expect(await begin('123')).toEqual(err({ imei1: 'report.imei.length' }))
    expect(await begin('')).toEqual(err({ imei1: 'check.empty' }))
    expect(await begin(imei)).toMatchObject({ ok: true })
  })

  test('takes a photo beside the word in force, not beside the one before', async () => {
    const cookie = await makeObjectionDraft(imei, { now })
    const before = await readObjectionDraft(cookie, now)
    expect(before).toMatchObject({ shown: true, missing: 'review', imei })
    await renewWord(cookie, addMilliseconds(now, HOUR))
    const after = await readObjectionDraft(cookie, now)
    expect(after).toMatchObject({ shown: false, missing: 'proof' })
    expect(after?.word).not.toBe(before?.word)
    const sent = await sendObjection({ cookie, consents: CONSENTED, locale: 'vi', now })
    expect(sent).toEqual(err({ kind: 'incomplete', step: 'proof' }))
  })
})

describe('sending', () => {
  test('twenty times at once makes one objection, and the reporter hears of it once', async () => {
    const cookie = await makeObjectionDraft(imei, { now })
    const send = () => sendObjection({ cookie, consents: CONSENTED, locale: 'vi', now })
    const sent = await Promise.all(Array.from({ length: 20 }, send))
    expect(new Set(sent.map((one) => (one.ok ? one.value.number : JSON.stringify(one.error)))).size).toBe(1)
    expect(await db.objection.count({ where: { waiting: true } })).toBe(1)
    expect((await told(blocked.id)).filter((template) => template === 'objected')).toHaveLength(1)
    expect(await db.consent.count({ where: { caseId: sent[0]?.ok ? sent[0].value.id : '' } })).toBe(2)
  })

  test('tells the reporter of each objection, and hears them on it; the first one waits no longer for the second', async () => {
    const [first, third] = [await makeObjection(imei, { now }), await makeObjectionDraft(imei, { now })]
    await answer(blocked)
    const second = await makeObjection(imei, { now: HEARD, email: 'binh@example.vn' })
    const tells = async () => (await told(blocked.id)).filter((one) => one.startsWith('objected'))
    expect(await tells()).toEqual(['objected', 'objected_again'])
    const { id } = await db.notice.findFirstOrThrow({
      where: { caseId: blocked.id, template: 'objected_again' },
    })
    const waiting = await inScope(systemScope(), () => findWaitingNotice(id))
    const { body } = renderMail('objected_again', 'vi', waiting?.params ?? { number: '' }, {
      url: 'https://x.vn',
    })
    expect(body).toContain('đến Thứ Sáu 04/12/2026, 17:00, dù bạn đã trả lời khiếu nại trước')
    for (const secret of [second.number, 'binh@example.vn', 'Bình', '079191054321'])
      expect(body).not.toContain(secret)
    expect(await objectionForPolice(other, first.number, HEARD)).toMatchObject({ heard: true })
    expect(await objectionForPolice(other, second.number, HEARD)).toMatchObject({ heard: false })
    expect(await decide(other, second, 'uphold')).toMatchObject({ error: 'hearing_runs' })
    expect(await decide(other, first, 'uphold')).toMatchObject({ ok: true })
    await sendObjection({ cookie: third, consents: CONSENTED, locale: 'vi', now: HEARD })
    expect(await tells()).toEqual(['objected', 'objected_again', 'objected_again'])
  })

  test('leads to the case in secret: the holder reads nothing of it, and its dump shows nobody', async () => {
    const made = await makeObjection(imei, { now, email: 'binh@example.vn' })
    const view = await objectionForHolder(citizenScope(made.id, 'full'), made.id)
    expect(view?.holder).toMatchObject({ fullName: 'Trần Văn Bình' })
    const taken = await exportObjection(citizenScope(made.id, 'full'), made.id, now)
    expect(taken?.consents.map(({ purpose }) => purpose)).toEqual(['declaration', 'processing'])
    expect(taken?.objection.word).toBe(view?.word)
    expect(taken?.openings).toEqual([])
    const exported = JSON.stringify(taken)
    for (const secret of [blocked.number, blocked.id, PARTICULARS.fullName, 'quan-3'])
      expect(exported).not.toContain(secret)
    expect(await objectionForHolder(citizenScope(randomUUID(), 'full'), made.id)).toBeNull()
    const { rows } = await superuser.query('SELECT o::text AS row FROM objections o')
    expect(JSON.stringify(rows)).not.toMatch(/Bình|binh@|079191054321|Hùng Vương/)
  })

  test('is refused without consents, twice by one contact, and once the block is gone', async () => {
    const email = 'binh@example.vn'
    await makeObjection(imei, { now, email })
    const again = await makeObjectionDraft(imei, { now, email })
    const send = (cookie: string, consents = CONSENTED) =>
      sendObjection({ cookie, consents, locale: 'vi', now: HEARD })
    expect(await send(again, [])).toMatchObject({
      error: { faults: { declareTrue: 'objection.declareTrue' } },
    })
    expect(await send(again)).toMatchObject({ error: { faults: { form: 'objection.open_already' } } })
    const elsewhere = await makeObjectionDraft(imei, { now })
    await move(blocked.id, { kind: 'citizen' }, { move: 'request_unblock' })
    await move(blocked.id, blocked.police.officer, { move: 'verify_unblock', reasonCode: 'recovered' })
    await move(blocked.id, await makeStaff('supervisor', { unitId: 'quan-3' }), { move: 'approve_unblock' })
    expect(await send(elsewhere)).toMatchObject({ error: { faults: { form: 'objection.not_blocked' } } })
  })

  test('opens with number and secret, alike wrong in either', async () => {
    const made = await makeObjection(imei, { now })
    const secret = (await findSentObjection(made.cookie, now))?.secret ?? ''
    const open = (number: string, typed: string) =>
      unlockObjection({ number, secret: typed }, randomUUID(), now)
    expect(await open(made.number.toLowerCase(), secret)).toMatchObject({ value: { id: made.id } })
    const wrong = err('no_match')
    expect(await open(made.number, 'AAAAA-AAAAA-AAAAA-AAAAA')).toEqual(wrong)
    expect(await open('KN-0000-0000-0', secret)).toEqual(wrong)
    expect(await findSentObjection(made.cookie, addMilliseconds(now, 25 * HOUR))).toBeNull()
  })
})

describe('deciding', () => {
  test('two people lift a wrong block, and both sides are told', async () => {
    const made = await makeObjection(imei, { now })
    expect(await decide(other, made, 'uphold', { at: addMilliseconds(now, HOUR) })).toEqual(
      err('hearing_runs'),
    )
    await answer(blocked)
    expect(await decide(blocked.police.officer, made, 'uphold')).toMatchObject({ error: 'own_block' })
    const later = addMilliseconds(now, 2 * HOUR)
    expect(await decide(other, made, 'uphold', { at: later, check: {} })).toEqual(err('check_missing'))
    const found = { ...AGREES, checkName: 'none' } as const
    expect(await decide(other, made, 'uphold', { at: later, check: found })).toMatchObject({ ok: true })
    expect(await stateOf(blocked.id)).toBe('unblock_review')
    const losing = await caseForCitizen(citizenScope(blocked.id, 'full'), blocked.id)
    if (!losing) throw new Error('no such case')
    const { chapter } = caseStanding(losing.snapshot, { now: later, holidays: losing.holidays })
    expect(chapter).toBe('overturn_review')
    // The second person reads the first one's findings on the holder's evidence.
    const checks = await db.proofCheck.findMany({ where: { caseId: blocked.id, move: 'uphold_objection' } })
    expect(checks).toMatchObject([{ accountId: other.id, imei: 'yes', name: 'none', device: 'yes' }])
    // The officer who upheld the objection cannot also approve the unblock: a second person must.
    expect(await decideOnCase(other, 'approve_unblock')).toMatchObject({ ok: false })
    expect(await decideOnCase(blocked.police.supervisor, 'approve_unblock')).toMatchObject({ ok: true })
    const orders = await db.carrierOrder.findMany({ where: { caseId: blocked.id, action: 'unblock' } })
    expect(new Set(orders.map(({ reason }) => reason))).toEqual(new Set(['wrong']))
    await settleObjections({ caseId: blocked.id, granted: true }, HEARD)
    await settleObjections({ caseId: blocked.id, granted: true }, HEARD)
    expect(await objection(made.id)).toMatchObject({ state: 'granted', waiting: false })
    expect(await told(made.id)).toEqual(['objection_submitted', 'objection_grant'])
    expect(await told(blocked.id)).toEqual(
      expect.arrayContaining([
        'objected',
        'answer_objection',
        'uphold_objection',
        'approve_unblock_for_holder',
      ]),
    )
    expect(await db.case.findFirst({ where: { id: blocked.id } })).toMatchObject({ objectedAt: null })
  })

  test.each(['withdraw', 'refuse', 'expire'] as const)(
    'a finding for the holder falls with the last objection, by %s: the block goes on',
    async (end) => {
      const made = await makeObjection(imei, { now })
      await answer(blocked)
      await decide(other, made, 'uphold')
      expect(await stateOf(blocked.id)).toBe('unblock_review')
      if (end === 'withdraw') await act(made, 'withdraw')
      else {
        const third = await makeStaff('officer', { unitId: 'quan-3' })
        await decide(third, made, end === 'refuse' ? 'refuse' : 'request_info', { reasonCode: 'not_yours' })
      }
      if (end === 'expire') await runObjectionClocks(addMilliseconds(HEARD, 16 * DAY))
      expect(await told(blocked.id)).toContain('objection_over')
      expect(await db.case.findUniqueOrThrow({ where: { id: blocked.id } })).toMatchObject({
        state: 'blocking',
        objectedAt: null,
        unblockVerifiedById: null,
        unblockReason: null,
      })
      expect(await decideOnCase(blocked.police.supervisor, 'approve_unblock')).toMatchObject({ ok: false })
    },
  )

  test.each(['withdraw', 'refuse', 'expire'] as const)(
    'a finding falls with the objection that it is about, by %s: another one that waits is decided on its own',
    async (end) => {
      const [one, two] = [await makeObjection(imei, { now }), await makeObjection(imei, { now })]
      await answer(blocked)
      await decide(other, one, 'uphold')
      const third = await makeStaff('officer', { unitId: 'quan-3' })
      if (end === 'withdraw') await act(one, 'withdraw')
      else await decide(third, one, end === 'refuse' ? 'refuse' : 'request_info', { reasonCode: 'not_yours' })
      if (end === 'expire') await runObjectionClocks(addMilliseconds(HEARD, 16 * DAY))
      expect(await db.case.findUniqueOrThrow({ where: { id: blocked.id } })).toMatchObject({
        state: 'blocking',
        objectedAt: now,
        unblockVerifiedById: null,
        unblockReason: null,
      })
      expect(await decideOnCase(blocked.police.supervisor, 'approve_unblock')).toMatchObject({ ok: false })
      expect(await told(blocked.id)).toContain('finding_over')
      expect(await told(blocked.id)).not.toContain('objection_over')
      // The other holder was told nothing of a finding that was not about them.
      expect(await told(two.id)).toEqual(['objection_submitted'])
      expect((await objectionQueue(other, null)).rows).toMatchObject([
        { number: two.number, against: { unblockVerifiedById: null } },
      ])
      expect(await decide(third, two, 'uphold')).toMatchObject({ ok: true })
      expect(await decideOnCase(blocked.police.supervisor, 'approve_unblock')).toMatchObject({ ok: true })
      await settleObjections({ caseId: blocked.id, granted: true }, HEARD)
      const ended = { withdraw: 'withdrawn', refuse: 'refused', expire: 'expired' }[end]
      expect([await objection(one.id), await objection(two.id)]).toMatchObject([
        { state: ended },
        { state: 'granted' },
      ])
      expect([await told(one.id), await told(two.id)].map((all) => all.includes('objection_grant'))).toEqual([
        false,
        true,
      ])
    },
  )

  test('a finding stays where only another objection ends', async () => {
    const [one, two] = [await makeObjection(imei, { now }), await makeObjection(imei, { now })]
    await answer(blocked)
    await decide(other, one, 'uphold')
    await act(two, 'withdraw')
    expect(await db.case.findUniqueOrThrow({ where: { id: blocked.id } })).toMatchObject({
      state: 'unblock_review',
      unblockVerifiedById: other.id,
    })
    expect(await told(blocked.id)).not.toContain('finding_over')
  })

  test('a request of the reporter is theirs again after the finding fell, and outlives the other objection', async () => {
    await move(blocked.id, { kind: 'citizen' }, { move: 'request_unblock' }, now)
    const [one, two] = [await makeObjection(imei, { now }), await makeObjection(imei, { now })]
    await answer(blocked)
    await decide(other, one, 'uphold')
    const undo = () => move(blocked.id, { kind: 'citizen' }, { move: 'undo_unblock' }, HEARD)
    await expect(undo()).rejects.toThrow('no_unblock_asked')
    await act(one, 'withdraw')
    expect(await db.case.findUniqueOrThrow({ where: { id: blocked.id } })).toMatchObject({
      state: 'unblock_review',
      objectedAt: now,
      unblockVerifiedById: null,
      unblockReason: null,
    })
    await move(blocked.id, other, { move: 'verify_unblock', reasonCode: 'recovered' }, HEARD)
    await act(two, 'withdraw')
    expect(await db.case.findUniqueOrThrow({ where: { id: blocked.id } })).toMatchObject({
      objectedAt: null,
      unblockVerifiedById: other.id,
      unblockReason: 'recovered',
    })
    await undo()
    expect(await stateOf(blocked.id)).toBe('blocking')
  })

  test('a request of the reporter is decided anew where an objection was found right and withdrawn', async () => {
    await move(blocked.id, { kind: 'citizen' }, { move: 'request_unblock' }, now)
    const made = await makeObjection(imei, { now })
    await answer(blocked)
    await decide(other, made, 'uphold')
    await act(made, 'withdraw')
    expect(await db.case.findUniqueOrThrow({ where: { id: blocked.id } })).toMatchObject({
      state: 'unblock_review',
      unblockVerifiedById: null,
      unblockReason: null,
    })
    expect(await decideOnCase(blocked.police.supervisor, 'approve_unblock')).toMatchObject({
      error: 'not_verified_yet',
    })
  })

  test('the reporter reads why, both sides are told of the end, and other people review it once', async () => {
    const made = await makeObjection(imei, { now })
    await answer(blocked)
    await decide(other, made, 'uphold')
    const approver = await makeStaff('supervisor', { unitId: 'quan-3' })
    expect(await decideOnCase(approver, 'approve_unblock')).toMatchObject({ ok: true })
    await settleObjections({ caseId: blocked.id, granted: true }, HEARD)
    expect(await told(made.id)).not.toContain('objection_finish')
    await move(blocked.id, { kind: 'system' }, { move: 'carriers_lifted' }, HEARD)
    const ended = { caseId: blocked.id, granted: true, done: true } as const
    await settleObjections(ended, HEARD)
    await settleObjections(ended, HEARD)
    expect((await told(made.id)).filter((template) => template === 'objection_finish')).toHaveLength(1)
    const holder = await objectionForHolder(citizenScope(made.id, 'full'), made.id)
    expect(holder?.carriers).toHaveLength(5)
    expect(await told(blocked.id)).toEqual(
      expect.arrayContaining(['approve_unblock_for_holder', 'carriers_lifted_for_holder']),
    )
    const view = await caseForCitizen(citizenScope(blocked.id, 'full'), blocked.id)
    expect(view?.events.find((event) => event.move === 'uphold_objection')?.message).toBe('Đã xem.')
    if (!view) throw new Error('no such case')
    const standing = caseStanding(view.snapshot, { now: HEARD, holidays: view.holidays })
    expect(standing.chapter).toBe('overturned')

    const reporter = { kind: 'citizen' } as const
    await move(
      blocked.id,
      reporter,
      { move: 'appeal', text: 'Máy là của tôi.' },
      addMilliseconds(HEARD, HOUR),
    )
    const again = addMilliseconds(HEARD, 2 * HOUR)
    await settleReview(blocked.id, again)
    await act(made, 'answer', again)
    for (const before of [blocked.police.officer, other, blocked.police.supervisor, approver])
      await expect(move(blocked.id, before, { move: 'take' }, again)).rejects.toThrow('decided_before')
    const fresh = await makeStaff('officer', { unitId: 'quan-3' })
    await move(blocked.id, fresh, { move: 'take' }, again)
    await move(blocked.id, fresh, { move: 'verify' }, again)
    await expect(move(blocked.id, approver, { move: 'approve' }, again)).rejects.toThrow('decided_before')
    await move(blocked.id, await makeStaff('city_police'), { move: 'approve' }, again)
    expect(await stateOf(blocked.id)).toBe('blocking')
  })

  test('who refused the objection before decides no review of the block that its success lifted', async () => {
    const made = await makeObjection(imei, { now })
    await answer(blocked)
    expect(await decide(other, made, 'refuse', { reasonCode: 'not_yours' })).toMatchObject({ ok: true })
    expect(await act(made, 'renew')).toMatchObject({ ok: true })
    await answer(blocked, HEARD)
    expect(await decide(await makeStaff('city_police'), made, 'uphold')).toMatchObject({ ok: true })
    const approver = await makeStaff('supervisor', { unitId: 'quan-3' })
    expect(await decideOnCase(approver, 'approve_unblock')).toMatchObject({ ok: true })
    await move(blocked.id, { kind: 'system' }, { move: 'carriers_lifted' }, HEARD)
    const asked = addMilliseconds(HEARD, HOUR)
    await move(blocked.id, { kind: 'citizen' }, { move: 'appeal', text: 'Máy là của tôi.' }, asked)
    const again = addMilliseconds(HEARD, 2 * HOUR)
    expect(await readCaseFile(other, blocked.number, again)).toMatchObject({ decidedBefore: true })
    await expect(move(blocked.id, other, { move: 'take' }, again)).rejects.toThrow('decided_before')
    await expect(move(blocked.id, approver, { move: 'reassign', assignee: other }, again)).rejects.toThrow(
      'assignee_had_part',
    )
    const [shared] = await listShareable(db, ['quan-3'], null, 10)
    expect(shared?.notFor).toContain(other.id)
    await settleReview(blocked.id, again)
    await act(made, 'answer', again)
    // Nobody else in the unit may decide, so city police do.
    const city = await makeStaff('city_police')
    await move(blocked.id, city, { move: 'take' }, again)
    await move(blocked.id, city, { move: 'verify' }, again)
    expect(await stateOf(blocked.id)).toBe('verified')
  })

  /** Passes the block to another claim on the phone, which police of another district accept. */
  async function passBlock(): Promise<MadeCase> {
    const rival = await makeProvenCase({ imeis: [imei], unitId: 'quan-1' })
    const { officer } = await makePolice('quan-1')
    await move(rival.id, officer, { move: 'take' })
    const settle = async (actor: StaffReader, decision: CaseDecision, more = {}) => {
      const { number, version } = await db.case.findFirstOrThrow({ where: { id: rival.id } })
      const words = { reason: 'Đã so giấy tờ.', check: AGREES, submitKey: randomUUID() }
      await openAllSides(actor, rival.id, now)
      expect(await decideCase(actor, { number, version, decision, ...words, ...more }, now)).toMatchObject({
        ok: true,
      })
    }
    await sealLog()
    await settle(officer, 'accept_counterclaim')
    await answerConflict(imei, now)
    await sealLog()
    await settle(await makeStaff('city_police'), 'uphold', { upheld: rival.number })
    return rival
  }

  test.each(['job', 'clock'])(
    'the block passes to another claim on the phone: the objection goes on against that one, by the %s',
    async (first) => {
      const made = await makeObjection(imei, { now })
      const rival = await passBlock()
      const ended = { caseId: blocked.id, granted: false, blockTo: rival.id }
      if (first === 'clock') await runObjectionClocks(now)
      await settleObjections(ended, now)
      await settleObjections(ended, now)
      await runObjectionClocks(now)
      expect(await objection(made.id)).toMatchObject({
        state: 'open',
        waiting: true,
        againstId: rival.id,
        unitId: 'quan-1',
      })
      expect(await told(made.id)).toEqual(['objection_submitted'])
      expect((await told(rival.id)).filter((template) => template === 'objected')).toHaveLength(1)
    },
  )

  test('an objection that ends just as its block passes on stays ended, and the new reporter is told nothing', async () => {
    const made = await makeObjection(imei, { now })
    const rival = await passBlock()
    const settle = () => settleObjections({ caseId: blocked.id, granted: false, blockTo: rival.id }, now)
    await superuser.query(`BEGIN; SELECT FROM cases WHERE id = '${rival.id}' FOR UPDATE`)
    const settled = expect(settle()).rejects.toThrow('moved meanwhile')
    while ((await waitingForLock()) < 1) await sleep(5)
    expect(await act(made, 'withdraw', now)).toMatchObject({ ok: true })
    await superuser.query('COMMIT')
    await settled
    await settle()
    expect(await objection(made.id)).toMatchObject({ state: 'withdrawn', againstId: blocked.id })
    expect(await db.case.findUnique({ where: { id: rival.id } })).toMatchObject({ objectedAt: null })
    expect(await told(rival.id)).not.toContain('objected')
  })

  test('a clock that comes before the job of the block’s end finds the holder right as well', async () => {
    const made = await makeObjection(imei, { now })
    await answer(blocked)
    await decide(other, made, 'uphold')
    expect(await decideOnCase(blocked.police.supervisor, 'approve_unblock')).toMatchObject({ ok: true })
    await runObjectionClocks(HEARD)
    await settleObjections({ caseId: blocked.id, granted: true }, HEARD)
    expect(await objection(made.id)).toMatchObject({ state: 'granted', waiting: false })
    expect(await told(made.id)).toEqual(['objection_submitted', 'objection_grant'])
  })

  test('a second person who disagrees leaves the block, and the objection goes on', async () => {
    const made = await makeObjection(imei, { now })
    await decide(other, made, 'uphold')
    const second = await makeStaff('supervisor', { unitId: 'quan-3' })
    expect(await decideOnCase(second, 'refuse_unblock')).toMatchObject({ ok: true })
    await settleCase(blocked.id, HEARD)
    expect(await objection(made.id)).toMatchObject({ state: 'open' })
    expect(['blocking', 'blocked']).toContain(await stateOf(blocked.id))
  })

  test('who verified or approved the block undoes no objection’s success; city police do where nobody else is left', async () => {
    const made = await makeObjection(imei, { now })
    // The verifier has become a supervisor since then.
    await db.staffAccount.update({ where: { id: blocked.police.officer.id }, data: { role: 'supervisor' } })
    const verifier: StaffReader = { ...blocked.police.officer, role: 'supervisor' }
    await decide(other, made, 'uphold')
    for (const before of [verifier, blocked.police.supervisor]) {
      expect(await decideOnCase(before, 'refuse_unblock')).toMatchObject({ error: 'own_block' })
      const view = await readCaseFile(before, blocked.number, HEARD)
      expect(view).toMatchObject({ foundBlockRight: true })
    }
    expect(await stateOf(blocked.id)).toBe('unblock_review')
    expect(await decideOnCase(await makeStaff('city_police'), 'refuse_unblock')).toMatchObject({ ok: true })
  })

  test('who approved the block decides no objection to it; city police do where nobody else is left', async () => {
    const made = await makeObjection(imei, { now })
    for (const before of [blocked.police.officer, blocked.police.supervisor]) {
      expect(await decide(before, made, 'uphold')).toMatchObject({ error: 'own_block' })
      expect(await decide(before, made, 'refuse', { reasonCode: 'other' })).toMatchObject({
        error: 'own_block',
      })
    }
    expect(await objection(made.id)).toMatchObject({ state: 'open' })
    const city = await makeStaff('city_police')
    expect(await decide(city, made, 'refuse', { reasonCode: 'other' })).toMatchObject({ ok: true })
  })

  test('who wrote the reporter’s answer down at the desk neither upholds nor refuses the objection', async () => {
    const made = await makeObjection(imei, { now })
    await move(blocked.id, other, { move: 'answer_objection' }, now)
    for (const decision of ['uphold', 'refuse'] as const)
      expect(await decide(other, made, decision, { reasonCode: 'not_shown' })).toMatchObject({
        error: 'own_writing',
      })
    const third = await makeStaff('officer', { unitId: 'quan-3' })
    expect(await decide(third, made, 'uphold')).toMatchObject({ ok: true })
  })

  test('nothing is lifted where the phone was not shown; an inspection shows it', async () => {
    const made = await makeObjection(imei, { now, inspection: true })
    expect(await decide(other, made, 'uphold')).toMatchObject({ error: 'not_shown_yet' })
    expect(await decide(other, made, 'inspect')).toMatchObject({ error: 'reason_code_missing' })
    expect(await decide(other, made, 'inspect', { reasonCode: 'same' })).toMatchObject({ ok: true })
    expect(await objection(made.id)).toMatchObject({ inspectedById: other.id, inspectionHeld: true })
    expect(await decide(other, made, 'uphold')).toMatchObject({ ok: true })
  })

  test('any district’s police record an inspection by what the phone shows, and see nothing else', async () => {
    const made = await makeObjection(imei, { now, inspection: true })
    const elsewhere = await makeStaff('officer', { unitId: 'quan-1' })
    const inspect = (shown: string, number = made.number) =>
      inspectPhone(
        elsewhere,
        { objectionNumber: number, imei: shown, reason: 'Đã mở *#06#.', submitKey: randomUUID() },
        now,
      )
    expect(await inspect(randomImei(), 'KN-1')).toEqual(err('not_found_anywhere'))
    expect(await inspect('12')).toEqual(err('length'))
    expect(await inspect(randomImei())).toEqual({ ok: true, value: 'differs' })
    expect(await decide(other, made, 'uphold')).toMatchObject({ error: 'not_shown_yet' })
    expect(await inspect(imei)).toEqual({ ok: true, value: 'same' })
    expect(await objection(made.id)).toMatchObject({ inspectedById: elsewhere.id, inspectionHeld: true })
    expect(await decide(other, made, 'uphold')).toMatchObject({ ok: true })
  })

  test('of two at once one wins, and the same form twice is one decision', async () => {
    const made = await makeObjection(imei, { now })
    const version = await versionOf(made.id)
    const input = {
      number: made.number,
      version,
      decision: 'refuse',
      reasonCode: 'not_yours',
      reason: 'Không.',
    } as const
    const third = await makeStaff('officer', { unitId: 'quan-3' })
    const submitKey = randomUUID()
    const results = await Promise.all([
      decideOnObjection(other, { ...input, submitKey }, HEARD),
      decideOnObjection(third, { ...input, submitKey: randomUUID() }, HEARD),
    ])
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
    expect(results.filter((one) => !one.ok).map((one) => !one.ok && one.error)).toEqual(['changed'])
    if (results[0]?.ok)
      expect(await decideOnObjection(other, { ...input, submitKey }, HEARD)).toMatchObject({ ok: true })
    expect(await db.objectionEvent.count({ where: { objectionId: made.id, move: 'refuse' } })).toBe(1)
    expect(await told(blocked.id)).toContain('objection_over')
  })

  test('a refusal is looked at again once, by city police alone', async () => {
    const made = await makeObjection(imei, { now })
    const city = await makeStaff('city_police')
    await decide(city, made, 'refuse', { reasonCode: 'not_yours' })
    expect(await act(made, 'renew', addMilliseconds(HEARD, 31 * DAY))).toMatchObject({
      error: 'renewed_late',
    })
    expect(await act(made, 'renew')).toMatchObject({ ok: true })
    expect((await told(blocked.id)).filter((template) => template === 'objected')).toHaveLength(2)
    expect(await decide(other, made, 'refuse', { reasonCode: 'not_yours' })).toMatchObject({
      error: 'forbidden',
    })
    expect(await decide(city, made, 'refuse', { reasonCode: 'not_yours' })).toMatchObject({
      error: 'own_refusal',
    })
    const another = await makeStaff('city_police')
    expect(await decide(another, made, 'refuse', { reasonCode: 'other' })).toMatchObject({ ok: true })
    expect(await act(made, 'renew')).toMatchObject({ error: 'renewed_already' })
  })

  test('what police ask is answered in 15 days, or the objection ends; a withdrawn one ends at once', async () => {
    const made = await makeObjection(imei, { now })
    await decide(other, made, 'request_info')
    expect(await act(made, 'reply')).toMatchObject({ ok: true })
    await decide(other, made, 'request_info')
    await runObjectionClocks(addMilliseconds(HEARD, 16 * DAY))
    expect(await objection(made.id)).toMatchObject({ state: 'expired' })
    const second = await makeObjection(imei, { now: HEARD })
    expect(await act(second, 'withdraw')).toMatchObject({ ok: true })
    expect(await db.case.findFirst({ where: { id: blocked.id } })).toMatchObject({ objectedAt: null })
  })

  test('a holder is reminded of a question on days 10 and 14, once each, as a reporter is, and answers while it comes', async () => {
    const made = await makeObjection(imei, { now })
    await decide(other, made, 'request_info')
    const day = (days: number) => addMilliseconds(HEARD, days * DAY)
    const reminders = async () =>
      (await told(made.id)).filter((template) => template === 'objection_remind_reply').length
    await runObjectionClocks(addMilliseconds(day(10), -1))
    expect(await reminders()).toBe(0)
    await Promise.all([runObjectionClocks(day(10)), runObjectionClocks(day(10))])
    for (const at of [11, 13.9]) await runObjectionClocks(day(at))
    expect(await reminders()).toBe(1)
    for (const at of [14, 14.5]) await runObjectionClocks(day(at))
    expect(await reminders()).toBe(2)
    // The holder's history shows the reminders with their times; the letter names the deadline.
    const view = await objectionForHolder(citizenScope(made.id, 'full'), made.id)
    const reminded = view?.events.filter(({ move }) => move === 'remind_reply')
    expect(reminded?.map(({ at }) => at)).toEqual([day(14), day(10)])
    const audited = { act: 'objection.remind_reply', subjectId: made.id }
    expect(await db.auditEntry.count({ where: audited })).toBe(2)
    // The holder's page is older than the reminders; that does not make the answer stale.
    const key = view?.key
    if (!key) throw new Error('no such objection')
    const scope = citizenScope(made.id, 'full')
    const version = (await versionOf(made.id)) - 2
    const words = {
      key,
      message: 'Đây là hóa đơn.',
      submitKey: randomUUID(),
      kind: 'other',
      files: [],
    } as const
    expect(await actAsHolder(scope, { ...words, version, act: 'reply' }, day(14.6))).toMatchObject({
      ok: true,
    })
    // A second question has its own reminders.
    await decide(other, made, 'request_info', { at: day(14.7) })
    await runObjectionClocks(day(24.6))
    expect(await reminders()).toBe(2)
    await runObjectionClocks(day(24.7))
    expect(await reminders()).toBe(3)
  })

  test('no reminder comes late beside the next, and none after the answer', async () => {
    const made = await makeObjection(imei, { now })
    await decide(other, made, 'request_info')
    await runObjectionClocks(addMilliseconds(HEARD, 14.5 * DAY))
    expect((await told(made.id)).filter((one) => one === 'objection_remind_reply')).toHaveLength(1)
    const second = await makeObjection(imei, { now: HEARD })
    await decide(other, second, 'request_info')
    expect(await act(second, 'reply')).toMatchObject({ ok: true })
    await runObjectionClocks(addMilliseconds(HEARD, 10 * DAY))
    expect(await told(second.id)).not.toContain('objection_remind_reply')
  })

  test('a lost word of the block’s end is made good by the clock', async () => {
    const made = await makeObjection(imei, { now })
    await db.case.update({ where: { id: blocked.id }, data: { objectedAt: null } })
    await runObjectionClocks(HEARD)
    expect(await objection(made.id)).toMatchObject({ state: 'lifted' })
  })
})

describe('police', () => {
  test('of the district see both sides, masked until they open them with a reason', async () => {
    const made = await makeObjection(imei, { now, nationalId: PARTICULARS.nationalId })
    await addFile(made.id, 'invoice', now)
    const closed = await objectionForPolice(other, made.number, now)
    expect(closed?.holder.nationalId).toContain('•')
    expect(closed?.against?.particulars.nationalId).toContain('•')
    expect(closed?.flags).toEqual({ shared: false, others: 0, samePerson: true })
    expect(closed?.evidence.every((item) => item.view === null)).toBe(true)
    const input = { number: made.number, submitKey: randomUUID(), reason: 'appeal', note: '' } as const
    expect(await discloseObjection(other, input, now)).toEqual({ ok: true, value: true })
    const open = await objectionForPolice(other, made.number, now)
    expect([open?.holder.nationalId, open?.against?.particulars.nationalId]).toEqual([
      PARTICULARS.nationalId,
      PARTICULARS.nationalId,
    ])
    expect(await db.disclosure.count({ where: { accountId: other.id } })).toBe(2)
  })

  test('of another district see and decide nothing, and nobody’s draft', async () => {
    const made = await makeObjection(imei, { now })
    await makeObjectionDraft(imei, { now })
    const foreign = await makeStaff('officer', { unitId: 'quan-1' })
    expect(await objectionForPolice(foreign, made.number, now)).toBeNull()
    expect(await decide(foreign, made, 'refuse', { reasonCode: 'other' })).toMatchObject({
      error: 'not_found',
    })
    expect((await objectionQueue(foreign, null)).rows).toEqual([])
    for (const reader of [other, await makeStaff('city_police')]) {
      expect((await objectionQueue(reader, null)).rows.map(({ number }) => number)).toEqual([made.number])
      expect(await objectionsWaiting(reader, addMilliseconds(now, 30 * DAY))).toEqual({ open: 1, overdue: 1 })
    }
    expect(await listEvidence(citizenScope(blocked.id, 'full'), made.id)).toEqual([])
  })
})

test('a refusal ends with the holder’s remedies, and does not name the district where the phone was reported', async () => {
  const made = await makeObjection(imei, { now })
  await decide(other, made, 'refuse', { reasonCode: 'not_yours' })
  const [told] = await db.notice.findMany({ where: { caseId: made.id, template: 'objection_refuse' } })
  const waiting = await inScope(systemScope(), () => findWaitingNotice(told?.id ?? ''))
  const last = waiting?.params.last
  expect(last).toMatchObject({
    unit: 'withheld',
    box: { act: 'objection_refused', own: { kind: 'renewal' } },
  })
  const { body } = renderMail('objection_refuse', 'vi', waiting?.params ?? { number: '' }, {
    url: 'https://antam.example',
  })
  expect(body).toContain('qua Công an Thành phố')
  expect(body).not.toMatch(/Quận \d/)
})

test('decided long ago, an objection goes with its key, its files and its messages; the case stays', async () => {
  const made = await makeObjection(imei, { now })
  await decide(other, made, 'refuse', { reasonCode: 'other' })
  expect(await forgetObjections(addMilliseconds(HEARD, 300 * DAY))).toBe(0)
  expect(await forgetObjections(addMilliseconds(HEARD, 400 * DAY))).toBe(1)
  const left = { where: { caseId: made.id } }
  expect([await db.caseKey.count(left), await db.evidence.count(left), await db.notice.count(left)]).toEqual([
    0, 0, 0,
  ])
  expect(await db.objection.count()).toBe(0)
  expect(await stateOf(blocked.id)).toBe('blocking')

  const later = addMilliseconds(HEARD, 401 * DAY)
  expect(await objectionsDeletedAt({ id: blocked.id, submittedAt: now }, later)).toEqual(
    addMilliseconds(HEARD, 400 * DAY),
  )
  expect(await objectionsDeletedAt({ id: randomUUID(), submittedAt: now }, later)).toBeNull()
})
