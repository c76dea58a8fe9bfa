import { createHash, randomUUID } from 'node:crypto'
import { beforeEach, describe, expect, it } from 'vitest'
import { approvalFor } from '#features/approvals/data.ts'
import { err } from '#lib/result.ts'
import { db } from '#tests/db.ts'
import { askOfTwo, confirm, refuse } from '#tests/factories/second-person.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { subjectOf } from './acts.ts'
import { hasAnotherManager } from './page-data.ts'

const now = new Date('2026-11-24T03:00:00Z')
const REASON = { reason: 'Điểm phát phiếu dùng chung một đường mạng.', reasonEn: 'They share one network.' }

let exclusionId = ''
let reportId = ''
beforeEach(async () => {
  exclusionId = randomUUID()
  await db.exclusion.create({
    data: {
      ...{ id: exclusionId, agencyId: 'quan-3', questionnaireVersion: 1, reason: 'too_fast' },
      ...{ month: new Date('2026-11-01'), count: 4 },
    },
  })
  reportId = randomUUID()
  await db.surveyReport.create({
    data: {
      ...{ id: reportId, scope: 'all', askedAt: now, state: 'ready', readyAt: now, publishedAt: now },
      ...{ fromMonth: new Date('2026-01-01'), toMonth: new Date('2026-12-01') },
      dataset: Buffer.from('{}'),
      sha256: createHash('sha256').update('{}').digest(),
    },
  })
})

const subjects = [
  ['an exclusion', 'reversal.done', () => ({ exclusionId })],
  ['a published report', 'report.changed', () => ({ reportId })],
] as const
const undone = async () =>
  (await db.exclusion.count({ where: { reversedAt: null } })) +
  (await db.surveyReport.count({ where: { withdrawnAt: null } }))

describe.each(subjects)('%s', (_, gone, subject) => {
  const asking = (typed = REASON) => ({ ...subject(), ...typed, submitKey: randomUUID() })

  it('is not changed by one survey manager, and is by two, for the reason of the first', async () => {
    const [first, second] = [await makeStaff('survey_manager'), await makeStaff('survey_manager')]
    expect(await askOfTwo(await makeStaff('auditor'), asking(), now)).toEqual(err('forbidden'))
    const sent = asking()
    const twice = await Promise.all([1, 2].map(() => askOfTwo(first, sent, now)))
    expect(twice[0]).toEqual(twice[1])
    const requestId = twice[0]?.ok ? twice[0].value : ''
    expect(await askOfTwo(second, asking(), now)).toEqual(err({ form: 'request.asked' }))
    expect(await confirm(first, requestId, now)).toEqual(err('own_request'))
    expect(await undone()).toBe(2)
    const both = await Promise.all([1, 2].map(() => confirm(second, requestId, now)))
    expect(both.filter(({ ok }) => ok)).toHaveLength(1)
    expect(both).toContainEqual(err('request_gone'))
    expect(await undone()).toBe(1)
    expect(await askOfTwo(first, asking(), now)).toEqual(err({ form: gone }))
    const acts = await db.auditEntry.findMany({
      where: { subjectKind: { in: ['exclusion', 'report'] } },
      orderBy: { id: 'asc' },
    })
    expect(acts.map(({ actorId }) => actorId)).toEqual([first.id, second.id])
    expect(acts[1]?.facts).toMatchObject({ reason: REASON.reason, askedBy: first.id })
  })

  it('stays as it is where the request is dropped, and may be asked for anew', async () => {
    const [first, second] = [await makeStaff('survey_manager'), await makeStaff('survey_manager')]
    const asked = await askOfTwo(first, asking(), now)
    const requestId = asked.ok ? asked.value : ''
    expect(await refuse(await makeStaff('admin'), requestId, now)).toMatchObject({ ok: false })
    expect(await refuse(second, requestId, now)).toEqual({ ok: true, value: requestId })
    expect(await confirm(second, requestId, now)).toEqual(err('request_gone'))
    expect(await undone()).toBe(2)
    expect((await askOfTwo(first, asking(), now)).ok).toBe(true)
  })
})

it('is held by the database too, against every statement of the application', async () => {
  const at = { reversedAt: now, reversal: 'Một mình.' }
  await expect(db.exclusion.update({ where: { id: exclusionId }, data: at })).rejects.toThrow('second person')
  await expect(
    db.surveyReport.update({
      where: { id: reportId },
      data: { withdrawnAt: now, withdrawnVi: 'Một mình.' },
    }),
  ).rejects.toThrow('second person')
  const alone = { askedById: exclusionId, askedAt: now, decidedById: exclusionId, decidedAt: now }
  const asked = { kind: 'survey.reversal', subject: `exclusion:${exclusionId}`, content: {} }
  await expect(
    db.approval.create({ data: { id: randomUUID(), ...asked, state: 'confirmed', ...alone } }),
  ).rejects.toThrow('approved_by_two')
})

it('says where there is nobody else who could confirm', async () => {
  const actor = await makeStaff('survey_manager')
  const standing = (by: typeof actor) => approvalFor(by, subjectOf({ exclusionId }), now)
  expect(await standing(actor)).toBeNull()
  expect(await hasAnotherManager(actor)).toBe(false)
  await askOfTwo(actor, { exclusionId, ...REASON }, now)
  expect(await standing(await makeStaff('auditor'))).toBeNull()
  expect(await standing(actor)).toMatchObject({ askedById: actor.id })
  const other = await makeStaff('survey_manager')
  expect(await hasAnotherManager(actor)).toBe(true)
  expect(await standing(other)).toMatchObject({ askedById: actor.id, content: { reasonVi: REASON.reason } })
})
