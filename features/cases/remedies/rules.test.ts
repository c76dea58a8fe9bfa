import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addMilliseconds, DAY } from '#lib/time.ts'
import type { DecisionKind } from '../letters/rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { boxOf } from './last-box-rules.ts'
import { type Decided, type RemedyLaws, remediesOf } from './rules.ts'

const now = new Date('2026-11-24T03:00:00Z')
const laws: RemedyLaws = {
  complaint: 'Luật Khiếu nại',
  complaintDays: 90,
  secondDays: 30,
  suit: 'Luật Tố tụng hành chính',
  suitDays: 365,
}
const rejected = {
  state: 'rejected',
  rejectedAt: now,
  appealedAt: null,
  heardAt: null,
  unheardSeq: null,
  overturnedAt: null,
  reviewAskedAt: null,
  closedAt: null,
} as unknown as CaseSnapshot
const of = (c: Partial<CaseSnapshot>, decided: Partial<Decided>, at = now) =>
  remediesOf({ ...rejected, ...c }, { kind: 'rejected', heardAt: now, level: 'unit', ...decided }, laws, at)
const kinds = (...args: Parameters<typeof of>) => of(...args).map(({ kind }) => kind)

describe('what is open against a decision', () => {
  test('a first rejection: the review here, a complaint and a suit, each with its own day', () => {
    expect(of({}, {})).toEqual([
      { kind: 'appeal', until: addMilliseconds(now, 30 * DAY) },
      {
        kind: 'complain',
        until: addMilliseconds(now, 90 * DAY),
        basis: laws.complaint,
        days: 90,
        secondDays: 30,
        level: 'unit',
      },
      { kind: 'sue', until: addMilliseconds(now, 365 * DAY), basis: laws.suit, days: 365 },
    ])
  })

  test('a way that was used, or whose time is over, is not offered again', () => {
    expect(kinds({ appealedAt: now }, {})).toEqual(['report_again', 'complain', 'sue'])
    expect(kinds({}, {}, addMilliseconds(now, 30 * DAY))).toEqual(['appeal', 'complain', 'sue'])
    expect(kinds({}, {}, addMilliseconds(now, 30 * DAY + 1))).toEqual(['report_again', 'complain', 'sue'])
    expect(kinds({}, {}, addMilliseconds(now, 90 * DAY + 1))).toEqual(['report_again', 'sue'])
    expect(kinds({}, {}, addMilliseconds(now, 366 * DAY))).toEqual(['report_again'])
  })

  test('no day is named to a person who has not been told: all of them begin with the letter', () => {
    const open = of({ unheardSeq: 4 }, { heardAt: null }, addMilliseconds(now, 400 * DAY))
    expect(open.map((one) => ('until' in one ? [one.kind, one.until] : one.kind))).toEqual([
      ['appeal', null],
      ['complain', null],
      ['sue', null],
    ])
  })

  test('a lifted block is looked at once more, and once only', () => {
    const lifted = { state: 'unblocked', overturnedAt: now, closedAt: now } as const
    expect(kinds(lifted, { kind: 'lift' })).toEqual(['review', 'complain', 'sue'])
    expect(kinds({ ...lifted, reviewAskedAt: now }, { kind: 'lift' })).toEqual(['complain', 'sue'])
    expect(kinds({ state: 'unblocked', closedAt: now }, { kind: 'lift' })).toEqual(['complain', 'sue'])
  })

  test('an end for want of an answer is taken back by the answer, for 30 days and not after', () => {
    const expired = { state: 'expired', closedAt: now } as const
    const last = addMilliseconds(now, 30 * DAY)
    expect(of(expired, { kind: 'expired' }, last)[0]).toEqual({ kind: 'reopen', until: last })
    expect(kinds(expired, { kind: 'expired' }, last)).toEqual(['reopen', 'complain', 'sue'])
    expect(kinds(expired, { kind: 'expired' }, addMilliseconds(last, 1))).toEqual([
      'report_again',
      'complain',
      'sue',
    ])
    // The case is open again: there is nothing to reopen or to report anew.
    expect(kinds({ state: 'under_review' }, { kind: 'expired' })).toEqual(['complain', 'sue'])
  })

  test('who did not withdraw themselves can complain of it, as their page says', () => {
    expect(kinds({ state: 'withdrawn' }, { kind: 'withdrawn' })).toEqual(['report_again', 'complain', 'sue'])
  })

  test.each([
    ['rejected', 'reject', 'rejected'],
    ['rejected', 'overruled', 'rejected'],
    ['expired', 'expire', 'expired'],
    ['withdrawn', 'finish_withdrawal', 'withdrawn'],
    ['unblock_refused', 'refuse_unblock', 'blocked'],
    ['data_refused', 'refuse_data_request', 'blocked'],
  ] as const)('the letter and the page name the same ways by law: %s by %s', (kind, move, state) => {
    for (const days of [1, 89, 91, 364, 366]) {
      const at = addMilliseconds(now, days * DAY)
      const event = { at: now, move, by: 'district', unitId: 'quan-3', reasonCode: null } as const
      const box = boxOf({ ...rejected, state }, event, undefined, laws, at)
      const letter = of({ state }, { kind }, at)
      const offered = (one: 'complain' | 'sue') => letter.some(({ kind: way }) => way === one)
      expect([days, offered('complain'), offered('sue')]).toEqual([
        days,
        box?.complaintUntil !== null,
        box?.courtUntil !== null,
      ])
    }
  })

  test('no way that is offered is over, whatever the decision and the moment', () => {
    const anyKind = fc.constantFrom<DecisionKind>(
      ...(['rejected', 'expired', 'withdrawn', 'unblock_refused', 'block', 'lift', 'data_refused'] as const),
    )
    const day = fc.integer({ min: 0, max: 800 })
    fc.assert(
      fc.property(anyKind, day, day, fc.boolean(), (kind, heard, after, used) => {
        const at = addMilliseconds(now, after * DAY)
        const heardAt = addMilliseconds(now, Math.min(heard, after) * DAY)
        const open = of({ heardAt, appealedAt: used ? now : null }, { kind, heardAt }, at)
        expect(used && open.some((one) => one.kind === 'appeal')).toBe(false)
        for (const one of open) if ('until' in one && one.until) expect(one.until >= at).toBe(true)
      }),
    )
  })
})
