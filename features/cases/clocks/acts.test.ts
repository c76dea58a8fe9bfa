import { describe, expect, it, vi } from 'vitest'
import { deleteExpiredDrafts } from '#features/reporting/jobs.ts'
import { sweep } from '#features/retention/jobs.ts'
import { addMilliseconds, DAY, HOUR } from '#lib/time.ts'
import { log } from '#platform/log.ts'
import { storedCaseKey } from '#tests/case-key.ts'
import { db } from '#tests/db.ts'
import { makeCase, makePolice, makeProvenCase, move, stateOf } from '#tests/factories/case.ts'
import { runClocks } from './acts.ts'

const now = new Date('2026-11-23T02:00:00Z')
const citizen = { kind: 'citizen' } as const

async function withdrawing() {
  const made = await makeCase({ now })
  await move(made.id, citizen, { move: 'withdraw' }, now)
  return made
}
async function asked() {
  const made = await makeCase({ now })
  const { officer } = await makePolice()
  await move(made.id, officer, { move: 'take' }, now)
  await move(made.id, officer, { move: 'request_info', reasonCode: 'proof' }, now)
  return made
}
const told = (caseId: string, template: string) => db.notice.count({ where: { caseId, template } })

describe('runClocks', () => {
  it('finishes a withdrawal after 24 hours, not before, and tells the citizen', async () => {
    const { id } = await withdrawing()
    await runClocks(addMilliseconds(now, 24 * HOUR - 1))
    expect(await stateOf(id)).toBe('submitted')
    expect(await runClocks(addMilliseconds(now, 24 * HOUR))).toMatchObject({ withdrawn: 1 })
    expect(await stateOf(id)).toBe('withdrawn')
    expect(await told(id, 'finish_withdrawal')).toBe(1)
    expect(await db.caseImei.count({ where: { caseId: id, primaryClaim: true } })).toBe(0)
  })

  it('leaves alone what was undone or answered in time', async () => {
    const undone = await withdrawing()
    await move(undone.id, citizen, { move: 'undo_withdraw' }, addMilliseconds(now, HOUR))
    const answered = await asked()
    await move(answered.id, citizen, { move: 'reply' }, addMilliseconds(now, DAY))
    expect(await runClocks(addMilliseconds(now, 40 * DAY))).toMatchObject({ withdrawn: 0, expired: 0 })
    expect(await stateOf(undone.id)).toBe('submitted')
    expect(await stateOf(answered.id)).toBe('under_review')
  })

  it('lets a request for a temporary block lapse after a day; then it can be made again, and a number added', async () => {
    const { officer, supervisor } = await makePolice()
    const made = await makeProvenCase({ now })
    await move(made.id, officer, { move: 'hold' }, now)
    expect(await runClocks(addMilliseconds(now, 24 * HOUR - 1))).toMatchObject({ holdRequestsLapsed: 0 })
    const over = addMilliseconds(now, 24 * HOUR)
    expect(await runClocks(over)).toMatchObject({ holdRequestsLapsed: 1 })
    expect(await db.case.findFirst({ where: { id: made.id } })).toMatchObject({ holdAskedById: null })
    expect(await db.notice.count({ where: { caseId: made.id, template: { not: 'submitted' } } })).toBe(0)
    await move(made.id, officer, { move: 'hold' }, over)
    await move(made.id, supervisor, { move: 'confirm_hold' }, over)
    expect(await db.case.findFirst({ where: { id: made.id } })).toMatchObject({
      // The report is from a Monday: its decision is due on Friday, because Tuesday the 24th is a holiday.
      holdUntil: new Date('2026-11-27T10:00:00Z'),
    })
  })

  it('says when the rules refuse what is due: it would come again each minute, and nobody would know', async () => {
    const { id } = await withdrawing()
    await db.case.update({ where: { id }, data: { erasedAt: now } })
    const said = vi.spyOn(log(), 'error').mockImplementation(() => {})
    expect(await runClocks(addMilliseconds(now, 24 * HOUR))).toMatchObject({ withdrawn: 0 })
    expect(said.mock.calls).toEqual([
      [{ caseId: id, move: 'finish_withdrawal', refusal: 'wrong_state' }, 'a clock was refused'],
    ])
    said.mockRestore()
  })

  it('ends a question that nobody answered for 15 days', async () => {
    const { id } = await asked()
    await runClocks(addMilliseconds(now, 15 * DAY - 1))
    expect(await stateOf(id)).toBe('info_requested')
    expect(await runClocks(addMilliseconds(now, 15 * DAY))).toMatchObject({ expired: 1 })
    expect(await stateOf(id)).toBe('expired')
    expect(await told(id, 'expire')).toBe(1)
  })

  it('does each thing once with several workers at the same moment', async () => {
    const cases = await Promise.all(Array.from({ length: 12 }, withdrawing))
    const due = addMilliseconds(now, 25 * HOUR)
    const runs = await Promise.all([runClocks(due), runClocks(due), runClocks(due)])
    expect(runs.reduce((sum, { withdrawn }) => sum + withdrawn, 0)).toBe(12)
    for (const { id } of cases) {
      expect(await stateOf(id)).toBe('withdrawn')
      expect(await told(id, 'finish_withdrawal')).toBe(1)
      expect(await db.caseEvent.count({ where: { caseId: id, move: 'finish_withdrawal' } })).toBe(1)
    }
  })

  it('goes on past a case that cannot be moved', async () => {
    const broken = await withdrawing()
    const whole = await Promise.all([withdrawing(), withdrawing()])
    await db.caseKey.update({ where: { caseId: broken.id }, data: { wrapped: new Uint8Array(40) } })
    expect(await runClocks(addMilliseconds(now, 25 * HOUR))).toMatchObject({ withdrawn: 2 })
    for (const { id } of whole) expect(await stateOf(id)).toBe('withdrawn')
    expect(await stateOf(broken.id)).toBe('submitted')
  })

  it('stops where it is when its worker is asked to end, and the next run does the rest', async () => {
    await Promise.all([withdrawing(), withdrawing(), withdrawing()])
    const due = addMilliseconds(now, 25 * HOUR)
    const stopped = { aborted: false } as { aborted: boolean } & AbortSignal
    const read = vi.fn(() => read.mock.calls.length > 1)
    Object.defineProperty(stopped, 'aborted', { get: read })
    expect(await runClocks(due, stopped)).toMatchObject({ withdrawn: 1 })
    expect(await runClocks(due)).toMatchObject({ withdrawn: 2 })
  })

  it('forgets the secret of a receipt after 24 hours', async () => {
    const { id } = await makeCase({ now })
    const receipt = () =>
      db.case.findUnique({ where: { id }, select: { receiptSealed: true, receiptUntil: true } })
    await runClocks(addMilliseconds(now, 24 * HOUR - 1))
    expect((await receipt())?.receiptUntil).not.toBeNull()
    expect(await runClocks(addMilliseconds(now, 24 * HOUR))).toMatchObject({ receipts: 1 })
    expect(await receipt()).toEqual({ receiptSealed: null, receiptUntil: null })
  })
})

describe('drafts', () => {
  async function draft(expiresAt: Date) {
    const key = await storedCaseKey(now)
    const id = key.caseId
    const bytes = Buffer.from(id)
    const row = { number: `HCM-${id}`, sealed: bytes, locale: 'vi', createdAt: now, updatedAt: now }
    await db.reportDraft.create({ data: { id, cookieHash: bytes, expiresAt, ...row } })
    return id
  }

  it('go with their keys once they are expired, and only then', async () => {
    const [old, fresh] = [await draft(now), await draft(addMilliseconds(now, 1))]
    const sent = await makeCase({ now })
    expect(await deleteExpiredDrafts(now)).toEqual([old])
    expect(await deleteExpiredDrafts(now)).toEqual([])
    const keys = (await db.caseKey.findMany({ select: { caseId: true } })).map(({ caseId }) => caseId)
    expect(keys.sort()).toEqual([fresh, sent.id].sort())
  })

  it('are deleted once by several workers', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => draft(now)))
    const runs = await Promise.all([1, 2, 3].map(() => deleteExpiredDrafts(now)))
    const later = await deleteExpiredDrafts(now)
    expect([...runs.flat(), ...later].sort()).toEqual([...ids].sort())
  })
})

it('retention deletes what is past its time and keeps the rest', async () => {
  const key = await storedCaseKey(now)
  const { caseId } = key
  const hash = (text: string) => Buffer.from(text)
  for (const [name, at] of [
    ['old', addMilliseconds(now, -8 * DAY)],
    ['new', addMilliseconds(now, HOUR)],
  ] as const) {
    await db.rateLimit.create({ data: { keyHash: hash(name), hits: 1, endsAt: at } })
    await db.codeSend.create({ data: { contactHash: hash(name), at } })
    await db.submission.create({ data: { key: crypto.randomUUID(), act: 'test', outcome: {}, at } })
    const session = { tokenHash: hash(name), caseId, access: 'full', createdAt: now, expiresAt: at } as const
    await db.caseSession.create({ data: session })
    const code = { caseId, purpose: 'view_status', contactHash: hash(name), codeHash: hash(name) } as const
    await db.contactCode.create({ data: { ...code, createdAt: now, expiresAt: at } })
  }
  expect(await sweep(now)).toBe(5)
  expect(await sweep(now)).toBe(0)
  expect(await db.caseSession.findMany({ select: { tokenHash: true } })).toHaveLength(1)
  expect(await db.rateLimit.count()).toBe(1)
})
