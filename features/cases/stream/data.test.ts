import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { StaffActor } from '#lib/access/actor.ts'
import { staffScope } from '#lib/access/scope.ts'
import { err, ok } from '#lib/result.ts'
import { addMilliseconds, HOUR } from '#lib/time.ts'
import { db } from '#tests/db.ts'
import { AGREES, makeCase, makePolice, makeProvenCase, openProof } from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { decideCase } from '../decisions/acts.ts'
import type { CaseDecision } from '../decisions/rules.ts'
import { takeAndOpen } from '../queue/acts.ts'
import { listQueueRows } from '../queue/data.ts'
import { countViewsOf, toReader } from '../queue/page-data.ts'
import { WHOLE_QUEUE } from '../queue/rules.ts'
import { findNext, findPlaceBefore, listWaiting, readDoneToday, readStreamAround } from './data.ts'
import { oneDone, type Stream, usualStream } from './rules.ts'

const now = new Date()

async function decide(actor: StaffActor, number: string, decision: CaseDecision, words = {}, at = now) {
  const { id, version } = await db.case.findUniqueOrThrow({ where: { number } })
  await openProof(actor, id, now)
  const input = { number, version, decision, submitKey: randomUUID(), reason: 'Đã xem.', check: AGREES }
  expect(await decideCase(actor, { ...input, ...words }, at)).toMatchObject({ ok: true })
}

const numbers = async (actor: StaffActor) =>
  (await listWaiting(actor, usualStream, now)).map(({ number }) => number)
const nextCase = (actor: StaffActor, number: string) =>
  findNext(actor, usualStream, { number, key: null }, now)

test('the list of a person has what they may decide, the most urgent first, and nothing that a colleague has in hand', async () => {
  const { officer, supervisor } = await makePolice('quan-11')
  const colleague = await makeStaff('officer', { unitId: 'quan-11' })
  const made = async (hours: number) =>
    (await makeProvenCase({ unitId: 'quan-11', now: addMilliseconds(now, -hours * HOUR) })).number
  const [late, mine, theirs, verified, own] = [
    await made(20),
    await made(15),
    await made(10),
    await made(8),
    await made(6),
  ]
  const elsewhere = await makeCase({ unitId: 'quan-10' })
  await decide(officer, mine, 'take')
  await decide(colleague, theirs, 'take')
  for (const [number, by] of [
    [verified, colleague],
    [own, supervisor],
  ] as const) {
    await decide(by, number, 'take')
    await decide(by, number, 'verify')
  }
  expect(await numbers(officer)).toEqual([late, mine].toSorted(await byUrgency()))
  // A second person has what waits for one, except what they verified themselves.
  const second = await numbers(supervisor)
  expect(second).toContain(verified)
  expect(second).not.toContain(own)
  expect(second).not.toContain(theirs)
  expect(second).not.toContain(elsewhere.number)
  expect(second).toEqual(second.toSorted(await byUrgency()))
})

async function byUrgency() {
  const rows = await db.case.findMany({ select: { number: true, actBy: true } })
  const due = new Map(rows.map(({ number, actBy }) => [number, actBy?.getTime() ?? 0]))
  return (a: string, b: string) => (due.get(a) ?? 0) - (due.get(b) ?? 0)
}

test('who judged one claim on a phone does not have the other in the list; a colleague has', async () => {
  const { officer } = await makePolice('quan-12')
  const { officer: colleague } = await makePolice('quan-12')
  const one = await makeProvenCase({ unitId: 'quan-12' })
  const other = await makeProvenCase({ unitId: 'quan-12', imeis: one.imeis })
  expect(await numbers(officer)).toContain(other.number)
  await decide(officer, one.number, 'take')
  await decide(officer, one.number, 'verify')
  expect(await numbers(officer)).not.toContain(other.number)
  expect(await numbers(colleague)).toContain(other.number)
})

test('after a decision the next one opens, and nothing where nothing is left', async () => {
  const { officer } = await makePolice('quan-12')
  const one = await makeProvenCase({ unitId: 'quan-12' })
  expect(await nextCase(officer, one.number)).toBeNull()
  const two = await makeProvenCase({ unitId: 'quan-12' })
  expect(await nextCase(officer, one.number)).toBe(two.number)
  await decide(officer, two.number, 'take')
  await decide(officer, two.number, 'request_info', { reasonCode: 'proof', reason: '' })
  expect(await nextCase(officer, two.number)).toBe(one.number)
  expect(await nextCase(officer, one.number)).toBeNull()
  for (const role of ['relay', 'auditor', 'admin', 'carrier'] as const)
    expect(await listWaiting(await makeStaff(role), usualStream, now)).toEqual([])
})

test('two tabs of one list: each goes on past what the other did, and where a colleague emptied it nothing is left', async () => {
  const { officer } = await makePolice('quan-12')
  const colleague = await makeStaff('officer', { unitId: 'quan-12' })
  const made = async (hours: number) =>
    (await makeProvenCase({ unitId: 'quan-12', now: addMilliseconds(now, -hours * HOUR) })).number
  const [a, b, c] = [await made(9), await made(6), await made(3)]
  const ask = async (actor: StaffActor, number: string) => {
    await decide(actor, number, 'take')
    await decide(actor, number, 'request_info', { reasonCode: 'proof', reason: '' })
  }
  /** Sends the form of a tab that was opened before anything was done. */
  const old = (number: string) => {
    const input = { number, version: 1, decision: 'take' as const, submitKey: randomUUID(), check: {} }
    return decideCase(officer, input, now)
  }
  const eventsOf = (number: string) => db.caseEvent.count({ where: { case: { number } } })
  await ask(officer, a)
  const events = await eventsOf(a)
  expect(await nextCase(officer, a)).toBe(b)
  expect(await old(a)).toEqual(err('changed'))
  expect(await eventsOf(a)).toBe(events)
  // The other tab was also faster with the second one.
  await ask(officer, b)
  expect(await old(b)).toEqual(err('changed'))
  expect(await nextCase(officer, b)).toBe(c)
  await ask(colleague, c)
  expect(await old(c)).toEqual(err('changed'))
  expect(await nextCase(officer, c)).toBeNull()
  expect(await numbers(officer)).toEqual([])
})

test('taking and opening are one press: two acts, and the same press twice is one of each', async () => {
  const [officer, colleague] = [await makeStaff('officer'), await makeStaff('officer')]
  const { id, number } = await makeProvenCase()
  const { version } = await db.case.findUniqueOrThrow({ where: { id } })
  const press = { number, version, submitKey: randomUUID(), openKey: randomUUID(), decision: 'take' } as const
  for (let twice = 0; twice < 2; twice++) expect(await takeAndOpen(officer, press, now)).toEqual(ok(true))
  expect(await db.caseEvent.count({ where: { caseId: id, move: 'take' } })).toBe(1)
  expect(await db.disclosure.findMany({ where: { caseId: id } })).toMatchObject([
    { accountId: officer.id, reason: 'ownership' },
  ])
  // A colleague who presses second opens nothing by it.
  const late = { ...press, submitKey: randomUUID(), openKey: randomUUID() }
  expect(await takeAndOpen(colleague, late, now)).toEqual(err('changed'))
  expect(await db.disclosure.count({ where: { caseId: id } })).toBe(1)
})

function unitScope(actor: StaffActor) {
  const scope = staffScope(actor)
  if (!scope) throw new Error('police have a scope')
  return scope
}

test('the next case is the next of the list that was begun, in its order, and what was decided counts in the place', async () => {
  const { officer, supervisor } = await makePolice('quan-11')
  const made = async () => {
    const made = await makeProvenCase({ unitId: 'quan-11', now })
    await decide(officer, made.number, 'take')
    await decide(officer, made.number, 'verify')
    return made
  }
  const three = [await made(), await made(), await made()]
  const waiting = await listQueueRows(
    unitScope(supervisor),
    { ...WHOLE_QUEUE, view: 'approve' },
    toReader(supervisor, now),
    null,
    9,
  )
  const [a, b, c] = waiting.map(({ id }) => three.find((one) => one.id === id))
  if (!a || !b || !c) throw new Error('three wait')
  // A report that nobody has does not concern an approver.
  const urgent = await makeProvenCase({ unitId: 'quan-11', now })
  let stream: Stream = { filter: { ...WHOLE_QUEUE, view: 'approve' }, done: 0 }
  const around = async (of: { id: string }) => {
    const { at, of: all, rows } = await readStreamAround(supervisor, stream, of, now)
    return [at, all, rows.map(({ number }) => number)]
  }
  expect(await around(b)).toEqual([2, 3, [a.number, b.number, c.number]])
  const key = await findPlaceBefore(supervisor, stream, b.id, now)
  await decide(supervisor, b.number, 'approve')
  expect(await findNext(supervisor, stream, { number: b.number, key }, now)).toBe(c.number)
  stream = oneDone(stream)
  expect(await around(c)).toEqual([3, 3, [a.number, c.number]])
  // After the last one the list starts again, with what was passed over.
  const last = await findPlaceBefore(supervisor, stream, c.id, now)
  await decide(supervisor, c.number, 'approve')
  expect(await findNext(supervisor, stream, { number: c.number, key: last }, now)).toBe(a.number)
  stream = oneDone(stream)
  await decide(supervisor, a.number, 'approve')
  expect(await findNext(supervisor, stream, { number: a.number, key: null }, now)).toBeNull()
  expect((await listWaiting(officer, usualStream, now)).map(({ number }) => number)).toEqual([urgent.number])
})

test('what I have is to do or with others, what I decided is done, and the counts say so', async () => {
  const { officer, supervisor } = await makePolice('quan-12')
  const [one, two, three] = [
    await makeProvenCase({ unitId: 'quan-12' }),
    await makeProvenCase({ unitId: 'quan-12' }),
    await makeProvenCase({ unitId: 'quan-12' }),
  ]
  for (const { number } of [one, two, three]) await decide(officer, number, 'take')
  const shown = async (actor: StaffActor) => {
    const counts = await countViewsOf(actor, now)
    return (['mine', 'others', 'done'] as const).map((view) => counts.get(view)?.count)
  }
  expect(await shown(officer)).toEqual([3, 0, 0])
  await decide(officer, one.number, 'verify')
  const later = addMilliseconds(now, 1)
  await decide(officer, two.number, 'request_info', { reasonCode: 'proof', reason: '' }, later)
  expect(await shown(officer)).toEqual([1, 2, 2])
  await decide(supervisor, one.number, 'approve')
  expect(await shown(officer)).toEqual([1, 1, 2])
  expect(await shown(supervisor)).toEqual([0, 0, 1])
  expect(await readDoneToday(officer, now)).toMatchObject({ count: 2, last: [{ number: two.number }, {}] })
})

test('the last decision is taken back by its maker while nobody has acted on it, and is in the history like every move', async () => {
  const { officer, supervisor } = await makePolice('quan-12')
  const { id, number } = await makeProvenCase({ unitId: 'quan-12' })
  await decide(officer, number, 'take')
  await decide(officer, number, 'verify')
  const [last] = (await readDoneToday(officer, now)).last
  expect(last).toMatchObject({ number, move: 'verify' })
  const back = async (actor: StaffActor, version: number | null) =>
    decideCase(actor, { number, version: version ?? 0, decision: 'take_back', submitKey: randomUUID() }, now)
  expect(await back(supervisor, last?.undoable ?? null)).toEqual(err('not_yours'))
  expect(await back(officer, last?.undoable ?? null)).toMatchObject({ ok: true })
  expect(await db.case.findUniqueOrThrow({ where: { id } })).toMatchObject({
    state: 'under_review',
    verifiedById: null,
    decidedAt: null,
    assigneeId: officer.id,
  })
  // Verified again and sent back; the person who sent it back restores the verification as it was.
  await decide(officer, number, 'verify')
  const verified = await db.case.findUniqueOrThrow({ where: { id } })
  await decide(supervisor, number, 'send_back')
  const [sent] = (await readDoneToday(supervisor, now)).last
  expect(await back(officer, sent?.undoable ?? null)).toEqual(err('forbidden'))
  expect(await back(supervisor, sent?.undoable ?? null)).toMatchObject({ ok: true })
  expect(await db.case.findUniqueOrThrow({ where: { id } })).toMatchObject({
    state: 'verified',
    verifiedById: officer.id,
    decidedAt: verified.decidedAt,
  })
  // Once somebody has acted on it, it is too late.
  await decide(supervisor, number, 'approve')
  expect((await readDoneToday(officer, now)).last[0]).toMatchObject({ undoable: null })
  expect(await back(officer, verified.version)).toEqual(err('changed'))
  const moves = (await db.caseEvent.findMany({ where: { caseId: id }, orderBy: { seq: 'asc' } })).map(
    ({ move }) => move,
  )
  expect(moves.slice(-5)).toEqual(['take_back', 'verify', 'send_back', 'take_back_return', 'approve'])
})
