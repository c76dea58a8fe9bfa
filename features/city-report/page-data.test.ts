import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { findKiosk, listKiosks, noteKioskSeen, signKioskToken } from '#features/kiosks/data.ts'
import { startVersionDraft } from '#features/questionnaires/versions/acts.ts'
import { writeCounted } from '#features/ratings/mixing/acts.ts'
import { rate } from '#features/ratings/rating/acts.ts'
import { DAY } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { countSurveyWaiting } from './page-data.ts'

const now = new Date('2026-11-24T03:00:00Z')
const later = (days: number) => new Date(now.getTime() + days * DAY)

async function answer(times: number, at: Date) {
  for (let n = 0; n < times; n++) {
    const typed = { r1: '5', r2: 'early', r3: '0', r4: '5', r5: '5', r6: 'right', serviceDate: '2026-11-20' }
    const sender = { kind: 'address', address: `10.9.0.${n}`, issued: '', proof: '' } as const
    const sent = { agencyId: 'quan-3', questionnaireVersion: 1, typed, submitKey: randomUUID(), sender }
    expect((await rate(sent, at)).ok).toBe(true)
  }
}

describe('what waits for the survey manager', () => {
  it('is nobody else’s, and nothing where nothing waits', async () => {
    expect(await countSurveyWaiting(await makeStaff('auditor'), now)).toBeNull()
    expect(await countSurveyWaiting(await makeStaff('survey_manager'), now)).toMatchObject({
      ...{ suggestions: 0, held: { held: 0, old: 0 }, promises: { overdue: 0, soon: 0 } },
      ...{ requests: 0, silent: [], drafts: [], tried: [], outside: [] },
    })
  })

  it('has suggestions, promises by their day, and drafts with what is left to do', async () => {
    const manager = await makeStaff('survey_manager')
    const suggestion = { questionnaireVersion: 1, receivedMonth: new Date('2026-11-01'), text: 'Thêm câu' }
    await db.surveySuggestion.createMany({
      data: [1, 2].map(() => ({ id: randomUUID(), state: 'new' as const, ...suggestion })),
    })
    const reply = (dueOn: string) => ({
      ...{ id: randomUUID(), agencyId: 'quan-3', saidVi: 'x', answerVi: 'x', promiseVi: 'x' },
      ...{ dueOn: new Date(dueOn), publishedAt: later(-30) },
    })
    await db.agencyReply.createMany({
      data: ['2026-11-23', '2026-11-24', '2026-12-01', '2026-12-02'].map(reply),
    })
    const draft = await startVersionDraft(manager, { base: 1, submitKey: randomUUID() }, now)
    await superuser.query(
      `UPDATE questionnaires SET questions = jsonb_set(questions, '{2,vi}', '"Khác hẳn?"') WHERE version = 2`,
    )
    expect(draft.ok).toBe(true)
    expect(await countSurveyWaiting(manager, now)).toMatchObject({
      ...{ suggestions: 2, promises: { overdue: 1, soon: 2 } },
      drafts: [{ version: 2, drifted: 1, newerBase: null }],
    })
  })

  it('has a trial that is over until it is decided', async () => {
    const manager = await makeStaff('survey_manager')
    expect((await startVersionDraft(manager, { base: 1, submitKey: randomUUID() }, later(-30))).ok).toBe(true)
    await superuser.query(
      "UPDATE questionnaires SET published_at = $1, trial_percent = 10, trial_ends_at = $2, reason_vi = 'x', reason_en = 'x' WHERE version = 2",
      [later(-20), later(-1)],
    )
    const tried = async (at: Date) => (await countSurveyWaiting(manager, at))?.tried
    expect(await tried(later(-2))).toEqual([])
    expect(await tried(now)).toEqual([2])
    await superuser.query(
      "UPDATE questionnaires SET adopted_at = $1, decision_vi = 'x', decision_en = 'x' WHERE version = 2",
      [now],
    )
    expect(await tried(later(1))).toEqual([])
  })

  it('has kiosks that were not seen for three days, by their day alone', async () => {
    const manager = await makeStaff('survey_manager')
    const kiosk = (id: string) => ({
      ...{ id, agencyId: 'quan-3', counter: `Quầy ${id.slice(0, 2)}`, createdAt: later(-10) },
      expiresAt: later(20),
    })
    const [dead, alive] = [randomUUID(), randomUUID()]
    await db.kiosk.createMany({ data: [dead, alive].map(kiosk) })
    await noteKioskSeen(alive, later(-3))
    await noteKioskSeen(alive, later(-5))
    const silent = async (at: Date) => (await countSurveyWaiting(manager, at))?.silent.map(({ id }) => id)
    expect(await silent(now)).toEqual([dead])
    expect(await silent(later(1))).toEqual([dead, alive])
    expect(
      (await listKiosks(manager, null, now)).kiosks.map((one) => [one.id, one.silent]).toSorted(),
    ).toEqual(
      [
        [dead, true],
        [alive, false],
      ].toSorted(),
    )
    const row = await db.kiosk.findUniqueOrThrow({ where: { id: dead } })
    expect((await findKiosk(signKioskToken(row), 'quan-3', now)).ok).toBe(true)
    await superuser.query('UPDATE survey_kiosks SET revoked_at = now() WHERE id = $1', [dead])
    expect(await silent(now)).toEqual([])
  })

  it('has the silent kiosks of open agencies, however many stand at one that has ended', async () => {
    const kiosk = (id: string, agencyId: string) => ({
      ...{ id, agencyId, counter: 'Quầy 1', createdAt: later(-10), expiresAt: later(20) },
    })
    const open = randomUUID()
    const ended = Array.from({ length: 21 }, () => kiosk(randomUUID(), 'quan-1'))
    await db.kiosk.createMany({ data: [...ended, kiosk(open, 'quan-3')] })
    await noteKioskSeen(open, later(-5))
    await superuser.query(`UPDATE agency_versions SET valid_to = '2026-11-20' WHERE agency_id = 'quan-1'`)
    const waiting = await countSurveyWaiting(await makeStaff('survey_manager'), now)
    expect(waiting?.silent.map(({ id }) => id)).toEqual([open])
  })

  it('has an agency’s month outside its own limits, and no old one', async () => {
    const month = (at: string, top: number) =>
      superuser.query(
        `INSERT INTO survey_months (agency_id, questionnaire_version, question, month, respondents, counts)
         VALUES ('quan-3', 1, 'r1', $1, 60, $2)`,
        [`${at}-01`, JSON.stringify({ '1': 60 - top, '5': top })],
      )
    for (const at of ['2026-01', '2026-02', '2026-03', '2026-04', '2026-05', '2026-06']) await month(at, 50)
    await month('2026-07', 20)
    await month('2026-10', 20)
    expect((await countSurveyWaiting(await makeStaff('survey_manager'), now))?.outside).toMatchObject([
      { agencyId: 'quan-3', vi: 'Quận 3', month: '2026-10', side: 'below' },
    ])
  })

  it('has the answers of days that are over in fives, written apart from any answer', async () => {
    // Answers of earlier tests may still be counted in this process.
    await writeCounted()
    await superuser.query('DELETE FROM survey_days')
    await answer(7, later(-1))
    await writeCounted()
    await answer(6, later(-1))
    await answer(6, now)
    expect(await db.surveyDay.findMany()).toEqual([{ day: new Date('2026-11-23'), answers: 7 }])
    await writeCounted()
    const days = (await countSurveyWaiting(await makeStaff('survey_manager'), now))?.days ?? []
    expect(days).toHaveLength(30)
    expect(days.at(-1)).toEqual({ day: '2026-11-23', answers: 10, few: false })
    const { rows } = await superuser.query(
      `SELECT FROM survey_days d JOIN survey_responses r ON r.xmin = d.xmin`,
    )
    expect(rows).toHaveLength(0)
  })
})
