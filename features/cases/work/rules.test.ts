import { expect, test } from 'vitest'
import type { Actor } from '#lib/access/actor.ts'
import { MOVES, type Move, ruleOf } from '../moves/rules.ts'
import { workOf } from './rules.ts'

const now = new Date('2026-11-24T03:00:00Z')
const staff: Actor = {
  kind: 'staff',
  id: 'maker',
  name: '',
  role: 'supervisor',
  unitId: 'quan-3',
  agencyId: null,
  carrierId: null,
}
const before = {
  assigneeId: 'assignee',
  verifiedById: 'verifier',
  rejectedById: 'rejecter',
  submittedAt: now,
  dueAt: now,
  firstActionAt: now,
  appealedAt: now,
}

/** Returns what a move counts by its own rule, without clocks and papers. */
const counted = (move: Move, actor: Actor, appealedAt: Date | null = now) =>
  workOf(
    { ...before, appealedAt },
    { move, from: 'verified', set: { needsWork: true }, reasonCode: 'proof' },
    actor,
    null,
    now,
  ).map(({ accountId, measure, code }) => `${measure} ${accountId} ${code}`.trim())

test.each(MOVES)('%s counts in the measures of its own rule, and in no others', (move) => {
  const { counts = [] } = ruleOf(move)
  const measures = [...counted(move, staff), ...counted(move, { kind: 'system' })].map(
    (line) => line.split(' ')[0],
  )
  expect(new Set(measures)).toEqual(new Set(counts))
})

test('a measure is of the person whose work it is', () => {
  expect(counted('request_info', staff)).toEqual(['asked_more maker proof'])
  expect(counted('reject', staff)).toEqual(['rejected maker proof', 'appeal_refused rejecter'])
  expect(counted('reject', staff, null)).toEqual(['rejected maker proof'])
  expect(counted('send_back', staff)).toEqual(['sent_back verifier'])
  expect(counted('approve', staff)).toEqual(['appeal_upheld rejecter'])
  expect(counted('approve', staff, null)).toEqual([])
})

test('a case that its person gives back themselves counts as nothing', () => {
  expect(counted('release', staff)).toEqual([])
  expect(counted('release', { kind: 'system' })).toEqual(['returned assignee'])
  expect(counted('unassign', { kind: 'system' })).toEqual(['returned assignee'])
})
