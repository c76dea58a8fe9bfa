import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import { countTasks, listCaseTasks } from '#features/tasks/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { citizenScope } from '#lib/access/scope.ts'
import { err } from '#lib/result.ts'
import { addMilliseconds, DAY } from '#lib/time.ts'
import { superuser } from '#tests/database.ts'
import { db } from '#tests/db.ts'
import { type MadeCase, makeCase, makePolice, makeProvenCase, move, stateOf } from '#tests/factories/case.ts'
import { sentThrice } from '#tests/sent-thrice.ts'
import { caseForCitizen } from '../citizen/data.ts'
import { runClocks } from '../clocks/acts.ts'
import { recordDeskAct } from '../desk/acts.ts'
import { serveLetter } from './acts.ts'
import { readServedLetters } from './data.ts'
import { decisionsIn } from './rules.ts'

const NOW = new Date('2026-11-24T03:00:00Z')
const row = ({ id }: MadeCase) => db.case.findUniqueOrThrow({ where: { id } })

async function rejected(contact: { kind: 'email'; value: string } | null) {
  const police = await makePolice()
  const made = await makeCase({ now: NOW, particulars: { contact } })
  await move(made.id, police.officer, { move: 'take' }, NOW)
  await move(
    made.id,
    police.officer,
    { move: 'reject', reasonCode: 'not_owner', text: 'Hóa đơn tên khác.' },
    NOW,
  )
  const { version } = await row(made)
  return { made, ...police, seq: version }
}

async function serve(
  made: MadeCase,
  by: StaffActor,
  seq: number,
  more: { outcome?: 'refused'; reason?: string } = {},
  now = NOW,
) {
  const { version } = await row(made)
  const input = {
    number: made.number,
    version,
    submitKey: randomUUID(),
    decisionSeq: seq,
    outcome: 'signed',
    reason: '',
    ...more,
  } as const
  return sentThrice(() => serveLetter(by, input, now))
}

test('a person whom nothing can tell appeals within 30 days of the letter, not of a rejection that they never heard of', async () => {
  const { made, officer, supervisor, seq } = await rejected(null)
  const late = addMilliseconds(NOW, 60 * DAY)
  expect(await row(made)).toMatchObject({ unheardSeq: seq, heardAt: null })
  expect(await serve(made, officer, seq, {}, late)).toEqual({ ok: true, value: true })
  expect(await row(made)).toMatchObject({ unheardSeq: null, heardAt: late })
  const appeal = (after: number) =>
    move(made.id, supervisor, { move: 'appeal', text: 'Tên tôi ở trang sau.' }, addMilliseconds(late, after))
  await expect(appeal(30 * DAY + 1)).rejects.toThrow('appeal_late')
  await appeal(30 * DAY)
  expect(await stateOf(made.id)).toBe('under_review')
  expect(await db.notice.count({ where: { caseId: made.id } })).toBe(0)
})

test('an approval that lets carriers watch has no letter; the block that the person then wishes has one', async () => {
  const { officer, supervisor } = await makePolice()
  const made = await makeProvenCase({ now: NOW, particulars: { contact: null } })
  const person = { kind: 'citizen' } as const
  for (const wish of ['watch', 'block', 'watch'] as const) await move(made.id, person, { move: wish }, NOW)
  await move(made.id, officer, { move: 'take' }, NOW)
  await move(made.id, officer, { move: 'verify' }, NOW)
  await move(made.id, supervisor, { move: 'approve' }, NOW)
  expect(await row(made)).toMatchObject({ state: 'watching', unheardSeq: null })
  const { version: watched } = await row(made)
  expect(await serve(made, officer, watched)).toEqual(err('no_letter'))
  await move(made.id, person, { move: 'block' }, NOW)
  const { version: seq } = await row(made)
  expect(await row(made)).toMatchObject({ state: 'blocking', unheardSeq: seq })
  const view = await caseForCitizen(citizenScope(made.id, 'full'), made.id)
  expect(decisionsIn(view?.events ?? [], [])).toMatchObject([{ kind: 'block', event: { seq } }])
  expect(await serve(made, officer, seq)).toEqual({ ok: true, value: true })
  expect(await row(made)).toMatchObject({ unheardSeq: null })
})

test('a refused end of a watch has a letter, though the approval of the watch had none', async () => {
  const { officer, supervisor } = await makePolice()
  const made = await makeProvenCase({ now: NOW, particulars: { contact: null } })
  await move(made.id, { kind: 'citizen' }, { move: 'watch' }, NOW)
  await move(made.id, officer, { move: 'take' }, NOW)
  await move(made.id, officer, { move: 'verify' }, NOW)
  await move(made.id, supervisor, { move: 'approve' }, NOW)
  await move(made.id, { kind: 'citizen' }, { move: 'request_unblock' }, NOW)
  await move(made.id, supervisor, { move: 'refuse_unblock', reasonCode: 'other', text: 'Giấy tờ mờ.' }, NOW)
  const { version: seq, state, unheardSeq } = await row(made)
  expect({ state, unheardSeq }).toEqual({ state: 'watching', unheardSeq: seq })
  const view = await caseForCitizen(citizenScope(made.id, 'full'), made.id)
  expect(decisionsIn(view?.events ?? [], [])).toMatchObject([{ kind: 'unblock_refused', event: { seq } }])
  expect(await serve(made, officer, seq)).toEqual({ ok: true, value: true })
})

test('a letter that is not taken counts as served with its reason, and its person reads it', async () => {
  const { made, officer, seq } = await rejected(null)
  expect(await serve(made, officer, seq, { outcome: 'refused' })).toEqual(err('text_missing'))
  expect(await row(made)).toMatchObject({ unheardSeq: seq })
  const reason = 'Không đồng ý với lý do.'
  expect(await serve(made, officer, seq, { outcome: 'refused', reason })).toEqual({ ok: true, value: true })
  expect(await readServedLetters(citizenScope(made.id, 'full'), made.id)).toEqual([
    { decisionSeq: seq, outcome: 'refused', servedAt: NOW },
  ])
  const view = await caseForCitizen(citizenScope(made.id, 'full'), made.id)
  expect(view?.events[0]).toMatchObject({ move: 'serve_letter', reasonCode: 'refused', message: reason })
  expect(await serve(made, officer, seq)).toEqual(err('done'))
})

test('two officers who serve one letter at once write it down once; nobody of another unit does', async () => {
  const { made, officer, supervisor, seq } = await rejected(null)
  const { officer: elsewhere } = await makePolice('quan-1')
  expect(await serve(made, elsewhere, seq)).toEqual(err('not_found'))
  expect(await serve(made, officer, 1)).toEqual(err('no_letter'))
  const { version } = await row(made)
  const at = (by: StaffActor) =>
    serveLetter(
      by,
      {
        number: made.number,
        version,
        submitKey: randomUUID(),
        decisionSeq: seq,
        outcome: 'signed',
        reason: '',
      },
      NOW,
    )
  const done = await Promise.all([at(officer), at(supervisor)])
  expect(done.filter(({ ok }) => ok)).toHaveLength(1)
  expect(await db.servedLetter.findMany({ where: { caseId: made.id } })).toHaveLength(1)
  expect(await db.auditEntry.count({ where: { act: 'case.serve_letter', subjectId: made.id } })).toBe(1)
  // Nobody can change or delete the record.
  await expect(db.servedLetter.deleteMany({ where: { caseId: made.id } })).rejects.toThrow(
    /permission denied/,
  )
})

test('a person with a contact was told by it: a letter beside it moves no clock', async () => {
  const { made, officer, seq } = await rejected({ kind: 'email', value: 'anh@example.vn' })
  expect(await row(made)).toMatchObject({ unheardSeq: null, heardAt: null })
  const later = addMilliseconds(NOW, 20 * DAY)
  expect(await serve(made, officer, seq, {}, later)).toEqual({ ok: true, value: true })
  expect(await row(made)).toMatchObject({ heardAt: null })
  await expect(
    move(made.id, { kind: 'citizen' }, { move: 'appeal' }, addMilliseconds(NOW, 31 * DAY)),
  ).rejects.toThrow('appeal_late')
  expect(await db.notice.count({ where: { caseId: made.id, template: 'serve_letter' } })).toBe(1)
})

test('the unit has the task to tell them until the letter is served, the oldest untold decision first', async () => {
  const { made, officer, supervisor, seq } = await rejected(null)
  const { officer: elsewhere } = await makePolice('quan-1')
  const waits = async (by: typeof officer) => (await countTasks(by, NOW)).to_serve ?? 0
  expect([await waits(officer), await waits(supervisor), await waits(elsewhere)]).toEqual([1, 1, 0])
  expect(await listCaseTasks(officer, NOW)).toMatchObject([
    { number: made.number, kind: 'to_serve', actBy: addMilliseconds(NOW, 3 * DAY) },
  ])
  await move(made.id, officer, { move: 'ask_correction', text: 'Sai tên.' }, NOW)
  await move(made.id, supervisor, { move: 'refuse_data_request', text: 'Tên đúng theo căn cước.' }, NOW)
  const { version } = await row(made)
  expect(await row(made)).toMatchObject({ unheardSeq: seq })
  expect(await serve(made, officer, seq)).toEqual({ ok: true, value: true })
  expect(await row(made)).toMatchObject({ unheardSeq: version, heardAt: NOW })
  expect(await waits(officer)).toBe(1)
  expect(await serve(made, officer, version)).toEqual({ ok: true, value: true })
  expect(await waits(officer)).toBe(0)
})

test('the database keeps no receipt that is older than its decision', async () => {
  const { made, officer, seq } = await rejected(null)
  await expect(
    superuser.query(
      `INSERT INTO served_letters (case_id, decision_seq, event_seq, outcome, served_by_id, served_at)
       VALUES ($1, $2, $2, 'signed', $3, now())`,
      [made.id, seq, officer.id],
    ),
  ).rejects.toThrow(/served_letters_after/)
})

test('a withdrawal that was written down at the desk takes effect, and its letter waits to be served as nothing else tells of it', async () => {
  const { officer } = await makePolice()
  const made = await makeCase({ now: NOW, particulars: { contact: null } })
  const { number, version } = await row(made)
  const input = { number, version, submitKey: randomUUID(), act: 'withdraw', message: 'Máy đã về.' } as const
  expect(await recordDeskAct(officer, input, NOW)).toEqual({ ok: true, value: true })
  expect(await row(made)).toMatchObject({ unheardSeq: null })
  const end = addMilliseconds(NOW, DAY)
  await runClocks(end)
  expect(await stateOf(made.id)).toBe('withdrawn')
  const after = await row(made)
  expect(after.unheardSeq).toBe(after.version)
  expect(await countTasks(officer, end)).toMatchObject({ to_serve: 1 })
  expect(await serve(made, officer, after.version, {}, end)).toEqual({ ok: true, value: true })
  expect(await row(made)).toMatchObject({ unheardSeq: null })
})
