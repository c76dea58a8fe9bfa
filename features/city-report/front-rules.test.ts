import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AgencyVersion, Succession } from '#features/agencies/rules.ts'
import { HEADLINE, KINDS, QUESTION_KINDS, type Question } from '#features/questionnaires/questions/rules.ts'
import { type Month, monthsLater } from '#features/results/rules.ts'
import { madeUpReport } from '#tests/factories/city-report.ts'
import {
  comparedPeriods,
  type FrontSource,
  frontOf,
  judged,
  type ReportChange,
  surestChanges,
} from './front-rules.ts'
import type { PublishedMonth } from './report-rules.ts'

const HALF = { from: '2026-01' as Month, to: '2026-06' as Month }
const version = (id: string): AgencyVersion => ({
  ...{ id, versionId: id, nameVi: id, nameEn: id, kind: 'district', abbreviation: null, areas: [] },
  ...{ legalBasis: null, validFrom: '2016-01-01', validTo: null },
})

/** Answers to the headline question at one agency in a month, `top` of them satisfied. */
const month = (agencyId: string, at: Month, top: number, base: number): PublishedMonth => ({
  ...{ agencyId, version: 1, question: HEADLINE, month: at, respondents: base },
  counts: { '1': base - top, '5': top },
})
const months = (agencyId: string, from: Month, tops: readonly number[], base: number): PublishedMonth[] =>
  tops.map((top, at) => month(agencyId, monthsLater(from, at), top, base))

const source = (
  told: readonly PublishedMonth[],
  more: Partial<FrontSource> & { readonly successions?: readonly Succession[] } = {},
): FrontSource => {
  const { successions = [], ...rest } = more
  const ids = [...new Set(told.map(({ agencyId }) => agencyId))]
  return {
    ...{ period: HALF, through: '2026-06-30', heir: (id) => id, months: told, asked: [], questions: [] },
    ...{
      catalogue: { versions: ids.map(version), successions },
      agencyIds: ids,
      trendFrom: '2025-07' as Month,
    },
    ...rest,
  }
}

describe('the periods that are compared', () => {
  it('are as long as each other; of a period that runs, the months that have begun', () => {
    expect(comparedPeriods(HALF, '2026-06-30').before).toEqual({ from: '2025-07', to: '2025-12' })
    expect(comparedPeriods(HALF, '2026-03-04')).toEqual({
      now: { from: '2026-01', to: '2026-03' },
      before: { from: '2025-10', to: '2025-12' },
    })
  })
})

describe('changes', () => {
  const steady = (id: string) => months(id, '2025-07' as Month, Array(12).fill(20), 30)
  const fallen = months('fallen', '2025-07' as Month, [...Array(6).fill(25), ...Array(6).fill(10)], 30)

  it('are of agencies with thirty answers on both sides, and say which are beyond chance', () => {
    const few = [month('few', '2025-08' as Month, 10, 10), month('few', '2026-02' as Month, 1, 10)]
    const { changes, total, compared } = frontOf(source([...steady('a'), ...few, ...fallen]))
    expect(compared).toBe('all')
    expect(changes.map(({ of, beyond }) => [of, beyond])).toEqual([
      [{ kind: 'agency', id: 'a' }, false],
      [{ kind: 'agency', id: 'fallen' }, true],
    ])
    expect(changes[1]).toMatchObject({ now: { top: 60, base: 180 }, before: { top: 150, base: 180 } })
    expect(total?.before.base).toBe(370)
  })

  it('are not told of an agency that was reorganised between the two, nor of everybody then', () => {
    const on = '2026-02-01'
    const successions = [{ kind: 'merge', from: 'b', to: 'fallen', on, basis: 'NQ' } as const]
    const front = frontOf(source([...steady('a'), ...steady('b'), ...fallen], { successions }))
    expect(front).toMatchObject({ compared: 'agencies', total: null })
    expect(front.changes.map(({ of }) => of)).toEqual([{ kind: 'agency', id: 'a' }])
    // A renamed agency is the same office.
    const renamed = [{ kind: 'rename', from: 'a', to: 'a', on, basis: 'NQ' } as const]
    expect(frontOf(source(steady('a'), { successions: renamed })).compared).toBe('all')
  })

  it('are none where nothing was public when the period before began', () => {
    const young = months('a', '2025-09' as Month, Array(10).fill(20), 30)
    expect(frontOf(source(young))).toMatchObject({ compared: 'short', total: null, changes: [] })
  })

  it('are none where answers were counted by another rule on one of the two sides, and limits begin anew', () => {
    const since = { since: '2026-02-10' }
    const front = frontOf({ ...source([...steady('a'), ...fallen]), ...since })
    expect(front).toMatchObject({ compared: 'rule', total: null, changes: [] })
    // A rule that changed before both sides, or after them, does not matter.
    for (const other of ['2025-06-30', '2026-07-01'])
      expect(frontOf({ ...source(steady('a')), since: other }).compared, other).toBe('all')
  })

  it('are less often beyond chance where answers vary more than independent ones', () => {
    const slightly = months('b', '2025-07' as Month, [...Array(6).fill(20), ...Array(6).fill(15)], 30)
    const told = source([...steady('a'), ...slightly])
    const beyond = (dispersion: number) =>
      frontOf({
        ...told,
        dispersion: { factor: dispersion, compared: dispersion, values: 20, from: null, to: null },
      }).changes.map((change) => change.beyond)
    expect([beyond(1), beyond(4)]).toEqual([
      [false, true],
      [false, false],
    ])
  })

  it('are of questions of the same words too, answered in any version', () => {
    const question = { key: 'e2', kind: 'rating', options: [] as Question['options'] } as Question
    const asked = [
      { version: 2, versions: [1, 2], use: 'current', question },
    ] as unknown as FrontSource['asked']
    const told = steady('a').flatMap((one, at) => [
      one,
      { ...one, question: 'e2', version: at < 6 ? 1 : 2, counts: at < 6 ? { '5': 30 } : { '1': 30 } },
    ])
    const { changes } = frontOf(source(told, { asked }))
    expect(changes[1]).toMatchObject({
      of: { kind: 'question', version: 2, key: 'e2' },
      ...{ difference: -1, beyond: true },
    })
  })
})

const sample = fc
  .integer({ min: 30, max: 4_000 })
  .chain((base) => fc.record({ top: fc.integer({ min: 0, max: base }), base: fc.constant(base) }))

describe('the changes that are named', () => {
  it('are three at most each way, each with an interval that leaves out no change, in the order of the data', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(sample, sample), { maxLength: 30 }), (pairs) => {
        const told = pairs.flatMap(([now, before], at) => {
          const id = String(at).padStart(2, '0')
          return [
            month(id, '2025-07' as Month, before.top, before.base),
            month(id, '2026-01' as Month, now.top, now.base),
          ]
        })
        const { changes } = frontOf(source(told))
        const [better, worse] = [surestChanges(changes, 'better'), surestChanges(changes, 'worse')]
        for (const { shown, more } of [better, worse]) {
          expect(shown.length).toBeLessThanOrEqual(3)
          if (more > 0) expect(shown).toHaveLength(3)
          expect(shown.map((one) => changes.indexOf(one))).toEqual(
            shown.map((one) => changes.indexOf(one)).toSorted((a, b) => a - b),
          )
        }
        expect(better.shown.every(({ beyond, exact }) => beyond && exact.low > 0)).toBe(true)
        expect(worse.shown.every(({ beyond, exact }) => beyond && exact.high < 0)).toBe(true)
        const named = better.shown.length + worse.shown.length + better.more + worse.more
        expect(named).toBe(changes.filter(({ beyond }) => beyond).length)
      }),
      { numRuns: 60 },
    )
  })

  it('are the surest, not the largest that few answers make', () => {
    const change = (low: number, high: number, id: string): ReportChange => ({
      of: { kind: 'agency', id },
      ...{ now: { top: 0, base: 30 }, before: { top: 0, base: 30 } },
      ...{ difference: 0, low, high, exact: { difference: (low + high) / 2, low, high }, beyond: true },
    })
    const some = [
      change(0.01, 0.6, 'few'),
      change(0.1, 0.2, 'a'),
      change(0.12, 0.2, 'b'),
      change(0.11, 0.2, 'c'),
    ]
    const { shown, more } = surestChanges(some, 'better')
    expect(shown.map(({ of }) => of)).toEqual(['a', 'b', 'c'].map((id) => ({ kind: 'agency', id })))
    expect(more).toBe(1)
    expect(judged(some).some(({ beyond }) => beyond)).toBe(false)
  })
})

describe('what is asked of the Committee', () => {
  it('is told of months of thirty answers outside an agency’s own limits, in the period alone', () => {
    const base = 60
    const tops = Array<number>(12).fill(50)
    tops[2] = 20
    tops[8] = 20
    const { outside } = frontOf(source(months('a', '2025-07' as Month, tops, base)))
    expect(outside).toMatchObject([{ agencyId: 'a', month: '2026-03', side: 'below', responses: 60 }])
    const few = tops.map((top) => Math.round(top / 3))
    expect(frontOf(source(months('a', '2025-07' as Month, few, 20))).outside).toEqual([])
  })

  it('has every delicate question with how many answered, above the bound only with its whole interval', () => {
    const of = (asked: number) =>
      madeUpReport({ agencies: 'districts', months: 3, asked }).front?.sensitive.map(
        ({ key, option, told, above }) => ({ key, option, told, above }),
      )
    expect(of(0.2)).toMatchObject([{ key: 'e5', option: 'yes', above: true }])
    expect(of(0.02)?.[0]?.above).toBe(false)
    expect(of(0)?.[0]).toMatchObject({ told: { top: 0 }, above: false })
    const { questions } = madeUpReport({ agencies: 'districts', months: 3 })
    const [one = expect.fail('no question')] = questions
    const each = QUESTION_KINDS.map((kind) => ({ ...one, kind, key: kind }))
    const { sensitive } = frontOf(source([], { questions: each }))
    expect(sensitive.map(({ key }) => key)).toEqual(QUESTION_KINDS.filter((kind) => KINDS[kind].delicate))
  })
})
