import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { promiseStanding } from './rules.ts'

const at = (day: string) => new Date(`${day}T03:00:00Z`)
const promised = (dueOn: string, before: readonly string[] = [], kept: string | null = null) => ({
  dueOn,
  before,
  keptAt: kept === null ? null : at(kept),
})

describe('promiseStanding', () => {
  it('keeps a promise overdue however often its day is moved, until it is kept', () => {
    const moved = promised('2027-06-30', ['2026-11-26'])
    expect(promiseStanding(moved, '2026-11-26')).toMatchObject({ state: 'doing', late: false })
    expect(promiseStanding(moved, '2026-11-27')).toEqual({
      state: 'overdue',
      firstDue: '2026-11-26',
      movedTo: '2027-06-30',
      late: true,
    })
    const kept = promised('2027-06-30', ['2026-11-26', '2027-01-31'], '2027-02-01')
    expect(promiseStanding(kept, '2027-03-01')).toMatchObject({
      state: 'kept',
      late: true,
      firstDue: '2026-11-26',
    })
  })

  it('is in time on its very day, and measures by an earlier day that was promised later', () => {
    expect(promiseStanding(promised('2026-11-26', [], '2026-11-26'), '2027-01-01').late).toBe(false)
    expect(promiseStanding(promised('2026-12-01', ['2026-12-31']), '2026-12-02').state).toBe('overdue')
  })

  it('says the same with any days between the first and the last', () => {
    const day = fc
      .integer({ min: 0, max: 700 })
      .map((n) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(0, 10))
    fc.assert(
      fc.property(day, day, fc.array(day), day, (first, last, between, today) => {
        const moved = promiseStanding(promised(last, [first, ...between]), today)
        expect(moved).toEqual(promiseStanding(promised(last, [first]), today))
        if (today > first) expect(moved.late).toBe(true)
      }),
    )
  })
})
