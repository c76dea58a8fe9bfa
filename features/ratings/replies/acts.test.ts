import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { StaffActor } from '#lib/access/actor.ts'
import { ok } from '#lib/result.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeTen } from '#tests/factories/rating.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { listAgencyComments } from '../comments/reading-data.ts'
import { changePromise, keepPromise, withdrawReply, writeReply } from './acts.ts'
import { findOwnReply, findReplyDraft, listReplies, listReplyDrafts, listWithdrawnReplies } from './data.ts'
import { DRAFTS_MOST } from './rules.ts'

const now = new Date('2026-11-24T03:00:00Z')
const WORDS = { said: 'Bạn nói phải chờ lâu.', answer: 'Đã mở thêm một quầy.' }
const PROMISE = { promise: 'Mở thêm quầy số 5.', dueOn: '2026-12-01' }

async function comments(agencyId = 'quan-3'): Promise<string[]> {
  await makeTen(agencyId, now, ['Chờ lâu.', 'Thiếu ghế.', 'Tốt.'])
  const rows = await db.surveyComment.findMany({ where: { agencyId }, orderBy: { text: 'asc' } })
  return rows.map(({ id }) => id)
}
const sent = (
  comment: readonly string[],
  typed: Record<string, string> = {},
  replaces: string | null = null,
) => ({ comment, replaces, ...WORDS, ...typed, submitKey: randomUUID() })
const outcome = async (reply: ReturnType<typeof writeReply>) => {
  const done = await reply
  return done.ok ? 'ok' : done.error
}

describe('writeReply', () => {
  it('publishes once what answers several comments, and takes them from those that wait', async () => {
    const viewer = await makeStaff('agency_viewer')
    const [first = '', second = ''] = await comments()
    const form = sent([first, second, first], PROMISE)
    const done = await Promise.all([1, 2, 3].map(() => writeReply(viewer, form, now)))
    expect(new Set(done.map((one) => JSON.stringify(one))).size).toBe(1)
    const { rows } = await listReplies('quan-3', null)
    expect(rows).toMatchObject([
      { saidVi: WORDS.said, promise: { dueOn: '2026-12-01' }, kept: null, changes: [] },
    ])
    expect((await listReplies('quan-1', null)).rows).toEqual([])
    expect((await listAgencyComments(viewer, 'open', null))?.rows.map(({ text }) => text)).toEqual(['Tốt.'])
    expect((await listAgencyComments(viewer, 'answered', null))?.rows).toHaveLength(2)
    expect(await db.auditEntry.findMany({ where: { subjectKind: 'reply' } })).toMatchObject([
      { act: 'survey.reply', actorId: viewer.id, facts: { agency: 'quan-3', comments: 2 } },
    ])
  })

  it('is one of two where two answer the same comment at once, and leaves nothing of the other', async () => {
    const [one, other] = [await makeStaff('agency_viewer'), await makeStaff('agency_viewer')]
    const [first = '', second = '', third = ''] = await comments()
    const both = await Promise.all([
      outcome(writeReply(one, sent([first, second]), now)),
      outcome(writeReply(other, sent([third, second]), now)),
    ])
    expect(both.toSorted()).toEqual(['changed', 'ok'])
    expect(await db.agencyReply.count()).toBe(1)
    expect(await db.surveyComment.count({ where: { replyId: null } })).toBe(1)
  })

  it('answers no comment of another agency, none that waits, and is nobody else’s to write', async () => {
    const [own = ''] = await comments()
    const [others = ''] = await comments('quan-1')
    const viewer = await makeStaff('agency_viewer')
    expect(await outcome(writeReply(viewer, sent([own, others]), now))).toBe('changed')
    await superuser.query('UPDATE survey_comments SET released = false WHERE id = $1', [own])
    expect(await outcome(writeReply(viewer, sent([own]), now))).toBe('changed')
    expect(await outcome(writeReply(viewer, sent([]), now))).toBe('count')
    for (const role of ['survey_manager', 'auditor', 'admin', 'officer'] as const)
      expect(await outcome(writeReply(await makeStaff(role), sent([others]), now))).toBe('forbidden')
    expect(await db.agencyReply.count()).toBe(0)
  })

  it('refuses words that name somebody, in either language', async () => {
    const [first = ''] = await comments()
    const viewer = await makeStaff('agency_viewer')
    const typed = { said: 'Cô Hoa làm chậm.', answerEn: 'Call 0912345678.' }
    expect(await outcome(writeReply(viewer, sent([first], typed), now))).toEqual({
      said: 'personal',
      answerEn: 'personal',
    })
  })
})

describe('a promise', () => {
  async function promised(): Promise<{ viewer: StaffActor; replyId: string }> {
    const viewer = await makeStaff('agency_viewer')
    const [first = ''] = await comments()
    const done = must(await writeReply(viewer, sent([first], PROMISE), now))
    return { viewer, replyId: done }
  }
  const on = (replyId: string, revision: number, typed: Record<string, string>) => ({
    replyId,
    revision,
    ...typed,
    submitKey: randomUUID(),
  })
  const CHANGE = { promise: 'Mở quầy số 6.', dueOn: '2027-01-15', reason: 'Phòng đang sửa.' }

  it('is changed with a reason, and what it was stays to be read', async () => {
    const { viewer, replyId } = await promised()
    expect(await outcome(changePromise(viewer, on(replyId, 0, { ...CHANGE, reason: '' }), now))).toEqual({
      reason: 'reason.empty',
    })
    expect(await outcome(changePromise(viewer, on(replyId, 0, CHANGE), now))).toBe('ok')
    expect(await findOwnReply(viewer, replyId)).toMatchObject({
      promise: { promiseVi: CHANGE.promise, dueOn: CHANGE.dueOn },
      changes: [{ promiseVi: PROMISE.promise, dueOn: PROMISE.dueOn, reasonVi: CHANGE.reason }],
    })
    expect(await outcome(changePromise(viewer, on(replyId, 0, CHANGE), now))).toBe('changed')
  })

  it('is kept or changed, one of two who do it at once, and then it is over', async () => {
    const { viewer, replyId } = await promised()
    const both = await Promise.all([
      outcome(keepPromise(viewer, on(replyId, 0, { done: 'Đã mở quầy.' }), now)),
      outcome(changePromise(viewer, on(replyId, 0, CHANGE), now)),
    ])
    expect(both.toSorted()).toEqual(['changed', 'ok'])
    const reply = await findOwnReply(viewer, replyId)
    if (reply?.kept === null)
      expect(await outcome(keepPromise(viewer, on(replyId, 1, { done: 'Đã mở quầy.' }), now))).toBe('ok')
    expect(await outcome(changePromise(viewer, on(replyId, 1, CHANGE), now))).toBe('changed')
    expect((await findOwnReply(viewer, replyId))?.kept).toMatchObject({ doneVi: 'Đã mở quầy.' })
  })

  it('is its own agency’s alone', async () => {
    const { replyId } = await promised()
    const stranger = await makeStaff('agency_viewer', { agencyId: 'quan-1' })
    expect(await findOwnReply(stranger, replyId)).toBeNull()
    expect(await outcome(keepPromise(stranger, on(replyId, 0, { done: 'Xong.' }), now))).toBe('changed')
    expect(await outcome(changePromise(stranger, on(replyId, 0, CHANGE), now))).toBe('changed')
  })

  it('is not rewritten by the database’s users either', async () => {
    const { viewer, replyId } = await promised()
    await changePromise(viewer, on(replyId, 0, CHANGE), now)
    const where = { id: replyId }
    await expect(db.agencyReply.update({ where, data: { saidVi: 'Khác.' } })).rejects.toThrow()
    await expect(db.agencyReply.update({ where, data: { promiseVi: 'Khác.' } })).rejects.toThrow()
    await expect(db.agencyReply.delete({ where })).rejects.toThrow()
    await expect(db.agencyReplyChange.deleteMany()).rejects.toThrow()
  })
})

describe('withdrawing an answer', () => {
  const REASON = { reason: 'Nêu nhầm quầy của nơi khác.' }
  const later = new Date('2026-11-25T03:00:00Z')
  async function published(typed: Record<string, string> = {}) {
    const viewer = await makeStaff('agency_viewer')
    const ids = await comments()
    const done = must(await writeReply(viewer, sent(ids.slice(0, 2), typed), now))
    return { viewer, ids, replyId: done }
  }
  const on = (replyId: string, revision = 0, typed: Record<string, string> = REASON) => ({
    replyId,
    revision,
    ...typed,
    submitKey: randomUUID(),
  })

  it('leaves that it was there, when it went and why; its comments wait again and its promise is over', async () => {
    const { viewer, replyId } = await published(PROMISE)
    expect(await outcome(withdrawReply(viewer, on(replyId, 0, { reason: ' ' }), later))).toEqual({
      reason: 'withdraw.empty',
    })
    expect(await outcome(withdrawReply(viewer, on(replyId, 0, { reason: 'Cô Hoa nhầm.' }), later))).toEqual({
      reason: 'personal',
    })
    const form = on(replyId)
    const twice = await Promise.all([1, 2].map(() => withdrawReply(viewer, form, later)))
    expect(twice).toEqual([ok(replyId), ok(replyId)])
    const withdrawn = { at: later, reasonVi: REASON.reason, reasonEn: null }
    expect((await listReplies('quan-3', null)).rows).toMatchObject([
      { id: replyId, withdrawn, replacedAt: null },
    ])
    expect((await listAgencyComments(viewer, 'open', null))?.rows).toHaveLength(3)
    expect(await outcome(keepPromise(viewer, on(replyId, 1, { done: 'Xong.' }), later))).toBe('changed')
    const change = { promise: 'Mở quầy.', dueOn: '2027-01-15', reason: 'Khác.' }
    expect(await outcome(changePromise(viewer, on(replyId, 1, change), later))).toBe('changed')
    expect(await outcome(withdrawReply(viewer, on(replyId, 1), later))).toBe('changed')
    expect(await db.auditEntry.findMany({ where: { act: 'survey.withdraw_reply' } })).toMatchObject([
      { actorId: viewer.id, subjectId: replyId, facts: { agency: 'quan-3', reason: REASON.reason } },
    ])
  })

  it('is its own agency’s alone, and one of two who change the same answer', async () => {
    const { viewer, replyId } = await published(PROMISE)
    const stranger = await makeStaff('agency_viewer', { agencyId: 'quan-1' })
    expect(await outcome(withdrawReply(stranger, on(replyId), later))).toBe('changed')
    for (const role of ['survey_manager', 'auditor', 'admin', 'officer'] as const)
      expect(await outcome(withdrawReply(await makeStaff(role), on(replyId), later))).toBe('forbidden')
    const both = await Promise.all([
      outcome(withdrawReply(viewer, on(replyId), later)),
      outcome(keepPromise(viewer, on(replyId, 0, { done: 'Đã mở quầy.' }), later)),
    ])
    expect(both.toSorted()).toEqual(['changed', 'ok'])
  })

  it('is put right once, by the same agency, in an answer that says so', async () => {
    const { viewer, ids, replyId } = await published()
    const [first = '', second = '', third = ''] = ids
    expect(await outcome(writeReply(viewer, sent([third], {}, replyId), now))).toBe('changed')
    await withdrawReply(viewer, on(replyId), later)
    expect((await listWithdrawnReplies(viewer)).map(({ id }) => id)).toEqual([replyId])
    const stranger = await makeStaff('agency_viewer', { agencyId: 'quan-1' })
    const [others = ''] = await comments('quan-1')
    expect(await listWithdrawnReplies(stranger)).toEqual([])
    expect(await outcome(writeReply(stranger, sent([others], {}, replyId), later))).toBe('changed')
    const both = await Promise.all([
      outcome(writeReply(viewer, sent([first], {}, replyId), later)),
      outcome(writeReply(viewer, sent([second], {}, replyId), later)),
    ])
    expect(both.toSorted()).toEqual(['changed', 'ok'])
    expect((await listReplies('quan-3', null)).rows).toMatchObject([
      { replaces: now, withdrawn: null },
      { id: replyId, replacedAt: later },
    ])
    expect(await listWithdrawnReplies(viewer)).toEqual([])
  })

  it('is not undone, nor said of what was not withdrawn, by the database’s users either', async () => {
    const { viewer, replyId } = await published()
    const where = { id: replyId }
    const other = { agencyId: 'quan-3', saidVi: 'x', answerVi: 'y', publishedAt: later, replacesId: replyId }
    await expect(db.agencyReply.create({ data: { id: randomUUID(), ...other } })).rejects.toThrow()
    await expect(db.agencyReply.update({ where, data: { withdrawnAt: later } })).rejects.toThrow()
    await withdrawReply(viewer, on(replyId), later)
    for (const data of [
      { withdrawnAt: null, withdrawnVi: null },
      { withdrawnVi: 'Khác.' },
      { saidVi: 'Khác.' },
      { revision: 7 },
    ])
      await expect(db.agencyReply.update({ where, data })).rejects.toThrow()
    const strangers = { ...other, agencyId: 'quan-1' }
    await expect(db.agencyReply.create({ data: { id: randomUUID(), ...strangers } })).rejects.toThrow()
  })
})

describe('a draft of an answer', () => {
  const on = (
    comment: readonly string[],
    draft: { readonly id: string; readonly revision: number } | null = null,
    typed: Record<string, string> = {},
  ) => ({
    ...({ act: 'draft', comment, draft: draft?.id ?? null, draftRevision: draft?.revision ?? 0 } as const),
    ...{ said: 'Mới viết dở', ...typed, submitKey: randomUUID() },
  })
  const drop = (viewer: StaffActor, draft: string) =>
    writeReply(viewer, { act: 'discard', comment: [], draft, submitKey: randomUUID() }, now)

  it('is kept for every viewer of its agency and nobody else, once a form, and ends with its publication', async () => {
    const [one, other] = [await makeStaff('agency_viewer'), await makeStaff('agency_viewer')]
    const stranger = await makeStaff('agency_viewer', { agencyId: 'quan-1' })
    const [first = ''] = await comments()
    const form = on([first])
    const both = await Promise.all([1, 2].map(() => writeReply(one, form, now)))
    expect(both[0]).toEqual(both[1])
    const id = both[0]?.ok ? both[0].value : ''
    expect(await listReplyDrafts(other)).toMatchObject([
      { id, commentIds: [first], words: { said: 'Mới viết dở' }, revision: 0 },
    ])
    expect(await listReplyDrafts(stranger)).toEqual([])
    expect(await findReplyDraft(stranger, id)).toBeNull()
    expect((await listReplies('quan-3', null)).rows).toEqual([])
    // Two people go on with the same draft: the second gets a refusal, and nothing is lost in silence.
    const again = (viewer: StaffActor, said: string) =>
      writeReply(viewer, on([first], { id, revision: 0 }, { said }), now)
    expect((await again(other, 'Viết tiếp')).ok).toBe(true)
    expect(await again(one, 'Viết khác')).toMatchObject({ error: 'changed' })
    expect(await again(stranger, 'Người lạ')).toMatchObject({ error: 'changed' })
    await drop(stranger, id)
    expect((await findReplyDraft(one, id))?.words.said).toBe('Viết tiếp')
    expect((await writeReply(one, { ...sent([first]), draft: id }, now)).ok).toBe(true)
    expect(await listReplyDrafts(one)).toEqual([])
  })

  it('is refused where it is empty, answers nothing, or its agency has too many; dropped it is gone', async () => {
    const viewer = await makeStaff('agency_viewer')
    const [first = ''] = await comments()
    const refusal = (form: ReturnType<typeof on>, actor = viewer) => outcome(writeReply(actor, form, now))
    expect(await refusal(on([first], null, { said: '  ' }))).toBe('missing')
    expect(await refusal(on([]))).toBe('count')
    expect(await refusal(on([first]), await makeStaff('survey_manager'))).toBe('forbidden')
    for (let n = 0; n < DRAFTS_MOST; n++)
      expect(await refusal(on([first], null, { said: `${n}\0` }))).toBe('ok')
    expect(await refusal(on([first]))).toBe('too_many')
    const [draft] = await listReplyDrafts(viewer)
    await drop(viewer, draft?.id ?? '')
    expect(await listReplyDrafts(viewer)).toHaveLength(DRAFTS_MOST - 1)
  })
})
