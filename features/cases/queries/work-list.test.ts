import { randomUUID } from 'node:crypto'
import { expect, test } from 'vitest'
import type { StaffActor } from '#lib/access/actor.ts'
import { addMilliseconds, HOUR } from '#lib/time.ts'
import { db } from '#tests/db.ts'
import { AGREES, makeCase, makePolice, makeProvenCase, openProof } from '#tests/factories/case.ts'
import { makeStaff } from '#tests/factories/staff.ts'
import { decideCase } from '../commands/decide.ts'
import { takeAndOpen } from '../commands/take.ts'
import type { CaseDecision } from '../rules/decisions.ts'
import { nextCase, workList } from './work-list.ts'

const now = new Date()

async function decide(actor: StaffActor, number: string, decision: CaseDecision, words = {}) {
  const { id, version } = await db.case.findUniqueOrThrow({ where: { number } })
  await openProof(actor, id, now)
  const input = { number, version, decision, submitKey: randomUUID(), reason: 'Đã xem.', check: AGREES }
  expect(await decideCase(actor, { ...input, ...words }, now)).toMatchObject({ ok: true })
}

const numbers = async (actor: StaffActor) => (await workList(actor, now)).map(({ number }) => number)

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
  // A second person has what waits for one, but for what they verified themselves.
  const second = await numbers(supervisor)
  expect(second).toContain(verified)
  expect(second).not.toContain(own)
  expect(second).not.toContain(theirs)
  expect(second).not.toContain(elsewhere.number)
  expect(second).toEqual(second.toSorted(await byUrgency()))
})

/** The order of the queue: by what is due first. */
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
  expect(await nextCase(officer, one.number, now)).toBeNull()
  const two = await makeProvenCase({ unitId: 'quan-12' })
  expect(await nextCase(officer, one.number, now)).toBe(two.number)
  await decide(officer, two.number, 'take')
  await decide(officer, two.number, 'request_info', { reasonCode: 'proof', reason: '' })
  expect(await nextCase(officer, two.number, now)).toBe(one.number)
  expect(await nextCase(officer, one.number, now)).toBeNull()
  for (const role of ['relay', 'auditor', 'admin', 'carrier'] as const)
    expect(await workList(await makeStaff(role), now)).toEqual([])
})

test('taking and opening are one press: two acts, and the same press twice is one of each', async () => {
  const [officer, colleague] = [await makeStaff('officer'), await makeStaff('officer')]
  const { id, number } = await makeProvenCase()
  const { version } = await db.case.findUniqueOrThrow({ where: { id } })
  const press = { number, version, submitKey: randomUUID(), openKey: randomUUID(), decision: 'take' } as const
  for (let twice = 0; twice < 2; twice++)
    expect(await takeAndOpen(officer, press, now)).toEqual({ ok: true, value: true })
  expect(await db.caseEvent.count({ where: { caseId: id, move: 'take' } })).toBe(1)
  expect(await db.disclosure.findMany({ where: { caseId: id } })).toMatchObject([
    { accountId: officer.id, reason: 'ownership' },
  ])
  // A colleague who presses second opens nothing by it.
  const late = { ...press, submitKey: randomUUID(), openKey: randomUUID() }
  expect(await takeAndOpen(colleague, late, now)).toEqual({ ok: false, error: 'stale' })
  expect(await db.disclosure.count({ where: { caseId: id } })).toBe(1)
})
