import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import type { StaffActor } from '#lib/access/actor.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import * as acts from './acts.ts'
import {
  findCredits,
  listAnsweredSuggestions,
  listSuggestions,
  listUncredited,
  readSuggestionPage,
} from './data.ts'
import type { AnsweredState } from './rules.ts'

const now = new Date('2026-11-24T03:00:00Z')
const ANSWER = { summaryVi: 'Hỏi thêm về phí.', answerVi: 'Đã thêm một câu về phí.' }

async function suggest(text: string, month = '2026-11-01'): Promise<string> {
  const id = randomUUID()
  await db.surveySuggestion.create({
    data: { id, questionnaireVersion: 1, receivedMonth: new Date(month), text },
  })
  return id
}
const on = async (id: string) => {
  const { revision } = await db.surveySuggestion.findUniqueOrThrow({ where: { id } })
  return { id, revision, submitKey: randomUUID() }
}
type On = Awaited<ReturnType<typeof on>>
const mergeSuggestion = (who: StaffActor, one: On, into: string, at: Date) =>
  acts.mergeSuggestion(who, { ...one, into }, at)
const mergeSeveral = (who: StaffActor, one: On, others: 'same' | readonly string[], at: Date) =>
  acts.mergeSeveral(
    who,
    others === 'same' ? { ...one, which: 'same' } : { ...one, which: 'chosen', other: [...others] },
    at,
  )
const separateSuggestion = acts.separateSuggestion
const answerSuggestion = (
  who: StaffActor,
  one: On,
  {
    state,
    outcome,
    typed,
  }: {
    readonly state: AnsweredState
    readonly outcome: { readonly version: number | null; readonly on: string }
    readonly typed: Readonly<Record<string, string>>
  },
  at: Date,
) => {
  const { summaryVi = '', summaryEn = '', answerVi = '', answerEn = '' } = typed
  const words = { summaryVi, summaryEn, answerVi, answerEn }
  return acts.answerSuggestion(
    who,
    { ...one, state, outcomeVersion: outcome.version ?? '', outcomeOn: outcome.on, ...words },
    at,
  )
}

type Outcome = Awaited<ReturnType<typeof acts.answerSuggestion>>
const said = (outcome: Outcome) => (outcome.ok ? 'done' : outcome.error)
const merge = async (who: StaffActor, id: string, into: string) =>
  said(await mergeSuggestion(who, await on(id), into, now))
const answer = async (
  who: StaffActor,
  id: string,
  state: AnsweredState,
  typed: Record<string, string> = ANSWER,
  outcome: { version: number | null; on: string } = { version: null, on: '2026-12-31' },
) => said(await answerSuggestion(who, await on(id), { state, outcome, typed }, now))

it('offers what is alike, merges it, and answers all of it at once; the public reads the manager’s words', async () => {
  const manager = await makeStaff('survey_manager')
  const one = await suggest('Nên hỏi thêm về phí phải trả, gọi tôi 0903123456')
  const two = await suggest('Nên hỏi thêm về phí phải trả')
  const three = await suggest('nên hỏi về phí phải trả thêm')
  await suggest('Nên hỏi thêm về chữ, chữ nhỏ quá')
  const alike = (await readSuggestionPage(manager, one))?.alike.map(({ id }) => id)
  expect(alike?.toSorted()).toEqual([two, three].toSorted())

  expect(await merge(manager, three, two)).toBe('done')
  expect(await merge(manager, two, one)).toBe('done')
  // Suggestions merged into the second one moved along with it.
  expect((await readSuggestionPage(manager, one))?.merged.map(({ id }) => id).toSorted()).toEqual(
    [two, three].toSorted(),
  )
  expect(await merge(manager, two, one)).toBe('closed')
  expect(await answer(manager, two, 'accepted')).toBe('closed')
  expect(said(await separateSuggestion(manager, await on(three), now))).toBe('done')

  expect(await answer(manager, one, 'tried', { ...ANSWER, answerVi: '' }, { version: 99, on: '' })).toEqual({
    answerVi: 'answer.empty',
    outcomeVersion: 'outcome.unknown',
  })
  // Neither an empty outcome nor an earlier version is accepted.
  const outcome = async (version: number | null, day: string) =>
    answer(manager, one, 'tried', ANSWER, { version, on: day })
  expect(await outcome(null, '')).toEqual({ outcomeVersion: 'outcome.missing' })
  expect(await outcome(1, '')).toEqual({ outcomeVersion: 'outcome.older' })
  expect(await outcome(null, '2026-11-23')).toEqual({ outcomeOn: 'due.past' })
  expect(await outcome(null, '12/2026')).toEqual({ outcomeOn: 'due.format' })
  expect(await answer(manager, one, 'tried')).toBe('done')
  // The manager who publishes a version is asked whether this suggestion led to it.
  expect((await listUncredited(manager, 2)).map(({ id }) => id)).toEqual([one])
  expect(await listUncredited(manager, 1)).toEqual([])
  expect(await listUncredited(await makeStaff('auditor'), 2)).toEqual([])
  await superuser.query(
    `INSERT INTO questionnaires (version, legal_basis, questions, base_version)
     SELECT 2, legal_basis, questions, 1 FROM questionnaires WHERE version = 1`,
  )
  expect(await answer(manager, one, 'accepted', ANSWER, { version: 2, on: '' })).toBe('done')
  expect(await listUncredited(manager, 2)).toEqual([])
  expect(await answer(manager, one, 'declined')).toBe('closed')

  const { rows } = await listAnsweredSuggestions(null)
  expect(rows).toMatchObject([{ ...ANSWER, state: 'accepted', outcomeVersion: 2, people: 2 }])
  expect(JSON.stringify(rows)).not.toContain('0903123456')
  expect((await findCredits([2])).get(2)).toHaveLength(1)
  const acts = await db.auditEntry.findMany({ where: { subjectKind: 'suggestion' }, orderBy: { id: 'asc' } })
  expect(acts.map(({ act }) => act)).toEqual([
    'suggestion.merge',
    // Those merged into the second are logged too.
    ...['suggestion.merge', 'suggestion.merge'],
    'suggestion.separate',
    'suggestion.answer',
    'suggestion.answer',
  ])
  expect(JSON.stringify(acts.map(({ facts }) => facts))).not.toContain('0903')
})

it('undoes a merge as it was: what had come along goes back with it', async () => {
  const manager = await makeStaff('survey_manager')
  const [a, b, c, root] = [
    await suggest('Thêm câu về chỗ gửi xe'),
    await suggest('Chỗ gửi xe đông'),
    await suggest('Gửi xe khó'),
    await suggest('Hỏi về bãi giữ xe'),
  ]
  expect(await merge(manager, c, b)).toBe('done')
  expect(await merge(manager, b, a)).toBe('done')
  expect(said(await mergeSeveral(manager, await on(root), [a], now))).toBe('done')
  const inside = async (id: string) =>
    (await readSuggestionPage(manager, id))?.merged.map((one) => one.id).toSorted()
  expect(await inside(root)).toEqual([a, b, c].toSorted())
  expect(said(await separateSuggestion(manager, await on(a), now))).toBe('done')
  expect([await inside(root), await inside(a)]).toEqual([[], [b, c].toSorted()])
  expect(said(await separateSuggestion(manager, await on(b), now))).toBe('done')
  expect([await inside(a), await inside(b)]).toEqual([[], [c]])
  // The log has the place of each suggestion, even of those that only moved along.
  const last = await db.auditEntry.findFirst({
    where: { subjectKind: 'suggestion', subjectId: c },
    orderBy: { id: 'desc' },
  })
  expect(last).toMatchObject({ act: 'suggestion.merge', facts: { into: b } })
})

it('lets one of two who act at once win, and never merges in a circle', async () => {
  const manager = await makeStaff('survey_manager')
  const [a, b] = [await suggest('Câu một'), await suggest('Câu hai')]
  const outcomes = await Promise.all([merge(manager, a, b), merge(manager, b, a)])
  expect(outcomes.filter((one) => one === 'done')).toHaveLength(1)
  const c = await suggest('Câu ba')
  const seen = await on(c)
  const answers = await Promise.all(
    (['accepted', 'declined'] as const).map((state) =>
      answerSuggestion(
        manager,
        { ...seen, submitKey: randomUUID() },
        { state, outcome: { version: null, on: '2026-12-31' }, typed: ANSWER },
        now,
      ),
    ),
  )
  expect(answers.map(said).toSorted()).toEqual(['changed', 'done'])
  await expect(
    superuser.query(`UPDATE survey_suggestions SET state = 'accepted' WHERE state = 'new'`),
  ).rejects.toThrow(/survey_suggestions_answer/)
})

it('lists them by state, page by page, to the survey manager alone', async () => {
  const manager = await makeStaff('survey_manager')
  for (let n = 0; n < 65; n++) await suggest(`Góp ý ${n}`, `2026-${n % 2 ? '10' : '11'}-01`)
  const first = await listSuggestions(manager, 'new', null)
  const second =
    first?.next && (await listSuggestions(manager, 'new', { key: first.next, direction: 'after' }))
  const third =
    second?.next && (await listSuggestions(manager, 'new', { key: second.next, direction: 'after' }))
  const all = [first, second, third].flatMap((page) => (page ? page.rows : []))
  expect(new Set(all.map(({ id }) => id)).size).toBe(65)
  expect([first?.previous, third?.next]).toEqual([null, null])
  const back =
    third?.previous && (await listSuggestions(manager, 'new', { key: third.previous, direction: 'before' }))
  expect(back ? back.rows.map(({ id }) => id) : []).toEqual(second ? second.rows.map(({ id }) => id) : [])
  expect(await listSuggestions(manager, 'declined', null)).toMatchObject({ rows: [], counts: { new: 65 } })
  for (const role of ['auditor', 'agency_viewer', 'admin'] as const) {
    const who = await makeStaff(role)
    expect(await listSuggestions(who, 'new', null)).toBeNull()
    expect(await readSuggestionPage(who, all[0]?.id ?? '')).toBeNull()
    expect(await answer(who, all[0]?.id ?? '', 'accepted')).toBe('forbidden')
  }
})

it('merges all that say the very same in one press, and nothing that is only alike or answered', async () => {
  const manager = await makeStaff('survey_manager')
  const one = await suggest('Nên hỏi thêm về phí phải trả')
  const same = [
    await suggest('nên hỏi  thêm về PHÍ phải trả '),
    await suggest('Nên hỏi thêm về phí phải trả'),
  ]
  const other = await suggest('Nên hỏi thêm về phí phải trả ở quầy')
  const answered = await suggest('Nên hỏi thêm về phí phải trả')
  expect(await answer(manager, answered, 'declined')).toBe('done')
  expect((await readSuggestionPage(manager, one))?.same).toBe(2)
  const all = (await listSuggestions(manager, 'new', null))?.rows.find(({ id }) => id === one)?.alike
  expect(all?.map((row) => [row.id, row.same])).toEqual([
    ...same.toSorted().map((id) => [id, true]),
    [other, false],
  ])
  expect(said(await mergeSeveral(await makeStaff('auditor'), await on(one), 'same', now))).toBe('forbidden')
  expect(said(await mergeSeveral(manager, await on(one), 'same', now))).toBe('done')
  const page = await readSuggestionPage(manager, one)
  expect(page?.merged.map(({ id }) => id).toSorted()).toEqual(same.toSorted())
  expect(page?.same).toBe(0)
  expect((await readSuggestionPage(manager, other))?.suggestion.state).toBe('new')
  // Merges the chosen ones among the similar; skips those answered meanwhile, and the suggestion itself.
  expect(said(await mergeSeveral(manager, await on(one), [other, answered, one], now))).toBe('done')
  expect((await readSuggestionPage(manager, other))?.suggestion).toMatchObject({ mergedIntoId: one })
  expect((await readSuggestionPage(manager, answered))?.suggestion.state).toBe('declined')
})
