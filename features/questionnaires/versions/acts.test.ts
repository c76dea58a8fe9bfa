import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { GET as ofAgency } from '#app/api/v1/results/[agency]/route.ts'
import { GET as ofAll } from '#app/api/v1/results/answers/route.ts'
import { rate } from '#features/ratings/rating/acts.ts'
import { readRatingPage } from '#features/ratings/rating/data.ts'
import { readAgencyResults } from '#features/results/agency-data.ts'
import { readQuestionResults, readTrialPage } from '#features/results/questions/data.ts'
import { tendTrials } from '#features/results/questions/trial-acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { addMilliseconds, DAY } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { confirm, openApproval } from '#tests/factories/second-person.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import type { QuestionKind } from '../questions/rules.ts'
import { findCredits, listUncredited } from '../suggestions/data.ts'
import * as acts from './acts.ts'
import { listPublicVersions, readVersionPage } from './data.ts'

// The route is tested as well: page, JSON and CSV must have the same figures.

const request = (accept: string) => new Request('http://localhost/', { headers: { accept } })

const now = new Date('2026-11-24T03:00:00Z')
const asks = (version: number | null) => ({ version, from: null })
const later = addMilliseconds(now, 3 * DAY)
const REASONS = { reasonVi: 'Người dân muốn nói rõ hơn.', reasonEn: 'People wanted to say more.' }
const SEVERAL = {
  vi: 'Ông/bà đã dùng những cách nào?',
  en: 'Which of these did you use?',
  optionVi1: 'Trang mạng',
  optionEn1: 'Web site',
  optionVi2: 'Tại quầy',
  optionEn2: 'Counter',
}
const TEXT = { vi: 'Điều gì nên làm khác?', en: 'What should be done differently?' }

type Typed = Readonly<Record<string, string | string[]>>
type On = Awaited<ReturnType<typeof on>>
const { discardDraft, retireVersion, startVersionDraft } = acts
const saveQuestion = (
  who: StaffActor,
  draft: On,
  question: { readonly key: string } | { readonly kind: QuestionKind },
  typed: Typed,
  at: Date,
) => acts.saveQuestion(who, { ...draft, ...question, ...typed }, at)
const arrangeQuestion = (who: StaffActor, draft: On, key: string, act: 'up' | 'down' | 'remove', at: Date) =>
  acts.arrangeQuestion(who, { ...draft, key, act }, at)
const saveBasis = (who: StaffActor, draft: On, legalBasis: string, at: Date) =>
  acts.saveBasis(who, { ...draft, legalBasis }, at)
const publishDraft = (who: StaffActor, draft: On, typed: Typed, at: Date) =>
  acts.publishDraft(who, { ...draft, ...typed }, at)
const decideTrial = (
  who: StaffActor,
  one: { readonly version: number; readonly submitKey: string },
  typed: Typed,
  at: Date,
) => acts.decideTrial(who, { ...one, ...typed }, at)

type Outcome = Awaited<ReturnType<typeof acts.saveBasis>>
const said = (outcome: Outcome) => (outcome.ok ? outcome.value : outcome.error)
const on = async (version: number) => {
  const { revision } = await db.questionnaire.findUniqueOrThrow({ where: { version } })
  return { version, revision, submitKey: randomUUID() }
}

/** Makes version 2 as a draft with two more questions: `q1` with several choices and `q2` in free text. */
async function draftTwo(manager: StaffActor): Promise<number> {
  const started = await startVersionDraft(manager, { base: 1, submitKey: randomUUID() }, now)
  const version = started.ok ? started.value : 0
  expect(said(await saveQuestion(manager, await on(version), { kind: 'several' }, SEVERAL, now))).toBe(
    version,
  )
  expect(said(await saveQuestion(manager, await on(version), { kind: 'text' }, TEXT, now))).toBe(version)
  return version
}
const publish = async (
  manager: StaffActor,
  version: number,
  typed: Record<string, string | readonly string[]> = {},
  at = now,
) => {
  const points = typed.trial === undefined ? {} : { points: '30' }
  const done = said(await publishDraft(manager, await on(version), { ...REASONS, ...points, ...typed }, at))
  if (typed.trial === undefined || typeof done !== 'number') return done
  // A trial begins once another person has confirmed its plan.
  expect((await db.questionnaire.findUnique({ where: { version } }))?.publishedAt).toBeNull()
  const confirmed = await confirm(await makeStaff('survey_manager'), await openApproval(), at)
  return confirmed.ok ? version : confirmed.error
}

const DECIDED = { decisionVi: 'Câu hỏi mới dễ hiểu hơn.', decisionEn: 'The new question is clearer.' }
const decided = async (manager: StaffActor, version: number, typed: Record<string, string>, at = now) =>
  said(await decideTrial(manager, { version, submitKey: randomUUID() }, typed, at))

const ANSWERS = { r1: '4', r2: 'ontime', r3: '0', r4: 'na', r5: '5', r6: 'right', serviceDate: '2026-11-24' }
async function answer(questionnaireVersion: number, typed: Record<string, string | string[]> = {}, at = now) {
  const rated = await rate(
    {
      agencyId: 'quan-3',
      questionnaireVersion,
      typed: { ...ANSWERS, ...typed },
      submitKey: randomUUID(),
      sender: { kind: 'address', address: randomUUID(), issued: '', proof: '' },
    },
    at,
  )
  return rated.ok ? 'taken' : rated.error.kind === 'faults' ? rated.error.faults : rated.error.kind
}

describe('a draft', () => {
  it('is made, edited, published and answered, with a line in the audit log for each act', async () => {
    const manager = await makeStaff('survey_manager')
    const version = await draftTwo(manager)
    expect(version).toBe(2)
    expect(await answer(2)).toBe('replaced')
    expect(said(await arrangeQuestion(manager, await on(2), 'q2', 'up', now))).toBe(2)
    expect(said(await arrangeQuestion(manager, await on(2), 'e6', 'remove', now))).toBe(2)
    expect(await publish(manager, 2)).toBe(2)
    expect(await answer(2, { q1: ['counter', 'web_site'], q2: 'Xếp hàng ngắn hơn.' })).toBe('taken')
    expect(await answer(2, { q1: ['counter', 'fax'] })).toEqual({ q1: 'answer.unknown' })
    const [response] = await db.surveyResponse.findMany()
    expect(response).toMatchObject({ questionnaireVersion: 2, answers: { q1: ['web_site', 'counter'] } })
    expect(JSON.stringify(response?.answers)).not.toContain('q2')
    expect(await db.surveyComment.findMany()).toMatchObject([
      { text: 'Xếp hàng ngắn hơn.', question: 'q2', questionnaireVersion: 2 },
    ])
    for (let n = 0; n < 9; n++) expect(await answer(2, { q1: 'counter', q2: `Ý ${n}` })).toBe('taken')
    const results = await readAgencyResults('quan-3', now)
    const figures = results?.questions ?? []
    expect(figures.find(({ question }) => question.key === 'q1')).toMatchObject({
      respondents: 10,
      counts: { web_site: 1, counter: 10 },
    })
    expect(figures.some(({ question }) => question.key === 'q2')).toBe(false)
    // It has no options to count, but is listed all the same.
    expect(results?.texts).toMatchObject([{ version: 2, key: 'q2', answers: 10 }])
    const asked = async (accept: string) =>
      Promise.all([
        ofAgency(request(accept), { params: Promise.resolve({ agency: 'quan-3' }) }),
        ofAll(request(accept), { params: Promise.resolve({}) }),
      ]).then((answers) => Promise.all(answers.map((one) => one.text())))
    const [json = '', bulk = ''] = await asked('application/json')
    expect(JSON.parse(json).texts).toEqual([
      { questionnaire: 2, question: 'q2', text: { vi: TEXT.vi, en: TEXT.en }, answers: 10 },
    ])
    const [csv = '', all = ''] = await asked('text/csv')
    expect(csv).toMatch(/^quan-3,2,q2,,10,10,,,,,,,2,,/m)
    expect(all).toMatch(/^quan-3,.*,2,2,,q2,.*,,,,10,10,,,,/m)
    for (const file of [json, bulk, csv, all]) expect(file).not.toMatch(/Xếp hàng|Ý \d/)
    const [newest] = await listPublicVersions(now)
    expect(newest).toMatchObject({ version: 2, state: 'current', reasonVi: REASONS.reasonVi })
    expect(newest?.changes.map(({ kind, question }) => `${kind} ${question.key}`)).toEqual([
      'added q2',
      'added q1',
      'removed e6',
    ])
    const acts = await db.auditEntry.findMany({
      where: { subjectKind: 'questionnaire' },
      orderBy: { id: 'asc' },
    })
    expect(acts.map(({ act }) => act)).toEqual([
      'questionnaire.draft',
      'questionnaire.question',
      'questionnaire.question',
      'questionnaire.up',
      'questionnaire.remove',
      'questionnaire.publish',
    ])
  })

  it('tells the second of two editors, and keeps the first one’s work', async () => {
    const [one, two] = [await makeStaff('survey_manager'), await makeStaff('survey_manager')]
    const version = await draftTwo(one)
    const { revision } = await on(version)
    const edits = [one, two].map((who) =>
      saveQuestion(
        who,
        { version, revision, submitKey: randomUUID() },
        { key: 'q2' },
        { ...TEXT, vi: who.id },
        now,
      ),
    )
    const outcomes = await Promise.all(edits)
    expect(outcomes.map(said).toSorted()).toEqual([version, 'stale'])
    const winner = outcomes[0]?.ok ? one : two
    const page = await readVersionPage(one, version, now)
    expect(page?.questions.find(({ key }) => key === 'q2')?.vi).toBe(winner.id)
  })

  it('is made of the questions of Decree 118/2025 too, and published as every other', async () => {
    const manager = await makeStaff('survey_manager')
    const started = await startVersionDraft(
      manager,
      { base: 1, set: 'decree118', submitKey: randomUUID() },
      now,
    )
    const version = started.ok ? started.value : 0
    const draft = await db.questionnaire.findUniqueOrThrow({ where: { version } })
    expect(draft).toMatchObject({ baseVersion: 1, legalBasis: expect.stringContaining('118/2025') })
    const keys = (draft.questions as { key: string }[]).map(({ key }) => key)
    expect(keys).toEqual(['r1', 'r2', 'r3', 'r4', 'r5', 'r6', 'e1', 'e2', 'e7', 'e8', 'e9', 'e5', 'e6'])
    expect(await publish(manager, version)).toBe(version)
  })

  it('is published once, by the form that comes first, and the same form twice is one', async () => {
    const manager = await makeStaff('survey_manager')
    const version = await draftTwo(manager)
    const draft = await on(version)
    const keys = [randomUUID(), randomUUID(), randomUUID(), draft.submitKey, draft.submitKey]
    const outcomes = await Promise.all(
      keys.map((submitKey) => publishDraft(manager, { ...draft, submitKey }, REASONS, now)),
    )
    expect(outcomes.filter(({ ok }) => ok).length).toBeGreaterThan(0)
    expect(new Set(outcomes.map(said))).toEqual(new Set([version, 'stale']))
    expect(await db.auditEntry.count({ where: { act: 'questionnaire.publish' } })).toBe(1)
  })

  it('of which one language was edited is published once somebody says that the other still asks the same', async () => {
    const manager = await makeStaff('survey_manager')
    await startVersionDraft(manager, { base: 1, submitKey: randomUUID() }, now)
    const e3 = (await readVersionPage(manager, 2, now))?.questions.find(({ key }) => key === 'e3')
    if (!e3) throw new Error('there is no e3')
    const typed = Object.fromEntries(
      e3.options.flatMap(({ vi, en }, at) => [
        [`optionVi${at + 1}`, vi],
        [`optionEn${at + 1}`, en],
        [`optionCode${at + 1}`, e3.options[at]?.code ?? ''],
      ]),
    )
    const edited = {
      ...typed,
      vi: `${e3.vi} Vì sao?`,
      en: e3.en,
      source: e3.source,
      sourceEn: e3.sourceEn ?? '',
    }
    expect(said(await saveQuestion(manager, await on(2), { key: 'e3' }, edited, now))).toBe(2)
    expect((await readVersionPage(manager, 2, now))?.oneLanguage).toMatchObject([{ unchanged: 'en' }])
    expect(await publish(manager, 2)).toEqual({ otherLanguage: 'otherLanguage.empty' })
    expect(await publish(manager, 2, { otherLanguage: 'on' })).toBe(2)
  })

  it('is not published unchanged, without reasons, with somebody in them or in the past', async () => {
    const manager = await makeStaff('survey_manager')
    await startVersionDraft(manager, { base: 1, submitKey: randomUUID() }, now)
    expect(await publish(manager, 2)).toBe('problems')
    await saveQuestion(manager, await on(2), { kind: 'text' }, TEXT, now)
    expect(await publish(manager, 2, { reasonEn: '', on: '2026-11-23', trial: '99' })).toEqual({
      reasonEn: 'change.empty',
      on: 'on.past',
      trial: 'trial.unknown',
    })
    const named = { reasonVi: 'Theo góp ý của chị Trần Bảo Ngọc.' }
    expect(await publish(manager, 2, named)).toEqual({ reasonVi: 'personal' })
    expect(said(await saveBasis(manager, await on(2), 'Hỏi ông Tư, 0903 123 456.', now))).toEqual({
      legalBasis: 'personal',
    })
    expect(said(await saveBasis(manager, await on(2), 'Nghị định 61/2018/NĐ-CP', now))).toBe(2)
    expect(said(await discardDraft(manager, await on(2), now))).toBe(2)
    expect(await db.questionnaire.count()).toBe(1)
  })

  it('is nobody’s but a survey manager’s', async () => {
    for (const role of ['auditor', 'agency_viewer', 'admin', 'officer'] as const) {
      const who = await makeStaff(role)
      expect(said(await startVersionDraft(who, { base: 1, submitKey: randomUUID() }, now))).toBe('forbidden')
      expect(said(await retireVersion(who, { version: 1, submitKey: randomUUID() }, now))).toBe('forbidden')
    }
  })
})

describe('versions', () => {
  it('take over on their day, and open forms are taken for a day more', async () => {
    const manager = await makeStaff('survey_manager')
    await draftTwo(manager)
    expect(await publish(manager, 2, { on: '27/11/2026' })).toBe(2)
    const asked = async (at: Date) => (await readRatingPage('quan-3', asks(null), at))?.questionnaire.version
    expect([await asked(now), await asked(later)]).toEqual([1, 2])
    expect(await answer(2)).toBe('replaced')
    expect(await answer(1, {}, later)).toBe('taken')
    expect(await answer(1, {}, addMilliseconds(later, DAY))).toBe('replaced')
    // A retired version gives way to the one before; the last one cannot be retired.
    const retired = (version: number, at: Date) =>
      retireVersion(manager, { version, submitKey: randomUUID() }, at)
    expect(said(await retired(2, later))).toBe(2)
    expect(await asked(later)).toBe(1)
    expect(said(await retired(1, later))).toBe('last')
    expect(said(await retired(2, later))).toBe('stale')
  })

  it('on trial are one, get a share of the forms, and count for themselves', async () => {
    const manager = await makeStaff('survey_manager')
    await draftTwo(manager)
    expect(await publish(manager, 2, { trial: '50', trialUntil: '31/12/2026' })).toBe(2)
    const draws = await Promise.all(
      Array.from({ length: 60 }, () => readRatingPage('quan-3', asks(null), now)),
    )
    expect(draws.every((page) => page?.drawn)).toBe(true)
    const trial = draws.filter((page) => page?.questionnaire.version === 2).length
    // A fair coin is outside these bounds once in some ten million runs.
    expect(trial).toBeGreaterThan(9)
    expect(trial).toBeLessThan(51)
    // A form opened by an address with a version keeps that version.
    expect(await readRatingPage('quan-3', asks(2), now)).toMatchObject({
      questionnaire: { version: 2 },
      drawn: false,
    })
    expect(await readRatingPage('quan-3', asks(9), now)).toMatchObject({
      questionnaire: { version: 1 },
      drawn: false,
    })
    expect([await answer(1), await answer(2)]).toEqual(['taken', 'taken'])
    const tallies = await db.surveyTally.findMany({ orderBy: { questionnaireVersion: 'asc' } })
    expect(tallies.map((one) => [one.questionnaireVersion, one.waiting])).toEqual([
      [1, 1],
      [2, 1],
    ])

    await startVersionDraft(manager, { base: 2, submitKey: randomUUID() }, now)
    await arrangeQuestion(manager, await on(3), 'q1', 'remove', now)
    const trial5 = { trial: '5', trialUntil: '31/12/2026' }
    expect(await publish(manager, 3, trial5)).toBe('trial_running')
    // A trial that has begun ends with a decision and its reason.
    expect(said(await retireVersion(manager, { version: 2, submitKey: randomUUID() }, now))).toBe('undecided')
    expect(await decided(manager, 2, { decision: 'drop', decisionVi: '' })).toEqual({
      decisionVi: 'change.empty',
      decisionEn: 'change.empty',
    })
    expect(await decided(manager, 2, { decision: '', ...DECIDED })).toEqual({ decision: 'decision.empty' })
    const next = addMilliseconds(now, DAY)
    expect(await decided(manager, 2, { decision: 'drop', ...DECIDED }, next)).toBe(2)
    expect(await decided(manager, 2, { decision: 'adopt', ...DECIDED }, next)).toBe('stale')
    expect(await answer(2, {}, next)).toBe('replaced')
    expect((await listPublicVersions(next)).find(({ version }) => version === 2)).toMatchObject({
      state: 'retired',
      ...DECIDED,
    })
    expect(await publish(manager, 3, trial5, next)).toBe(3)
  })

  it('are credited to the suggestions that led to them, as they are published', async () => {
    const manager = await makeStaff('survey_manager')
    const suggest = async (state: 'tried' | 'accepted' | 'declined', questionnaireVersion = 1) => {
      const id = randomUUID()
      const words = { summaryVi: 'Hỏi thêm về phí.', answerVi: 'Sẽ hỏi thử.', answeredAt: now }
      const outcomeOn = state === 'declined' ? null : new Date('2026-12-31')
      await db.surveySuggestion.create({
        data: {
          ...{ id, state, questionnaireVersion, outcomeOn, ...words },
          receivedMonth: new Date('2026-10-01'),
          text: 'Hỏi cả phí nữa',
        },
      })
      return id
    }
    const read = (id: string) => db.surveySuggestion.findUniqueOrThrow({ where: { id } })
    await draftTwo(manager)
    const [tried, accepted, declined] = [
      await suggest('tried'),
      await suggest('accepted'),
      await suggest('declined'),
    ]
    expect((await listUncredited(manager, 2)).map(({ id }) => id).sort()).toEqual([tried, accepted].sort())
    // One suggestion that cannot be credited refuses the whole, and nothing is published.
    for (const wrong of [declined, await suggest('tried', 2), randomUUID(), "x'"])
      expect(await publish(manager, 2, { credit: [tried, wrong] })).toEqual({ credit: 'credit.closed' })
    expect(await read(tried)).toMatchObject({ state: 'tried', outcomeVersion: null })
    const trial = { trial: '50', trialUntil: '31/12/2026' }
    expect(await publish(manager, 2, { ...trial, credit: [tried, tried] })).toBe(2)
    expect(await read(tried)).toMatchObject({ state: 'tried', outcomeVersion: 2, outcomeOn: null })
    expect((await listUncredited(manager, 2)).map(({ id }) => id)).toEqual([accepted])
    expect((await findCredits([2])).get(2)).toMatchObject([{ id: tried }])
    const answered = await db.auditEntry.findMany({ where: { act: 'suggestion.answer' } })
    expect(answered).toMatchObject([{ subjectId: tried }])
  })

  it('that everybody gets make what was tried for them accepted', async () => {
    const manager = await makeStaff('survey_manager')
    await draftTwo(manager)
    const id = randomUUID()
    await db.surveySuggestion.create({
      data: {
        ...{ id, state: 'tried', questionnaireVersion: 1, text: 'Phí', summaryVi: 'Phí.', answerVi: 'Thử.' },
        ...{ answeredAt: now, receivedMonth: new Date('2026-10-01'), outcomeOn: new Date('2026-12-31') },
      },
    })
    expect(await publish(manager, 2, { credit: id })).toBe(2)
    expect(await db.surveySuggestion.findUniqueOrThrow({ where: { id } })).toMatchObject({
      state: 'accepted',
      outcomeVersion: 2,
    })
  })

  it('on trial have a plan and a last day, after which they are stopped where too few have answered', async () => {
    const manager = await makeStaff('survey_manager')
    await draftTwo(manager)
    expect(await publish(manager, 2, { trial: '50', trialUntil: '' })).toEqual({
      trialUntil: 'trialUntil.empty',
    })
    expect(await publish(manager, 2, { trial: '50', trialUntil: '23/11/2026' })).toEqual({
      trialUntil: 'trialUntil.before',
    })
    expect(await publish(manager, 2, { trial: '50', trialUntil: '25/11/2026' })).toBe(2)
    expect(await readTrialPage(await makeStaff('agency_viewer'), 2, now)).toBeNull()
    expect(await readTrialPage(manager, 1, now)).toBeNull()
    // After its days everybody gets the version in use, until the trial is decided.
    const over = new Date('2026-11-26T03:00:00Z')
    const asked = async () =>
      new Set(
        (await Promise.all(Array.from({ length: 20 }, () => readRatingPage('quan-3', asks(null), over)))).map(
          (page) => page?.questionnaire.version,
        ),
      )
    expect([...(await asked())]).toEqual([1])
    // Too few have answered: one person can stop it, but not adopt it.
    expect(await decided(manager, 2, { decision: 'adopt', ...DECIDED }, over)).toEqual({
      decision: 'decision.unreached',
    })
    expect(await decided(manager, 2, { decision: 'drop', ...DECIDED }, over)).toBe(2)
    expect([...(await asked())]).toEqual([1])
    expect(await readTrialPage(manager, 2, over)).toMatchObject({ size: 66, points: 30, figures: null })
    expect(await db.auditEntry.count({ where: { act: 'questionnaire.decide' } })).toBe(1)
  })

  it('for everybody are everybody’s from their day: the trial of the version before ends with it', async () => {
    const manager = await makeStaff('survey_manager')
    await draftTwo(manager)
    expect(await publish(manager, 2, { trial: '50', trialUntil: '31/12/2026' })).toBe(2)
    await startVersionDraft(manager, { base: 1, submitKey: randomUUID() }, now)
    await arrangeQuestion(manager, await on(3), 'e6', 'remove', now)
    expect((await readVersionPage(manager, 3, now))?.openTrial).toEqual({ version: 2, running: true })
    expect(await publish(manager, 3, { on: '27/11/2026' })).toBe(3)
    const pages = await Promise.all(
      Array.from({ length: 30 }, () => readRatingPage('quan-3', asks(null), later)),
    )
    expect(new Set(pages.map((page) => page?.questionnaire.version))).toEqual(new Set([3]))
    expect((await listPublicVersions(later)).find(({ version }) => version === 2)?.state).toBe('tried')
  })

  it('add up what they ask alike, the version in use first and the trial last, in JSON and CSV alike', async () => {
    const manager = await makeStaff('survey_manager')
    await draftTwo(manager)
    const changed = { ...SEVERAL, vi: 'Ông/bà thấy thái độ phục vụ thế nào?', en: 'How were you treated?' }
    expect(said(await saveQuestion(manager, await on(2), { kind: 'single' }, changed, now))).toBe(2)
    expect(await publish(manager, 2, { trial: '50', trialUntil: '31/12/2026' })).toBe(2)
    // Six answers to each are twelve, but neither has ten.
    for (const version of [1, 2]) for (let n = 0; n < 6; n++) await answer(version)
    expect(await readAgencyResults('quan-3', now)).toMatchObject({ responses: 0, versions: 2, questions: [] })
    for (let n = 0; n < 4; n++) await answer(1)
    for (let n = 0; n < 4; n++) await answer(2, { q1: 'counter' })
    // The ten answers to the trial wait, even to questions that both versions ask.
    expect(await readAgencyResults('quan-3', now)).toMatchObject({ responses: 10 })
    expect(await decided(manager, 2, { decision: 'drop', ...DECIDED }, later)).toBe(2)
    await tendTrials(later)
    const found = await readAgencyResults('quan-3', later)
    const uses = found?.questions.map(({ use }) => use) ?? []
    expect(uses).toEqual(uses.toSorted((a, b) => (a === 'trial' ? 1 : 0) - (b === 'trial' ? 1 : 0)))
    const of = (key: string) => found?.questions.filter(({ question }) => question.key === key)
    expect(of('r1')).toMatchObject([{ version: 1, versions: [1, 2], use: 'current', respondents: 20 }])
    expect(of('q1')).toMatchObject([{ version: 2, versions: [2], use: 'trial', respondents: 0 }])
    expect(found?.trials).toMatchObject([{ version: 2, percent: 50, size: 66, reached: false }])
    const params = Promise.resolve({ agency: 'quan-3' })
    const asked = (accept: string) =>
      ofAgency(new Request('http://localhost/', { headers: { accept } }), { params })
    const json = await (await asked('*/*')).json()
    // The route reads the clock itself.
    expect(json.questions[0]).toMatchObject({ question: 'r1', versions: [1, 2], respondents: 20 })
    const csv = await (await asked('text/csv')).text()
    expect(csv.split('\r\n')[0]).toMatch(/,versions,use,/)
    expect(csv).toMatch(/^quan-3,1,r1,4,20,20,.*,1 2,current,/m)
    expect(await readQuestionResults(2, 'r1', later)).toMatchObject({ version: 1, city: { respondents: 20 } })
  })
})

describe('the database', () => {
  const refused = (sql: string, why: RegExp) => expect(superuser.query(sql)).rejects.toThrow(why)

  it('lets drafts change, and of what is published only its end, once', async () => {
    const manager = await makeStaff('survey_manager')
    await draftTwo(manager)
    await superuser.query(`UPDATE questionnaires SET legal_basis = 'x' WHERE version = 2`)
    await publish(manager, 2)
    for (const column of [
      'questions',
      'legal_basis',
      'reason_vi',
      'trial_percent',
      'base_version',
      'published_at',
      'revision',
    ]) {
      const value =
        column === 'questions' ? `'[]'` : column.endsWith('_at') || column === 'base_version' ? 'NULL' : '7'
      await refused(`UPDATE questionnaires SET ${column} = ${value} WHERE version = 2`, /it cannot change/)
    }
    await refused('DELETE FROM questionnaires WHERE version = 2', /it cannot change/)
    await superuser.query('UPDATE questionnaires SET retired_at = now() WHERE version = 2')
    await refused('UPDATE questionnaires SET retired_at = NULL WHERE version = 2', /it cannot change/)
  })

  it('holds no version without its headline or its reason, and no second trial', async () => {
    const manager = await makeStaff('survey_manager')
    await draftTwo(manager)
    const set = (values: string) =>
      `UPDATE questionnaires SET published_at = now(), ${values} WHERE version = 2`
    await refused(set(`reason_vi = 'a', reason_en = 'b', questions = '[]'`), /questionnaires_headline/)
    await refused(set(`reason_vi = 'a', reason_en = ' '`), /questionnaires_reason/)
    await refused(`UPDATE questionnaires SET trial_percent = 10 WHERE version = 2`, /questionnaires_draft/)
    await publish(manager, 2, { trial: '10', trialUntil: '31/12/2026' })
    await refused(
      `UPDATE questionnaires SET adopted_at = now(), trial_reached_at = now() WHERE version = 2`,
      /questionnaires_adopted/,
    )
    await refused(
      `UPDATE questionnaires SET decision_vi = 'a', decision_en = 'b' WHERE version = 2`,
      /_decision/,
    )
    await refused(
      `UPDATE questionnaires SET trial_ends_at = now() + interval '1 year' WHERE version = 2`,
      /it cannot change/,
    )
    await startVersionDraft(manager, { base: 2, submitKey: randomUUID() }, now)
    await refused(
      `UPDATE questionnaires SET published_at = now(), reason_vi = 'a', reason_en = 'b', trial_percent = 10,
         trial_ends_at = now() + interval '9 days'
       WHERE version = 3`,
      /questionnaires_one_trial/,
    )
  })
})
