import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type Month, monthOfDay } from '#features/results/rules.ts'
import type { StaffRole } from '#lib/access/roles.ts'
import { err } from '#lib/result.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeRating, makeTen } from '#tests/factories/rating.ts'
import { byTwo } from '#tests/factories/second-person.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { recountExcluded } from '../integrity/acts.ts'
import { maskByHand } from './acts.ts'
import {
  COUNTED,
  type CommentKey,
  findOpenComments,
  findRawComment,
  listAgencyComments,
  listRawComments,
  listVoicesByAgency,
} from './reading-data.ts'
import { type CommentFilter, NO_FILTER } from './rules.ts'

const now = new Date('2026-11-24T03:00:00Z')
const at = (ms: number) => new Date(now.getTime() + ms)

/** Returns the comments that an agency's viewer reads, sorted. */
async function read(agencyId: string): Promise<string[] | undefined> {
  const page = await listAgencyComments(await makeStaff('agency_viewer', { agencyId }), 'open', null)
  return page?.rows.map(({ text }) => text).toSorted()
}

describe('an agency’s comments', () => {
  it('are read once ten answers are public, by the agency’s own viewer, masked', async () => {
    await makeRating('quan-3', now, { comment: 'Chị Lan, 0912 345 678, rất tốt.' })
    for (let n = 0; n < 8; n++) await makeRating('quan-3', now)
    expect(await read('quan-3')).toEqual([])
    await makeRating('quan-3', now, { comment: 'Chờ lâu.' })
    await makeRating('quan-3', now, { comment: 'Người đến sau.' })
    expect(await read('quan-3')).toEqual(['Chị [tên người], [số điện thoại], rất tốt.', 'Chờ lâu.'])
    expect(await read('quan-1')).toEqual([])
  })

  it('are found by words, theme and month, in what is read of them and nothing else', async () => {
    const viewer = await makeStaff('agency_viewer', { agencyId: 'quan-3' })
    const [october, november] = ['2026-10-01', '2026-11-01'].map((day) => new Date(day))
    const row = (text: string, receivedMonth = november) => ({
      ...{ id: randomUUID(), agencyId: 'quan-3', questionnaireVersion: 1, released: true },
      ...{ review: 'clear' as const, receivedMonth: receivedMonth ?? now, text },
    })
    await db.surveyComment.createMany({
      data: [
        row('Chị Lan, 0912 345 678, phải chờ rất lâu.'),
        row('Chờ lâu quá.', october),
        row('Ghế ngồi chật.'),
        { ...row('Chờ lâu ở nơi khác.'), agencyId: 'quan-1' },
      ],
    })
    const found = async (words: string, more: Partial<CommentFilter> = {}) => {
      const page = await listAgencyComments(viewer, 'open', null, { ...NO_FILTER, words, ...more })
      return page?.rows.map(({ text }) => text).toSorted()
    }
    const long = 'Chị [tên người], [số điện thoại], phải chờ rất lâu.'
    expect(await found('cho lau')).toEqual(['Chờ lâu quá.', long].toSorted())
    expect(await found('cho lau', { month: '2026-10' as Month })).toEqual(['Chờ lâu quá.'])
    expect(await found('', { theme: 'place' })).toEqual(['Ghế ngồi chật.'])
    for (const hidden of ['Lan', '0912']) expect(await found(hidden)).toEqual([])
  })

  it('are read some hundreds at a time where words are looked for, and none is passed over', async () => {
    const viewer = await makeStaff('agency_viewer', { agencyId: 'quan-3' })
    await superuser.query(
      `INSERT INTO survey_comments (id, agency_id, questionnaire_version, received_month, text, released, review)
       SELECT gen_random_uuid(), 'quan-3', 1, '2026-11-01', CASE WHEN n % 100 = 0 THEN 'xe lăn' ELSE 'tốt' END, true, 'clear'
       FROM generate_series(1, 900) n`,
    )
    let [after, found, pages]: [CommentKey | null, number, number] = [null, 0, 0]
    do {
      const page = await listAgencyComments(viewer, 'open', after, { ...NO_FILTER, words: 'xe lan' })
      expect(page?.read).toBeLessThanOrEqual(400)
      found += page?.rows.length ?? 0
      after = page?.next ?? null
      pages += 1
    } while (after !== null)
    expect([found, pages]).toEqual([9, 3])
  })

  it('stand in the month of their release: none is known as the only one that came in a new month', async () => {
    await makeRating('quan-3', new Date('2026-10-30T03:00:00Z'), { comment: 'Tháng trước.' })
    for (let n = 0; n < 8; n++) await makeRating('quan-3', new Date('2026-10-30T03:00:00Z'))
    await makeRating('quan-3', now, { comment: 'Tháng này.' })
    await makeRating('quan-3', now, { comment: 'Còn chờ.' })
    const page = await listAgencyComments(await makeStaff('agency_viewer'), 'open', null)
    expect(page?.rows.map(({ receivedMonth }) => monthOfDay(receivedMonth))).toEqual(['2026-11', '2026-11'])
    const answers = await db.surveyResponse.findMany({ where: { counted: true } })
    expect(new Set(answers.map(({ receivedMonth }) => monthOfDay(receivedMonth)))).toEqual(
      new Set(['2026-11']),
    )
  })

  it('wait for ten answers to their own version of the questions', async () => {
    await superuser.query(
      `INSERT INTO questionnaires (version, legal_basis, questions, published_at, trial_percent, trial_ends_at, base_version,
         reason_vi, reason_en)
       SELECT 2, legal_basis, questions, published_at, 50, '2027-06-01', 1, 'vì', 'why' FROM questionnaires WHERE version = 1`,
    )
    await makeRating('quan-3', now, { comment: 'Bản thử.' }, { version: 2 })
    await makeTen('quan-3', now, ['Bản thường.'])
    expect(await read('quan-3')).toEqual(['Bản thường.'])
  })

  it('stand by month and random id, page by page, each once', async () => {
    await makeTen('quan-3', now, [])
    await superuser.query(
      `INSERT INTO survey_comments (id, agency_id, received_month, text, questionnaire_version, released, review)
       SELECT gen_random_uuid(), 'quan-3', date '2026-11-01' - (n % 3) * interval '1 month', 'Số ' || n, 1, true, 'clear'
       FROM generate_series(1, 70) n`,
    )
    const viewer = await makeStaff('agency_viewer')
    const seen: string[] = []
    let after: Parameters<typeof listAgencyComments>[2] = null
    do {
      const page = await listAgencyComments(viewer, 'open', after)
      if (page === null) throw new Error('not read')
      seen.push(...page.rows.map(({ receivedMonth, id }) => `${1e15 - receivedMonth.getTime()} ${id}`))
      after = page.next
    } while (after)
    expect(seen).toHaveLength(70)
    expect(new Set(seen).size).toBe(70)
    expect(seen).toEqual(seen.toSorted())
  })

  it('of an excluded answer stay from it, and wait for the next ten once that is reversed', async () => {
    // The twenty-first from one address, in a form that we did not make, after its limit for an hour.
    const quick = { address: '203.0.113.9' }
    for (let n = 0; n < 20; n++) await makeRating('quan-3', now, { r1: String(1 + (n % 5)) }, quick)
    await makeRating('quan-3', at(3_600_000), { comment: 'Gửi dồn dập.' }, quick)
    const [comment] = await db.surveyComment.findMany()
    expect(comment).toMatchObject({ released: false, exclusionId: expect.any(String) })
    await makeTen('quan-3', now, [])
    expect(await read('quan-3')).toEqual([])
    const manager = await makeStaff('survey_manager')
    const { id: exclusionId } = await db.exclusion.findFirstOrThrow()
    expect((await byTwo(manager, { exclusionId }, { reason: 'Một lớp học cùng đi.' }, now)).ok).toBe(true)
    // These ten come before its own answer counts, so they do not release it.
    await makeTen('quan-3', now, [])
    expect(await read('quan-3')).toEqual([])
    await recountExcluded(exclusionId)
    expect(await read('quan-3')).toEqual([])
    await makeTen('quan-3', at(1), [])
    expect(await read('quan-3')).toEqual(['Gửi dồn dập.'])
  })

  it('are read by nobody else, and raw by the survey manager alone', async () => {
    await makeTen('quan-3', now, ['Gọi 0912345678.'])
    const { id } = await db.surveyComment.findFirstOrThrow()
    for (const role of ['officer', 'auditor', 'admin', 'relay', 'carrier'] as const satisfies StaffRole[]) {
      const staff = await makeStaff(role)
      expect(await listAgencyComments(staff, 'open', null)).toBeNull()
      expect(await findOpenComments(staff, [id])).toEqual([])
      expect(await listRawComments(staff, 'quan-3', null, now)).toBeNull()
      expect(await listVoicesByAgency(staff, now)).toBeNull()
    }
    const viewer = await makeStaff('agency_viewer')
    expect(await listRawComments(viewer, 'quan-3', null, now)).toBeNull()
    expect(await findRawComment(viewer, id)).toBeNull()
    const nowhere = { ...viewer, agencyId: null }
    expect(await listAgencyComments(nowhere, 'open', null)).toBeNull()
    const raw = await listRawComments(await makeStaff('survey_manager'), 'quan-3', null, now)
    expect(raw?.rows[0]?.stretches).toEqual([
      { text: 'Gọi ', kind: null },
      { text: '0912345678', kind: 'phone' },
      { text: '.', kind: null },
    ])
  })
})

describe('maskByHand', () => {
  it('hides what the machine missed, keeps the words, and is on record', async () => {
    await makeTen('quan-3', now, ['Cô lan quầy 3 cau có, gọi 0912345678.'])
    const { id } = await db.surveyComment.findFirstOrThrow()
    const manager = await makeStaff('survey_manager')
    const masked = 'Cô [tên người] quầy 3 cau có, gọi 0912345678.'
    const sent = { commentId: id, agency: 'quan-3', revision: 0, masked, submitKey: randomUUID() }
    expect(await maskByHand(await makeStaff('agency_viewer'), sent, now)).toEqual(err('forbidden'))
    const reworded = { ...sent, masked: 'Cô [tên người] quầy 3 vui vẻ.' }
    expect(await maskByHand(manager, reworded, now)).toEqual(err('reworded'))
    const other = { ...sent, submitKey: randomUUID() }
    const both = await Promise.all([maskByHand(manager, sent, now), maskByHand(manager, other, now)])
    expect(both.filter(({ ok }) => ok)).toHaveLength(1)
    expect(both).toContainEqual(err('changed'))
    expect(await read('quan-3')).toEqual(['Cô [tên người] quầy 3 cau có, gọi [số điện thoại].'])
    const raw = await findRawComment(manager, id)
    expect(raw?.stretches.map(({ text }) => text).join('')).toContain('Cô lan quầy 3')
    const acts = await db.auditEntry.findMany({ where: { subjectKind: 'comment', subjectId: id } })
    expect(acts).toMatchObject([{ act: 'survey.mask_comment', actorId: manager.id }])
    expect(JSON.stringify(acts[0]?.facts)).not.toContain('lan')
  })
})

it('counts what waits at each agency, and no further than a hundred', async () => {
  await makeTen('quan-3', now, ['Một.', 'Hai.'])
  await superuser.query(
    `INSERT INTO survey_comments (id, agency_id, received_month, text, questionnaire_version, released, review)
     SELECT gen_random_uuid(), 'quan-1', '2026-11-01', 'Nhiều.', 1, true, 'clear' FROM generate_series(1, 250)`,
  )
  const all = await listVoicesByAgency(await makeStaff('survey_manager'), now)
  expect(all?.find(({ id }) => id === 'quan-3')).toMatchObject({ open: 2, answered: 0, overdue: 0 })
  expect(all?.find(({ id }) => id === 'quan-1')).toMatchObject({ open: COUNTED + 1 })
  expect(all?.find(({ id }) => id === 'quan-5')).toMatchObject({ open: 0 })
})
