import { describe, expect, it, test } from 'vitest'
import { addMilliseconds, DAY, HOUR } from '#lib/time.ts'
import { type CaseSnapshot, newSnapshot } from '../record/snapshot-rules.ts'
import { CASE_STATES, type CaseState } from '../record/state-rules.ts'
import { nextEntries } from '../timeline/rules.ts'
import {
  type CarrierLine,
  CHAPTERS,
  type Chapter,
  caseStanding,
  countCarriers,
  filerHasIt,
  isLate,
  ownLines,
} from './rules.ts'

// A Tuesday; the decision is due on Friday at 17:00.
const SENT = new Date('2026-11-24T03:00:00Z')
const DECISION = new Date('2026-11-27T10:00:00Z')
const holidays = new Set<string>()
const at = (now = addMilliseconds(SENT, HOUR)) => ({ now, holidays })

const snapshot = (state: CaseState, also: Partial<CaseSnapshot> = {}): CaseSnapshot => ({
  ...newSnapshot({
    ...{ id: 'c', number: 'HCM-0000-0000-0', areaId: 'quan-3', unitId: 'quan-3' },
    ...{ incidentType: 'robbed', submittedAt: SENT },
  }),
  ...{ state, version: 3 },
  rejectedAt: state === 'rejected' ? SENT : null,
  closedAt: state === 'expired' ? SENT : null,
  ...also,
})

/** One officer found the holder right. */
const LOSING = { objectedAt: SENT, unblockVerifiedById: 'x', unblockReason: 'wrong' } as const
const WITHOUT_CLOCK: readonly CaseState[] = ['watching', 'blocked', 'withdrawn', 'unblocked']

describe('standingOf', () => {
  it.each(CASE_STATES)('has a chapter, a holder and honest clocks for %s', (state) => {
    const standing = caseStanding(snapshot(state), at())
    expect(standing.chapter).toBe(state)
    expect(standing.clocks.length > 0).toBe(!WITHOUT_CLOCK.includes(state))
    expect(standing.clocks.some((clock) => clock.overdue)).toBe(false)
  })

  it('reaches every chapter', () => {
    const reached = new Set<Chapter>([
      ...CASE_STATES.map((state) => caseStanding(snapshot(state), at()).chapter),
      caseStanding(snapshot('under_review', { appealedAt: SENT }), at()).chapter,
      caseStanding(snapshot('submitted', { imeiUnknown: true }), at()).chapter,
      caseStanding(snapshot('rejected', { appealedAt: SENT }), at()).chapter,
      caseStanding(snapshot('expired'), at(addMilliseconds(SENT, 30 * DAY + 1))).chapter,
      caseStanding(snapshot('submitted', { withdrawEffectiveAt: addMilliseconds(SENT, DAY) }), at()).chapter,
      caseStanding(snapshot('under_review', { held: 'conflict' }), at()).chapter,
      caseStanding(snapshot('under_review', { held: 'shared_imei' }), at()).chapter,
      caseStanding(snapshot('blocked', { held: 'conflict' }), at()).chapter,
      caseStanding(snapshot('under_review', { held: 'conflict', noDeciderAt: SENT }), at()).chapter,
      caseStanding(snapshot('unblock_review', LOSING), at()).chapter,
      caseStanding(snapshot('unblocking', { overturnedAt: SENT }), at()).chapter,
      ...(['unblock_review', 'unblocking', 'unblocked'] as const).map(
        (state) => caseStanding(snapshot(state, { watchUntil: SENT }), at()).chapter,
      ),
      caseStanding(snapshot('unblocked', { overturnedAt: SENT, closedAt: SENT }), at()).chapter,
      caseStanding(snapshot('unblocked', { overturnedAt: SENT, closedAt: SENT, reviewAskedAt: SENT }), at())
        .chapter,
    ])
    expect([...reached].sort()).toEqual([...CHAPTERS].sort())
  })

  it('owes a first action in a day and a decision in three working days', () => {
    expect(caseStanding(snapshot('submitted'), at()).clocks).toEqual([
      { kind: 'first_action', due: addMilliseconds(SENT, DAY), overdue: false },
      { kind: 'decision', due: DECISION, overdue: false },
    ])
    const late = caseStanding(snapshot('submitted'), at(addMilliseconds(SENT, DAY + 1))).clocks
    expect(late.map((clock) => clock.overdue)).toEqual([true, false])
  })

  it('promises no decision on a phone that nobody can name', () => {
    expect(caseStanding(snapshot('submitted', { imeiUnknown: true }), at()).clocks).toEqual([
      { kind: 'first_action', due: addMilliseconds(SENT, DAY), overdue: false },
    ])
    const taken = snapshot('under_review', { imeiUnknown: true, firstActionAt: SENT, dueAt: DECISION })
    expect(caseStanding(taken, at()).clocks).toEqual([])
    expect(nextEntries(taken, 'imei_unknown', at()).map(({ by }) => by)).toEqual([null, null, null])
  })

  it('tells who is late, but never the citizen', () => {
    const muchLater = at(addMilliseconds(SENT, 40 * DAY))
    expect(caseStanding(snapshot('blocking'), muchLater).clocks[0]).toMatchObject({ overdue: true })
    expect(caseStanding(snapshot('info_requested'), muchLater).clocks[0]).toMatchObject({ overdue: false })
    expect(caseStanding(snapshot('rejected'), muchLater)).toMatchObject({
      chapter: 'rejected_finally',
      clocks: [],
    })
  })

  it('gives a held case to city police, says nothing of the other side, and the block stands', () => {
    expect(caseStanding(snapshot('submitted', { held: 'conflict', dueAt: DECISION }), at())).toEqual({
      chapter: 'held',
      holder: 'city',
      clocks: [{ kind: 'decision', due: DECISION, overdue: false }],
      temporaryUntil: null,
    })
    for (const state of ['blocking', 'blocked', 'unblock_review'] as const) {
      const held = snapshot(state, { held: 'conflict', dueAt: DECISION })
      expect(caseStanding(held, at())).toEqual({
        chapter: 'held_blocked',
        holder: 'city',
        clocks: [{ kind: 'decision', due: DECISION, overdue: false }],
        temporaryUntil: null,
      })
      expect(caseStanding(held, at(addMilliseconds(DECISION, 1))).clocks).toMatchObject([{ overdue: true }])
    }
    expect(caseStanding(snapshot('info_requested', { held: 'conflict' }), at()).clocks).toMatchObject([
      { kind: 'reply', due: addMilliseconds(SENT, DAY) },
    ])
    expect(caseStanding(snapshot('under_review', { held: 'shared_imei' }), at())).toMatchObject({
      chapter: 'held_shared',
      holder: 'city',
    })
  })

  it('helps nobody to an unblock that their opponent asked for', () => {
    const chapter = (also: Partial<CaseSnapshot>) =>
      caseStanding(snapshot('unblock_review', { ...LOSING, ...also }), at()).chapter
    expect(chapter({})).toBe('overturn_review')
    // The reporter's own wish counts, also beside other objections to the block.
    expect(chapter({ unblockVerifiedById: null, unblockReason: null })).toBe('unblock_review')
    expect(chapter({ unblockReason: 'recovered' })).toBe('unblock_review')
    expect(chapter({ objectedAt: null })).toBe('unblock_review')
  })

  it('waits for the citizen where they may still act', () => {
    const holder = (c: CaseSnapshot) => caseStanding(c, at()).holder
    expect(holder(snapshot('info_requested'))).toBe('citizen')
    expect(holder(snapshot('rejected'))).toBe('citizen')
    expect(holder(snapshot('verified', { withdrawEffectiveAt: addMilliseconds(SENT, DAY) }))).toBe('citizen')
    expect(holder(snapshot('rejected', { appealedAt: SENT }))).toBe('nobody')
    expect(holder(snapshot('blocked'))).toBe('nobody')
    expect(holder(snapshot('blocked', { objectedAt: SENT }))).toBe('police')
  })
})

describe('nextEntries', () => {
  const next = (c: CaseSnapshot) => nextEntries(c, caseStanding(c, at()).chapter, at())

  it('looks ahead from every state that is not at rest', () => {
    for (const state of CASE_STATES) {
      const ahead = state === 'watching' || !WITHOUT_CLOCK.includes(state)
      expect([state, next(snapshot(state)).length > 0]).toEqual([state, ahead])
    }
  })

  it('goes from a first look to the carriers', () => {
    expect(next(snapshot('submitted'))).toEqual([
      { step: 'take', by: addMilliseconds(SENT, DAY) },
      { step: 'decide', by: DECISION },
      { step: 'carriers_block', by: null },
    ])
  })

  it('does not promise what a withdrawal or a conflict stops', () => {
    const effective = addMilliseconds(SENT, DAY)
    expect(next(snapshot('verified', { withdrawEffectiveAt: effective }))).toEqual([
      { step: 'withdrawn', by: effective },
    ])
    expect(next(snapshot('blocked', { held: 'conflict', dueAt: DECISION }))).toEqual([
      { step: 'city_decides', by: DECISION },
    ])
  })
})

describe('carriers', () => {
  const line = (state: CarrierLine['state']): CarrierLine => ({
    carrierId: state,
    name: state,
    state,
    action: 'block',
    sentAt: SENT,
    receivedAt: null,
    doneAt: null,
    dueAt: addMilliseconds(SENT, DAY),
  })

  it('counts what is done, by blocking or by lifting', () => {
    const lines = (['applied', 'lifted', 'exempt', 'failed', 'sent', 'acknowledged'] as const).map(line)
    expect(countCarriers(lines)).toEqual({ total: 6, queued: 0, done: 2, exempt: 1, failed: 1 })
  })

  it('shows no block that has passed to another claim, and every unblock', () => {
    const lines = [line('applied'), { ...line('lifted'), action: 'unblock' as const }]
    const approved = { approvedAt: SENT }
    expect(ownLines(snapshot('blocked', approved), lines)).toHaveLength(2)
    expect(ownLines(snapshot('rejected', approved), lines)).toEqual([lines[1]])
    expect(ownLines(snapshot('rejected', { holdUntil: SENT }), lines)).toHaveLength(2)
  })

  it('calls late only who has yet to answer', () => {
    const later = addMilliseconds(SENT, DAY + 1)
    expect(isLate(line('sent'), addMilliseconds(SENT, DAY))).toBe(false)
    for (const state of ['queued', 'sent', 'acknowledged', 'failed'] as const) {
      expect(isLate(line(state), later)).toBe(true)
    }
    for (const state of ['applied', 'lifted', 'exempt'] as const)
      expect(isLate(line(state), later)).toBe(false)
  })
})

test('a case that its filer has waits for another of the police', () => {
  const filed = { filedById: 'a', assigneeId: 'a' }
  expect(filerHasIt(snapshot('under_review', filed))).toBe(true)
  expect(filerHasIt(snapshot('under_review', { ...filed, assigneeId: 'b' }))).toBe(false)
  expect(filerHasIt(snapshot('under_review'))).toBe(false)
  expect(filerHasIt(snapshot('verified', filed))).toBe(false)
})
