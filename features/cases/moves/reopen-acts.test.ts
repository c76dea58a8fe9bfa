import { randomUUID } from 'node:crypto'
import { describe, expect, test, vi } from 'vitest'
import { runRetention } from '#features/privacy/erasure/acts.ts'
import { citizenScope } from '#lib/access/scope.ts'
import { err } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR } from '#lib/time.ts'
import * as environment from '#platform/env.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import {
  type CaseOptions,
  type MadeCase,
  makePolice,
  makeProof,
  makeProvenCase,
  move,
  randomImei,
  stateOf,
} from '#tests/factories/case.ts'
import { sentMessages } from '#tests/factories/messages.ts'
import { sentThrice } from '#tests/sent-thrice.ts'
import { actAsCitizen } from '../citizen/acts.ts'
import { findKeyForCitizen, findNumberAnew } from '../citizen/data.ts'
import { runClocks } from '../clocks/acts.ts'
import { recordDeskAct } from '../desk/acts.ts'
import { serveLetter } from '../letters/acts.ts'

/** Monday, 09:00 in the city. */
const now = new Date('2026-12-07T02:00:00Z')
const inDays = (days: number) => addMilliseconds(now, days * DAY)
const ended = inDays(15)
const citizen = { kind: 'citizen' } as const
const SECOND = { kind: 'phone', value: '+84912345678', inForceAt: now.toISOString() } as const

const row = (id: string) => db.case.findUniqueOrThrow({ where: { id } })
const told = ({ id }: Pick<MadeCase, 'id'>, template: string) => sentMessages({ caseId: id, template })

async function asked(options: CaseOptions = {}) {
  const police = await makePolice()
  const made = await makeProvenCase({ now, ...options })
  await move(made.id, police.officer, { move: 'take' }, now)
  await move(made.id, police.officer, { move: 'request_info', reasonCode: 'proof' }, now)
  return { ...made, ...police }
}
async function expired(options: CaseOptions = {}) {
  const made = await asked(options)
  await runClocks(ended)
  expect(await stateOf(made.id)).toBe('expired')
  return made
}

async function answer({ id }: Pick<MadeCase, 'id'>, at: Date, submitKey: string = randomUUID()) {
  const scope = citizenScope(id, 'full')
  const key = await findKeyForCitizen(scope, id)
  if (!key) throw new Error('no key')
  const { version } = await row(id)
  const input = { key, act: 'reply' as const, version, message: 'Đây là hóa đơn.', kind: 'other' as const }
  return actAsCitizen(scope, { ...input, submitKey, files: [] }, at)
}

describe('a question that waits for its answer', () => {
  test('has a reminder on the tenth and on the fourteenth day, at both contacts, whatever runs and how often', async () => {
    const made = await asked({ particulars: { secondContact: SECOND } })
    await runClocks(addMilliseconds(inDays(10), -1))
    expect(await told(made, 'remind_reply')).toHaveLength(0)
    await Promise.all([runClocks(inDays(10)), runClocks(inDays(10)), runClocks(inDays(10))])
    for (const days of [11, 13.9]) await runClocks(inDays(days))
    const first = await told(made, 'remind_reply')
    expect(first.map(({ to }) => to).toSorted()).toEqual(['+84912345678', 'anh@example.vn'])
    expect(first[0]?.params).toMatchObject({ until: ended.toISOString() })
    expect(await runClocks(inDays(14))).toMatchObject({ reminded: 1 })
    await runClocks(inDays(14.5))
    expect(await told(made, 'remind_reply')).toHaveLength(4)
    // The page shows when: a reminder is an event of the history.
    const events = await db.caseEvent.findMany({
      where: { caseId: made.id, move: 'remind_reply' },
      orderBy: { seq: 'asc' },
    })
    expect(events.map(({ at, visible }) => [at, visible])).toEqual([
      [inDays(10), true],
      [inDays(14), true],
    ])
    expect(await db.auditEntry.count({ where: { act: 'case.remind_reply', subjectId: made.id } })).toBe(2)
    expect(await runClocks(ended)).toMatchObject({ reminded: 0, expired: 1 })
  })

  test('has one, where no clock ran for four days, and those of its own: a second question begins anew', async () => {
    const made = await asked()
    await runClocks(inDays(14.5))
    expect(await told(made, 'remind_reply')).toHaveLength(1)
    expect(await answer(made, inDays(14.6))).toMatchObject({ ok: true })
    await move(made.id, made.officer, { move: 'request_info', reasonCode: 'identity' }, inDays(14.7))
    await runClocks(inDays(20))
    expect(await told(made, 'remind_reply')).toHaveLength(1)
    await runClocks(inDays(24.7))
    expect(await told(made, 'remind_reply')).toHaveLength(2)
  })

  test('has none where nobody can be written to, nor while its person withdraws', async () => {
    const silent = await asked({ particulars: { contact: null } })
    const withdrawing = await asked()
    await move(withdrawing.id, citizen, { move: 'withdraw' }, inDays(9.5))
    expect(await runClocks(inDays(10))).toMatchObject({ reminded: 0 })
    for (const { id } of [silent, withdrawing])
      expect(await db.caseEvent.count({ where: { caseId: id, move: 'remind_reply' } })).toBe(0)
  })

  test('is not made stale for the person who writes the answer while the reminder comes', async () => {
    const made = await asked()
    const { version } = await row(made.id)
    await runClocks(inDays(10))
    const scope = citizenScope(made.id, 'full')
    const key = await findKeyForCitizen(scope, made.id)
    if (!key) throw new Error('no key')
    const input = { key, act: 'reply' as const, version, message: 'Đây.', kind: 'other' as const, files: [] }
    expect(await actAsCitizen(scope, { ...input, submitKey: randomUUID() }, inDays(10))).toMatchObject({
      ok: true,
    })
  })
})

describe('a case that ended without an answer', () => {
  test('is told how it is reopened, and reopened by the answer: claim, officer, deadline and proof come back', async () => {
    const made = await expired()
    expect((await told(made, 'expire'))[0]?.params).toMatchObject({
      until: addMilliseconds(ended, 30 * DAY).toISOString(),
      last: { box: { act: 'expired', own: { kind: 'reopen' } } },
    })
    expect(await db.caseImei.count({ where: { caseId: made.id, primaryClaim: true } })).toBe(0)
    const key = randomUUID()
    const at = addMilliseconds(ended, 2 * DAY)
    expect(await Promise.all([answer(made, at, key), answer(made, at, key)])).toContainEqual({
      ok: true,
      value: null,
    })
    // Wednesday: three working days later is Monday.
    expect(await row(made.id)).toMatchObject({
      state: 'under_review',
      assigneeId: made.officer.id,
      closedAt: null,
      dueAt: new Date('2026-12-29T10:00:00Z'),
      needsWork: true,
    })
    expect(await db.caseImei.count({ where: { caseId: made.id, primaryClaim: true } })).toBe(1)
    expect(
      await db.queuePlace.findMany({ where: { caseId: made.id, list: { in: ['all', made.officer.id] } } }),
    ).toHaveLength(2)
    expect(await told(made, 'reply_reopened')).toHaveLength(1)
    expect(await told(made, 'reply')).toHaveLength(0)
    await move(made.id, made.officer, { move: 'verify' }, at)
    await move(made.id, made.supervisor, { move: 'approve' }, at)
    expect(await stateOf(made.id)).toBe('blocking')
  })

  test('is reopened to the last moment of 30 days and not after; a withdrawn one never', async () => {
    const [last, late] = [await expired(), await expired()]
    expect(await answer(last, addMilliseconds(ended, 30 * DAY))).toMatchObject({ ok: true })
    expect(await answer(late, addMilliseconds(ended, 30 * DAY + 1))).toMatchObject(err('reopen_late'))
    expect(await stateOf(late.id)).toBe('expired')
    const withdrawn = await asked()
    await move(withdrawn.id, citizen, { move: 'withdraw' }, now)
    await runClocks(inDays(1))
    expect(await answer(withdrawn, inDays(2))).toMatchObject(err('wrong_state'))
  })

  test('regains the phone only where nobody else has it by then; two at once leave one claim', async () => {
    const imeis = [randomImei()]
    const first = await expired({ imeis })
    const second = await makeProvenCase({
      imeis,
      now: ended,
      particulars: { nationalId: '079190099999', contact: { kind: 'email', value: 'khac@example.vn' } },
    })
    expect(await answer(first, addMilliseconds(ended, HOUR))).toMatchObject({ ok: true })
    const holder = () =>
      db.caseImei.findMany({ where: { imei: imeis[0] ?? '', primaryClaim: true }, select: { caseId: true } })
    expect(await holder()).toEqual([{ caseId: second.id }])
    expect(await stateOf(first.id)).toBe('under_review')

    const both = [randomImei()]
    const rivals = [
      await asked({ imeis: both }),
      await asked({
        imeis: both,
        particulars: { nationalId: '079190088888', contact: { kind: 'email', value: 'ba@example.vn' } },
      }),
    ]
    await runClocks(ended)
    const answers = await Promise.all(rivals.map((one) => answer(one, addMilliseconds(ended, HOUR))))
    expect(answers.map(({ ok }) => ok)).toEqual([true, true])
    expect(await db.caseImei.count({ where: { imei: both[0] ?? '', primaryClaim: true } })).toBe(1)
  })

  test('is reopened at the desk for a person without secret or contact, once, by its unit alone; no letter of its end waits', async () => {
    const made = await expired({ particulars: { contact: null } })
    expect((await row(made.id)).unheardSeq).not.toBeNull()
    const { version } = await row(made.id)
    const input = { number: made.number, version, act: 'reply' as const, message: 'Mang hóa đơn đến.' }
    const { officer: elsewhere } = await makePolice('quan-1')
    const at = addMilliseconds(ended, DAY)
    expect(await recordDeskAct(elsewhere, { ...input, submitKey: randomUUID() }, at)).toEqual(
      err('not_found'),
    )
    const submitKey = randomUUID()
    expect(await sentThrice(() => recordDeskAct(made.officer, { ...input, submitKey }, at))).toEqual({
      ok: true,
      value: true,
    })
    expect(await row(made.id)).toMatchObject({ state: 'under_review', unheardSeq: null })
    expect(await db.caseEvent.count({ where: { caseId: made.id, move: 'reply' } })).toBe(1)
    // A reply to police's own question excludes nobody from deciding.
    await move(made.id, made.officer, { move: 'verify' }, at)
  })

  test('keeps what else a letter has to tell of, and nothing of its end', async () => {
    const made = await asked({ particulars: { contact: null } })
    await move(made.id, made.supervisor, { move: 'refuse_data_request' }, now)
    const { unheardSeq } = await row(made.id)
    expect(unheardSeq).not.toBeNull()
    await runClocks(ended)
    expect(await row(made.id)).toMatchObject({ state: 'expired', unheardSeq })
    await move(made.id, citizen, { move: 'reply' }, ended)
    expect(await row(made.id)).toMatchObject({ state: 'under_review', unheardSeq })
    const { version } = await row(made.id)
    const letter = {
      number: made.number,
      version,
      decisionSeq: unheardSeq ?? 0,
      outcome: 'signed' as const,
      reason: '',
    }
    expect(await serveLetter(made.officer, { ...letter, submitKey: randomUUID() }, ended)).toMatchObject({
      ok: true,
    })
    expect(await row(made.id)).toMatchObject({ unheardSeq: null })
  })

  test('goes to the queue of its unit where its officer has left meanwhile', async () => {
    const made = await expired()
    await db.staffAccount.update({ where: { id: made.officer.id }, data: { active: false } })
    expect(await answer(made, addMilliseconds(ended, DAY))).toMatchObject({ ok: true })
    expect(await row(made.id)).toMatchObject({ state: 'under_review', assigneeId: null, unitId: 'quan-3' })
    expect(await db.queuePlace.count({ where: { caseId: made.id, list: 'nobody' } })).toBe(1)
  })

  test('says that its files were deleted meanwhile, and gives new ones a time of their own', async () => {
    const whole = environment.retention()
    const set = vi.spyOn(environment, 'retention').mockReturnValue({ ...whole, evidenceClosedDays: 3 })
    const made = await expired()
    const gone = addMilliseconds(ended, 4 * DAY)
    expect(await runRetention(gone)).toMatchObject({ evidence: 1 })
    expect(await answer(made, addMilliseconds(ended, 5 * DAY))).toMatchObject({ ok: true })
    expect((await told(made, 'reply_reopened'))[0]?.params).toMatchObject({
      filesDeleted: gone.toISOString(),
    })
    await expect(
      move(made.id, made.officer, { move: 'verify' }, addMilliseconds(ended, 5 * DAY)),
    ).rejects.toThrow('no_proof')
    await makeProof(made.id)
    expect(await row(made.id)).toMatchObject({ evidenceErasedAt: null })
    await move(
      made.id,
      made.officer,
      { move: 'reject', reasonCode: 'not_owner' },
      addMilliseconds(ended, 6 * DAY),
    )
    expect(await runRetention(addMilliseconds(ended, 400 * DAY))).toMatchObject({ evidence: 1 })
    set.mockRestore()
  })

  test('is nobody’s to reopen once it was erased', async () => {
    const made = await expired()
    await superuser.query(`UPDATE cases SET erased_at = now() WHERE id = $1`, [made.id])
    await expect(answer(made, addMilliseconds(ended, DAY))).rejects.toThrow('no key')
    await expect(move(made.id, citizen, { move: 'reply' }, addMilliseconds(ended, DAY))).rejects.toThrow(
      'wrong_state',
    )
  })
})

describe('a person who has reported the phone anew', () => {
  const own = { particulars: { contact: { kind: 'email', value: 'anh@example.vn' } } } as const
  const at = addMilliseconds(ended, HOUR)
  async function appeal({ id }: Pick<MadeCase, 'id'>) {
    const scope = citizenScope(id, 'full')
    const key = await findKeyForCitizen(scope, id)
    if (!key) throw new Error('no key')
    const { version } = await row(id)
    const words = { message: 'Máy của tôi.', submitKey: randomUUID(), kind: 'other', files: [] } as const
    return actAsCitizen(scope, { ...words, key, act: 'appeal', version }, at)
  }
  async function rejected(imeis: readonly string[]) {
    const { officer } = await makePolice()
    const made = await makeProvenCase({ imeis, now, ...own })
    await move(made.id, officer, { move: 'take' }, now)
    await move(made.id, officer, { move: 'reject', reasonCode: 'insufficient_proof' }, now)
    return { ...made, officer }
  }
  const newer = async (imeis: readonly string[]) => makeProvenCase({ imeis, now: ended, ...own })

  test('is led to that case: the expired one is not reopened beside it, on its page or at the desk', async () => {
    const imeis = [randomImei()]
    const old = await expired({ imeis })
    const anew = await newer(imeis)
    expect(await findNumberAnew(citizenScope(old.id, 'full'), old.id, at)).toBe(anew.number)
    // A code alone shows the status, and no other case.
    expect(await findNumberAnew(citizenScope(old.id, 'status'), old.id, at)).toBeNull()
    expect(await answer(old, at)).toEqual(err('reported_anew'))
    const { version } = await row(old.id)
    const desk = {
      number: old.number,
      version,
      act: 'reply',
      message: 'Hóa đơn.',
      submitKey: randomUUID(),
    } as const
    expect(await recordDeskAct(old.officer, desk, at)).toEqual(err('reported_anew'))
    expect(await stateOf(old.id)).toBe('expired')
    // Once the newer one is withdrawn, this one can be reopened as before.
    await move(anew.id, citizen, { move: 'withdraw' }, at)
    await runClocks(addMilliseconds(at, DAY))
    expect(await findNumberAnew(citizenScope(old.id, 'full'), old.id, addMilliseconds(at, DAY))).toBeNull()
    expect(await answer(old, addMilliseconds(at, DAY))).toMatchObject({ ok: true })
  })

  test('appeals against nothing beside it; a report of another person on the phone keeps nobody from it', async () => {
    const imeis = [randomImei()]
    const old = await rejected(imeis)
    const stranger = { contact: { kind: 'email', value: 'khac@example.vn' } } as const
    await makeProvenCase({ imeis, now: ended, particulars: stranger })
    const anew = await newer(imeis)
    expect(await appeal(old)).toEqual(err('reported_anew'))
    await move(anew.id, citizen, { move: 'withdraw' }, ended)
    await move(anew.id, { kind: 'system' }, { move: 'finish_withdrawal' }, addMilliseconds(ended, DAY))
    expect(await findNumberAnew(citizenScope(old.id, 'full'), old.id, at)).toBeNull()
    expect(await appeal(old)).toMatchObject({ ok: true })
  })

  test('has one open case of two that are taken up again at once', async () => {
    const imeis = [randomImei()]
    const [one, two] = [await rejected(imeis), await expired({ imeis, ...own })]
    const taken = await Promise.all([appeal(one), answer(two, at)])
    expect(taken.filter(({ ok }) => ok)).toHaveLength(1)
    expect(taken).toContainEqual(err('reported_anew'))
  })
})
