import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { err } from '#lib/result.ts'
import { addMilliseconds, DAY } from '#lib/time.ts'
import { superuser, withoutTriggers } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeRating, makeTen } from '#tests/factories/rating.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { examineReleased, type REVIEW_DECISIONS, reviewComment } from './acts.ts'
import { countHeldFor, listAgencyComments, listHeldComments } from './reading-data.ts'

const now = new Date('2026-11-24T03:00:00Z')
const DOUBTFUL = 'Hoa ở quầy 3 rất chậm.'

async function read(agencyId = 'quan-3'): Promise<string[] | undefined> {
  const page = await listAgencyComments(await makeStaff('agency_viewer', { agencyId }), 'open', null)
  return page?.rows.map(({ text }) => text).toSorted()
}

const held = () => db.surveyComment.findFirstOrThrow({ where: { text: DOUBTFUL } })
const decide = async (decision: (typeof REVIEW_DECISIONS)[number], revision?: number) => {
  const comment = await held()
  return reviewComment(
    await makeStaff('survey_manager'),
    { commentId: comment.id, revision: revision ?? comment.revision, decision, submitKey: randomUUID() },
    now,
  )
}

describe('a doubtful comment', () => {
  it('waits for the survey manager when its ten is public, and appears with the next ten once it passes', async () => {
    await makeTen('quan-3', now, [DOUBTFUL, 'Chờ lâu.'])
    expect(await read()).toEqual(['Chờ lâu.'])
    const manager = await makeStaff('survey_manager')
    const page = await listHeldComments(manager, null, now)
    expect(page?.rows).toMatchObject([{ agencyId: 'quan-3', agencyNameVi: 'Quận 3', old: false }])
    expect(await countHeldFor(manager, now)).toEqual({ held: 1, old: 0 })
    // Without a review it does not come with the next ten either.
    await makeTen('quan-3', now, ['Nhanh.'])
    expect(await read()).toEqual(['Chờ lâu.', 'Nhanh.'])
    expect((await decide('passed')).ok).toBe(true)
    expect(await read()).toEqual(['Chờ lâu.', 'Nhanh.'])
    await makeTen('quan-3', now, [])
    expect(await read()).toEqual(['Chờ lâu.', DOUBTFUL, 'Nhanh.'])
    expect(await countHeldFor(manager, now)).toEqual({ held: 0, old: 0 })
  })

  it('appears with the next ten of its agency where its questions are asked no more', async () => {
    await makeTen('quan-3', now, [DOUBTFUL])
    await makeRating('quan-4', now, { comment: DOUBTFUL })
    // They belong to an earlier version, which nobody answers any more. One answer to it waits at the other office.
    await superuser.query(
      `INSERT INTO questionnaires (version, legal_basis, questions, published_at)
       SELECT 0, legal_basis, questions, published_at - interval '1 year' FROM questionnaires WHERE version = 1`,
    )
    await withoutTriggers(() =>
      superuser.query(`UPDATE survey_comments SET questionnaire_version = 0, review = 'passed';
        UPDATE survey_tallies SET questionnaire_version = 0`),
    )
    for (const agency of ['quan-3', 'quan-4']) await makeTen(agency, now, [])
    expect([await read(), await read('quan-4')]).toEqual([[DOUBTFUL], []])
  })

  it('is never read where it is kept back, and may be decided otherwise', async () => {
    await makeTen('quan-3', now, [DOUBTFUL])
    expect((await decide('kept_back')).ok).toBe(true)
    await makeTen('quan-3', now, [])
    expect(await read()).toEqual([])
    expect((await decide('passed')).ok).toBe(true)
    await makeTen('quan-3', now, [])
    expect(await read()).toEqual([DOUBTFUL])
  })

  it('is decided by survey managers alone, one of two at once, and on record without its words', async () => {
    await makeTen('quan-3', now, [DOUBTFUL])
    const { id } = await held()
    const sent = { commentId: id, revision: 0, decision: 'passed', submitKey: randomUUID() } as const
    for (const role of ['agency_viewer', 'auditor', 'admin'] as const) {
      expect(await reviewComment(await makeStaff(role), sent, now)).toEqual(err('forbidden'))
      expect(await listHeldComments(await makeStaff(role), null, now)).toBeNull()
      expect(await countHeldFor(await makeStaff(role), now)).toBeNull()
    }
    const both = await Promise.all([decide('passed', 0), decide('kept_back', 0)])
    expect(both.filter(({ ok }) => ok)).toHaveLength(1)
    expect(both).toContainEqual(err('changed'))
    const acts = await db.auditEntry.findMany({ where: { act: 'survey.review_comment' } })
    expect(acts).toHaveLength(1)
    expect(JSON.stringify(acts[0]?.facts)).not.toContain('Hoa')
  })

  it('is told to be old after a week', async () => {
    await makeTen('quan-3', now, [DOUBTFUL])
    const manager = await makeStaff('survey_manager')
    expect(await countHeldFor(manager, addMilliseconds(now, 7 * DAY))).toEqual({ held: 1, old: 0 })
    expect(await countHeldFor(manager, addMilliseconds(now, 8 * DAY))).toEqual({ held: 1, old: 1 })
  })

  it('is held by the database, against every statement that releases a ten', async () => {
    await makeTen('quan-3', now, [DOUBTFUL])
    await superuser.query('UPDATE survey_comments SET released = true')
    expect(await held()).toMatchObject({ released: false, review: 'doubtful' })
  })

  it('that was released before there was a review is looked through, and not read until it passes', async () => {
    await superuser.query(
      `INSERT INTO survey_comments (id, agency_id, received_month, text, questionnaire_version, released)
       VALUES (gen_random_uuid(), 'quan-3', '2026-10-01', $1, 1, true),
              (gen_random_uuid(), 'quan-3', '2026-10-01', 'Chờ lâu.', 1, true)`,
      [DOUBTFUL],
    )
    expect(await read()).toEqual([])
    await examineReleased(now)
    await examineReleased(now)
    expect(await read()).toEqual(['Chờ lâu.'])
    expect((await decide('passed')).ok).toBe(true)
    expect(await read()).toEqual(['Chờ lâu.', DOUBTFUL])
  })
})
