import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { GET as ofInvited } from '#app/api/v1/results/invited/route.ts'
import { rate } from '#features/ratings/rating/acts.ts'
import { readAgencyResults } from '#features/results/agency-data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { err } from '#lib/result.ts'
import { addMilliseconds, DAY, type Instant, localDate } from '#lib/time.ts'
import { superuser, waitingForLock } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { sentMessages } from '#tests/factories/messages.ts'
import { makeRating } from '#tests/factories/rating.ts'
import { confirm, openApproval } from '#tests/factories/second-person.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { must } from '#tests/must.ts'
import { reviewComment } from '../comments/acts.ts'
import { countAnswers } from '../receipts/data.ts'
import { askDraw, dropList, importCases, takeCases, takeSlips } from './acts.ts'
import { findStanding, inDraws } from './data.ts'
import { tendDraws } from './due-acts.ts'
import { casesSchema, LIST_DAYS } from './rules.ts'

const now = new Date('2026-12-02T03:00:00Z')
const later = (days: number) => addMilliseconds(now, days * DAY)

/** Returns a table of cases of two procedures, every fourth without a contact. */
const table = (cases: number) =>
  [
    'procedure,contact,reference',
    ...Array.from(
      { length: cases },
      (_, at) => `${at % 3 === 0 ? 'small' : 'large'},${at % 4 === 3 ? '' : `p${at}@example.vn`},HS-${at}`,
    ),
  ].join('\n')

const list = (manager: StaffActor, cases: number, more: { submitKey?: string; agency?: string } = {}) =>
  importCases(
    manager,
    {
      ...{ agency: 'quan-3', month: '11/2026', source: 'TTPVHCC', table: table(cases) },
      submitKey: randomUUID(),
      ...more,
    },
    now,
  )

/** Lists cases, and has some drawn and invited by two managers. Returns the draw's id. */
async function invite(cases: number, size: number, agency = 'quan-3'): Promise<string> {
  const manager = await makeStaff('survey_manager')
  const listed = must(await list(manager, cases, { agency }))
  await askDraw(manager, { drawId: listed, size, submitKey: randomUUID() }, now)
  must(await confirm(await makeStaff('survey_manager'), await openApproval(), now))
  return listed
}

const messages = (caseId: string, template: string) => sentMessages({ caseId, template })
const tokensOf = async (drawId: string) =>
  (await messages(drawId, 'invitation_invited')).map(({ params }) => params.token ?? '')

const answer = (
  token: string,
  at: Instant,
  {
    agencyId = 'quan-3',
    submitKey = randomUUID() as string,
    typed = {} as Record<string, string>,
    version = 1,
  } = {},
) =>
  rate(
    {
      ...{ agencyId, questionnaireVersion: version, submitKey },
      typed: {
        ...{ r1: '4', r2: 'ontime', r3: '0', r4: 'na', r5: '5', r6: 'right' },
        serviceDate: localDate(addMilliseconds(at, -DAY)),
        ...typed,
      },
      sender: { kind: 'invitation', token },
    },
    at,
  )
const refusedFor = (standing: string) => err({ kind: 'invitation', standing })
const kept = (drawId: string) => inDraws(() => db.surveyInvitation.findMany({ where: { drawId } }))

describe('a list of cases', () => {
  it('is taken whole or not at all, once for a month, from a form and from the one-stop system', async () => {
    const manager = await makeStaff('survey_manager')
    const submitKey = randomUUID()
    const of = { agency: 'quan-3', month: '11/2026', source: 'TTPVHCC' }
    const sent = (cases: object[], more = {}) =>
      takeCases(casesSchema.parse({ ...of, id: randomUUID(), cases, ...more }), now)
    const wrong = { ...of, submitKey: randomUUID(), table: `${table(40)}\nx,no contact,` }
    expect(await importCases(manager, wrong, now)).toEqual(
      err({ kind: 'rows', faults: [{ line: 42, fault: 'contact' }] }),
    )
    const rows = Array.from({ length: 29 }, () => ({}))
    expect(await sent(rows)).toEqual(err({ kind: 'few' }))
    expect(await sent(rows, { month: '2027-01' })).toEqual(err({ kind: 'future' }))
    expect(await list(await makeStaff('auditor'), 40)).toEqual(err({ kind: 'forbidden' }))
    const twice = await Promise.all([list(manager, 40, { submitKey }), list(manager, 40, { submitKey })])
    expect(twice[0]).toEqual(twice[1])
    expect(await list(manager, 50)).toEqual(err({ kind: 'listed' }))
    expect(await db.surveyDraw.count()).toBe(1)
    const other = await sent([...rows, {}], { agency: 'quan-4', id: submitKey })
    expect(other, 'a key that was used').toMatchObject(twice[0] ?? {})
    const [drawn] = await db.surveyDraw.findMany()
    expect(await kept(drawn?.id ?? '')).toHaveLength(40)
    expect(JSON.stringify(await kept(drawn?.id ?? ''))).not.toContain('example.vn')
  })

  it('goes undrawn by one press, and by itself after some days', async () => {
    const manager = await makeStaff('survey_manager')
    const first = await list(manager, 40)
    const drawId = first.ok ? first.value : ''
    expect(await dropList(manager, { drawId, submitKey: randomUUID() }, now)).toMatchObject({ ok: true })
    expect([await kept(drawId), await db.caseKey.count({ where: { caseId: drawId } })]).toEqual([[], 0])
    const second = await list(manager, 40)
    const left = second.ok ? second.value : ''
    await tendDraws(later(LIST_DAYS - 1))
    expect(await kept(left)).toHaveLength(40)
    await tendDraws(later(LIST_DAYS))
    expect(await kept(left)).toEqual([])
    expect(await db.auditEntry.count({ where: { act: 'survey.draw_closed' } })).toBe(1)
  })
})

it('a list past its days is deleted also where a reminder of another draw cannot be written', async () => {
  const drawId = await invite(60, 40)
  const listed = await list(await makeStaff('survey_manager'), 40, { agency: 'quan-4' })
  await superuser.query(`UPDATE survey_invitations SET sealed = '\\x00' WHERE draw_id = $1`, [drawId])
  await expect(tendDraws(later(10))).rejects.toThrow()
  expect(await kept(listed.ok ? listed.value : '')).toEqual([])
})

describe('a draw', () => {
  it('takes two people, invites who was drawn, and deletes who was not', async () => {
    const manager = await makeStaff('survey_manager')
    const listed = await list(manager, 90)
    const drawId = listed.ok ? listed.value : ''
    const ask = (size: number) => askDraw(manager, { drawId, size, submitKey: randomUUID() }, now)
    expect([await ask(20), await ask(91)]).toEqual([err('size'), err('more')])
    expect(await ask(40)).toMatchObject({ ok: true })
    expect(await confirm(manager, await openApproval(), now)).toEqual(err('own_request'))
    expect(await db.notice.count()).toBe(0)
    const second = await makeStaff('survey_manager')
    expect(await confirm(second, await openApproval(), now)).toMatchObject({ ok: true })
    const rows = await kept(drawId)
    expect(rows).toHaveLength(40)
    const sent = await messages(drawId, 'invitation_invited')
    expect(sent.length + rows.filter(({ onPaper }) => onPaper).length).toBe(40)
    expect(new Set(sent.map(({ to }) => to)).size).toBe(sent.length)
    expect(await db.surveyStratum.findMany({ orderBy: { procedure: 'asc' } })).toMatchObject([
      { procedure: 'large', cases: 60, drawn: 27 },
      { procedure: 'small', cases: 30, drawn: 13 },
    ])
    const entry = await db.auditEntry.findFirstOrThrow({ where: { act: 'survey.drawn' } })
    expect(entry).toMatchObject({ actorId: second.id, facts: { drawn: 40, cases: 90, sent: sent.length } })
    // Invitations are printed for cases that no message reaches, and the log names each person who took them.
    const slips = await takeSlips(second, { drawId, part: 1 }, now)
    expect(slips?.slips).toHaveLength(40 - sent.length)
    expect(await takeSlips(await makeStaff('auditor'), { drawId, part: 1 }, now)).toBeNull()
    expect(await db.auditEntry.count({ where: { act: 'survey.slips_taken' } })).toBe(1)
  })

  it('lets each link answer once, for its agency and its month, and says why it does not', async () => {
    const drawId = await invite(60, 40)
    const [one = '', two = ''] = await tokensOf(drawId)
    expect(await findStanding(one, 'quan-3', now)).toBe('open')
    const submitKey = randomUUID()
    const first = await answer(one, now, { submitKey })
    expect(first).toMatchObject({ ok: true })
    expect(await answer(one, now, { submitKey }), 'the same form again').toEqual(first)
    expect(await answer(one, now)).toEqual(refusedFor('spent'))
    expect(await answer(two, now, { agencyId: 'quan-4' })).toEqual(refusedFor('broken'))
    expect(await answer(`${two.slice(0, -1)}${two.endsWith('Z') ? 'Y' : 'Z'}`, now)).toEqual(
      refusedFor('broken'),
    )
    const both = await Promise.all([answer(two, now), answer(two, now)])
    expect(both.filter(({ ok }) => ok)).toHaveLength(1)
    const [, , three = ''] = await tokensOf(drawId)
    expect(await answer(three, later(30))).toEqual(refusedFor('over'))
    expect(await db.invitedResponse.count()).toBe(2)
    // They are separate: no tally changes, and nothing waits for ten other answers.
    expect([await db.surveyResponse.count(), await db.surveyTally.count()]).toEqual([0, 0])
    // Nothing in an answer leads to its invitation, whose contact is deleted.
    const spent = (await kept(drawId)).filter((row) => row.spent)
    expect(spent.map(({ sealed }) => sealed)).toEqual([null, null])
    const [given] = await db.invitedResponse.findMany()
    expect(Object.keys(given ?? {}).toSorted()).toEqual(
      [
        ...['agencyId', 'agencyVersionId', 'answers', 'counted', 'drawId', 'id', 'procedure'],
        ...['questionnaireVersion', 'serviceDate'],
      ].toSorted(),
    )
    const { rows } = await superuser.query(
      `SELECT count(*)::int AS joined FROM survey_invitations i JOIN survey_invited_responses r ON r.id = i.id`,
    )
    expect(rows).toEqual([{ joined: 0 }])
  })

  it('prints each slip in the same part, however many of others have answered', async () => {
    const manager = await makeStaff('survey_manager')
    const cases = Array.from({ length: 230 }, (_, at) => `p,,HS-${at}`)
    const sent = { agency: 'quan-3', month: '11/2026', source: 'TTPVHCC', submitKey: randomUUID() }
    const listed = await importCases(
      manager,
      { ...sent, table: ['procedure,contact,reference', ...cases].join('\n') },
      now,
    )
    const drawId = listed.ok ? listed.value : ''
    await askDraw(manager, { drawId, size: 230, submitKey: randomUUID() }, now)
    await confirm(await makeStaff('survey_manager'), await openApproval(), now)
    const part = async (n: number) => (await takeSlips(manager, { drawId, part: n }, now))?.slips ?? []
    const [first, second] = [await part(1), await part(2)]
    expect(new Set([...first, ...second].map(({ reference }) => reference)).size).toBe(230)
    for (const { token } of first.slice(0, 4)) expect(await answer(token, now)).toMatchObject({ ok: true })
    expect(await part(1)).toEqual(first.slice(4))
    expect(await part(2)).toEqual(second)
    expect(await part(0)).toEqual([])
  })

  it('is not closed as a list that nobody drew of while it is drawn', async () => {
    const manager = await makeStaff('survey_manager')
    const listed = await list(manager, 60)
    const drawId = listed.ok ? listed.value : ''
    const at = later(LIST_DAYS)
    await askDraw(manager, { drawId, size: 40, submitKey: randomUUID() }, at)
    const second = await makeStaff('survey_manager')
    const request = await openApproval()
    // Both wait for the draw's row, the confirmation first.
    await superuser.query('BEGIN')
    await superuser.query('SELECT FROM survey_draws WHERE id = $1 FOR UPDATE', [drawId])
    const confirmed = confirm(second, request, at)
    await expect.poll(waitingForLock).toBe(1)
    const tended = tendDraws(at)
    await expect.poll(waitingForLock).toBe(2)
    await superuser.query('COMMIT')
    expect(await confirmed).toMatchObject({ ok: true })
    await tended
    expect(await kept(drawId)).toHaveLength(40)
    const [one = ''] = await tokensOf(drawId)
    expect(await findStanding(one, 'quan-3', at)).toBe('open')
  })

  it('reminds once those who have not answered, and forgets all when its time is over', async () => {
    const drawId = await invite(60, 40)
    const [one = ''] = await tokensOf(drawId)
    await answer(one, now)
    await tendDraws(later(9))
    expect(await messages(drawId, 'invitation_reminded')).toEqual([])
    await tendDraws(later(10))
    await tendDraws(later(11))
    const invited = await tokensOf(drawId)
    const reminded = (await messages(drawId, 'invitation_reminded')).map(({ params }) => params.token)
    expect(reminded.toSorted()).toEqual(invited.filter((token) => token !== one).toSorted())
    await tendDraws(later(30))
    expect(await kept(drawId)).toEqual([])
    expect(await db.caseKey.count({ where: { caseId: drawId } })).toBe(0)
    expect(await inDraws(() => db.notice.count())).toBe(0)
    expect(await findStanding(invited[1] ?? '', 'quan-3', later(31))).toBe('over')
    expect(await db.surveyDraw.findFirst()).toMatchObject({ drawn: 40, answered: 1, released: null })
    // A single answer is not published.
    expect((await readAgencyResults('quan-3', later(31)))?.invited).toEqual([])
  })
})

it('what thirty answered is published once, weighed by procedure, apart from all else, with its comments', async () => {
  const drawId = await invite(120, 60)
  const tokens = await tokensOf(drawId)
  // Another version, without the last question, begins meanwhile. Its seven answers are counted with those of the first.
  await superuser.query(
    `INSERT INTO questionnaires (version, legal_basis, questions, published_at)
     SELECT 2, legal_basis, questions - (jsonb_array_length(questions) - 1), $1 FROM questionnaires WHERE version = 1`,
    [now],
  )
  for (const [at, token] of tokens.slice(0, 32).entries())
    expect(
      await answer(token, now, {
        version: at < 25 ? 1 : 2,
        typed: { r1: at % 4 === 0 ? '1' : '5', comment: ['Chờ lâu', 'Hoa ở quầy 3 rất chậm.'][at] ?? '' },
      }),
    ).toMatchObject({ ok: true })
  await tendDraws(later(29))
  expect(await db.invitedCell.count()).toBe(0)
  const comments = () => db.surveyComment.findMany({ orderBy: { text: 'asc' } })
  expect(await comments()).toMatchObject([
    { released: false, drawId },
    { released: false, drawId },
  ])
  await tendDraws(later(30))
  const results = await readAgencyResults('quan-3', later(31))
  const [release] = results?.invited ?? []
  expect(release).toMatchObject({
    cases: 120,
    drawn: 60,
    answered: 32,
    of: ['2026-11'],
    sources: ['TTPVHCC'],
  })
  const strata = await db.invitedResponse.findMany()
  const share = (procedure: string) => {
    const own = strata.filter((one) => one.procedure === procedure)
    return own.filter(({ answers }) => (answers as { r1: string }).r1 === '5').length / own.length
  }
  const enough = ['small', 'large'].every(
    (of) => strata.filter(({ procedure }) => procedure === of).length >= 10,
  )
  const expected = enough ? (40 * share('small') + 80 * share('large')) / 120 : 24 / 32
  expect(release?.share?.value).toBeCloseTo(expected, 3)
  expect(results?.responses, 'in no other figure').toBe(0)
  const [read, doubtful] = await comments()
  expect([read, doubtful]).toMatchObject([{ released: true }, { released: false, review: 'doubtful' }])
  const { id: commentId = '', revision = 0 } = doubtful ?? {}
  const passed = { commentId, revision, decision: 'passed', submitKey: randomUUID() } as const
  expect((await reviewComment(await makeStaff('survey_manager'), passed, later(31))).ok).toBe(true)
  for (let n = 0; n < 10; n++) await makeRating('quan-3', later(31), {}, { version: 2 })
  expect((await comments())[1], 'comes with the next ten').toMatchObject({ released: true })
  const json = await (
    await ofInvited(new Request('http://localhost/api/v1/results/invited'), { params: Promise.resolve({}) })
  ).json()
  expect(
    json.invited.find(
      ({ option, question }: { option: string; question: string }) => question === 'r1' && option === '5',
    ),
  ).toMatchObject({
    agency: 'quan-3',
    count: 24,
    respondents: 32,
    drawn: 60,
    answered: 32,
    service_months: '2026-11',
  })
  // The receipts' tree counts every answer, those of the ten too.
  const { allReceipts, counted, waiting, excluded } = await countAnswers(db)
  expect([allReceipts, counted, waiting + excluded]).toEqual([42, 42, 0])
  const cells = await db.invitedCell.findMany()
  await tendDraws(later(60))
  expect(await db.invitedCell.findMany()).toEqual(cells)
})
