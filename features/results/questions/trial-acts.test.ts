import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { GET as ofTable } from '#app/api/v1/tables/[table]/route.ts'
import {
  arrangeQuestion,
  decideTrial,
  publishDraft,
  startVersionDraft,
} from '#features/questionnaires/versions/acts.ts'
import { listPublicVersions } from '#features/questionnaires/versions/data.ts'
import { readAgencyResults } from '#features/results/agency-data.ts'
import { exportAnswers } from '#features/results/answers-acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { err } from '#lib/result.ts'
import { addMilliseconds, HOUR } from '#lib/time.ts'
import { superuser, waitingForLock } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeRating } from '#tests/factories/rating.ts'
import { confirm, openApproval } from '#tests/factories/second-person.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { readTrialPage } from './data.ts'
import { countForm, tendTrials, writeForms } from './trial-acts.ts'

const now = new Date('2026-12-02T03:00:00Z')
const WHY = { decisionVi: 'Câu hỏi mới dễ hiểu hơn.', decisionEn: 'The new question is clearer.' }

/** Starts a trial of version 2, which lacks a question, by two people, and with a size that a test can reach. */
async function tryTwo(manager: StaffActor, size: number): Promise<void> {
  await startVersionDraft(manager, { base: 1, submitKey: randomUUID() }, now)
  const on = { version: 2, revision: 0, submitKey: randomUUID() }
  await arrangeQuestion(manager, { ...on, key: 'e1', act: 'remove' }, now)
  const plan = {
    trial: '50',
    trialUntil: '31/01/2027',
    points: '30',
    reasonVi: 'Ngắn hơn.',
    reasonEn: 'Shorter.',
  }
  const asked = await publishDraft(manager, { ...on, revision: 1, submitKey: randomUUID(), ...plan }, now)
  expect(asked).toMatchObject({ ok: true })
  expect(await confirm(manager, await openApproval(), now)).toEqual(err('own_request'))
  const begun = await confirm(await makeStaff('survey_manager'), await openApproval(), now)
  expect(begun).toMatchObject({ ok: true })
  expect(await db.questionnaire.findUnique({ where: { version: 2 } })).toMatchObject({
    trialSize: 66,
    trialPoints: 30,
  })
  await superuser.query(`BEGIN; SET LOCAL session_replication_role = replica;
    UPDATE questionnaires SET trial_size = ${size} WHERE version = 2; COMMIT`)
}
const answers = async (agencyId: string, version: number, good: number, bad: number) => {
  for (let n = 0; n < good + bad; n++)
    await makeRating(agencyId, now, { r1: n < good ? '5' : '1' }, { version, address: randomUUID() })
}
const decide = (manager: StaffActor, decision: 'adopt' | 'drop', at = now) =>
  decideTrial(manager, { version: 2, submitKey: randomUUID(), decision, ...WHY }, at)

it('nothing of a trial is known before its size, to anybody; then it is compared once, office by office, and decided by two', async () => {
  const manager = await makeStaff('survey_manager')
  await tryTwo(manager, 20)
  countForm(2, 2)
  countForm(2, 2)
  countForm(2, 1)
  await writeForms()
  await answers('quan-3', 2, 8, 2)
  await answers('quan-3', 1, 5, 5)
  await answers('quan-4', 2, 5, 2)
  await answers('quan-4', 1, 5, 5)
  await tendTrials(now)
  // Ten answers to the trial at one office are not twenty: they are in no figure, table, export or page.
  expect(await readTrialPage(manager, 2, now)).toMatchObject({
    figures: null,
    tried: 10,
    size: 20,
    mayDecide: true,
  })
  expect(await readAgencyResults('quan-3', now)).toMatchObject({ responses: 10, share: { value: 0.5 } })
  expect(await db.surveyCell.count({ where: { questionnaireVersion: 2 } })).toBe(0)
  const params = Promise.resolve({ table: 'results.quan-3.2026-12' })
  const table = await (await ofTable(new Request('http://localhost/x'), { params })).text()
  expect(table).not.toContain('"questionnaire":2')
  const pieces = await exportAnswers(manager, 2, now)
  expect(await Array.fromAsync(pieces ?? [])).toHaveLength(1)
  expect(await decide(manager, 'adopt')).toEqual(err({ decision: 'decision.unreached' }))

  await answers('quan-4', 2, 3, 0)
  const later = addMilliseconds(now, HOUR)
  await tendTrials(later)
  const page = await readTrialPage(manager, 2, later)
  expect(page?.figures).toMatchObject({
    ...{ control: 1, agencies: 2, answers: { trial: 20, control: 20 }, forms: { trial: 2, control: 1 } },
  })
  const headline = page?.figures?.questions.find(({ key }) => key === 'r1')
  expect(headline?.difference?.value).toBeCloseTo(0.3)
  // All of it is public, and its form is no longer handed out.
  expect(await readAgencyResults('quan-3', later)).toMatchObject({ responses: 20, share: { value: 0.65 } })
  expect(await db.surveyTally.findMany({ where: { questionnaireVersion: 2 } })).toMatchObject([
    { published: 10, waiting: 0 },
    { published: 10, waiting: 0 },
  ])
  const [kept] = await db.questionnaire.findMany({ where: { version: 2 } })
  await tendTrials(addMilliseconds(later, HOUR))
  expect((await db.questionnaire.findMany({ where: { version: 2 } }))[0]).toEqual(kept)
  expect(await decide(manager, 'adopt', later)).toMatchObject({ ok: true })
  expect((await db.questionnaire.findMany({ where: { version: 2 } }))[0]?.adoptedAt).toBeNull()
  expect(await confirm(await makeStaff('survey_manager'), await openApproval(), later)).toMatchObject({
    ok: true,
  })
  expect(await readTrialPage(manager, 2, later)).toMatchObject({ adopted: true, ...WHY })
  const acts = await db.auditEntry.findMany({
    where: { subjectKind: 'questionnaire' },
    orderBy: { id: 'asc' },
  })
  expect(acts.map(({ act }) => act).slice(-3)).toEqual([
    'questionnaire.trial_reached',
    'questionnaire.decision_asked',
    'questionnaire.decide',
  ])
})

it('a trial’s figures minus an office’s public ones never leave the few who waited when it began', async () => {
  const manager = await makeStaff('survey_manager')
  await answers('quan-3', 1, 0, 3)
  await tryTwo(manager, 10)
  await answers('quan-3', 2, 10, 0)
  await answers('quan-3', 1, 17, 0)
  const later = addMilliseconds(now, HOUR)
  await tendTrials(later)
  const page = await readTrialPage(manager, 2, later)
  const cell = await db.surveyCell.findFirst({
    where: { agencyId: 'quan-3', questionnaireVersion: 1, question: 'r1' },
  })
  expect(cell).toMatchObject({ respondents: 20, published: { 1: 3, 5: 17 } })
  expect(page?.figures?.questions.find(({ key }) => key === 'r1')?.control).toMatchObject({
    respondents: 10,
    counts: { 5: 10 },
  })
})

it('an answer that comes while a trial is compared and released is in neither, so that no difference shows it', async () => {
  const manager = await makeStaff('survey_manager')
  await tryTwo(manager, 20)
  for (const agency of ['quan-3', 'quan-4'])
    for (const version of [1, 2]) await answers(agency, version, 10, 0)
  // The release stops at its first office; the answer is to the second one.
  await superuser.query('BEGIN; LOCK TABLE survey_cells IN SHARE MODE')
  const later = addMilliseconds(now, HOUR)
  const tended = tendTrials(later)
  while ((await waitingForLock()) < 1) await sleep(5)
  let recorded = false
  const rated = makeRating('quan-4', now, { r1: '1' }, { version: 2, address: randomUUID() }).then(() => {
    recorded = true
  })
  while (!recorded && (await waitingForLock()) < 2) await sleep(5)
  await superuser.query('COMMIT')
  await Promise.all([tended, rated])
  const cells = await db.surveyCell.findMany({ where: { questionnaireVersion: 2, question: 'r1' } })
  expect(cells.map(({ published }) => published)).toEqual([{ 5: 10 }, { 5: 10 }])
  const page = await readTrialPage(manager, 2, later)
  const headline = page?.figures?.questions.find(({ key }) => key === 'r1')
  expect(headline?.trial).toMatchObject({ respondents: 20, counts: { 5: 20 } })
  // It waits for nine others, as any answer.
  await tendTrials(addMilliseconds(later, HOUR))
  const tally = { where: { questionnaireVersion: 2, agencyId: 'quan-4' } }
  expect(await db.surveyTally.findMany(tally)).toMatchObject([{ published: 10, waiting: 1 }])
})

it('a trial that is stopped shows nothing, and what it asked like all others joins their figures', async () => {
  const manager = await makeStaff('survey_manager')
  await tryTwo(manager, 40)
  await answers('quan-3', 2, 10, 0)
  await answers('quan-4', 2, 4, 0)
  const later = addMilliseconds(now, HOUR)
  expect(await decide(manager, 'drop', later)).toMatchObject({ ok: true })
  await tendTrials(later)
  expect(await readTrialPage(manager, 2, later)).toMatchObject({ figures: null, mayDecide: false, ...WHY })
  const [version] = await listPublicVersions(later)
  expect(version).toMatchObject({ version: 2, trialFigures: null, trialSize: 40 })
  expect(await readAgencyResults('quan-3', later)).toMatchObject({ responses: 10, share: { value: 1 } })
  // Four people wait for six more, as with all answers.
  const four = { where: { questionnaireVersion: 2, agencyId: 'quan-4' } }
  expect(await db.surveyTally.findMany(four)).toMatchObject([{ published: 0, waiting: 4, waitingPeople: 4 }])
  // An answer sent as the trial ended was held, but still counts as a person.
  await superuser.query(
    `UPDATE survey_tallies SET waiting_people = 3 WHERE questionnaire_version = 2 AND agency_id = 'quan-4'`,
  )
  await tendTrials(addMilliseconds(later, HOUR))
  expect(await db.surveyTally.findMany(four)).toMatchObject([{ published: 0, waiting: 4, waitingPeople: 4 }])
})

it('the database lets nobody adopt a trial before its size, nor change what came of it', async () => {
  await tryTwo(await makeStaff('survey_manager'), 20)
  const refused = (set: string) =>
    expect(superuser.query(`UPDATE questionnaires SET ${set} WHERE version = 2`)).rejects.toThrow(
      /cannot change/,
    )
  await refused('adopted_at = now()')
  await refused('trial_size = 1')
  await superuser.query(
    `UPDATE questionnaires SET trial_reached_at = now(), trial_figures = '{}' WHERE version = 2`,
  )
  await refused(`trial_figures = '{"a": 1}'`)
  await refused('trial_reached_at = NULL')
})
