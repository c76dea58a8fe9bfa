import { describe, expect, it } from 'vitest'
import { isBatchDue, isOverGuard, readTimes } from './rules.ts'

const bounds = { orders: 200, percent: 5 }

describe('the guard', () => {
  it.each([
    [199, 0, false],
    [200, 0, true],
    [200, 4_000, true],
    // 201 of 4,020 is 5 %, which does not exceed the bound.
    [200, 4_020, false],
    [201, 4_020, true],
    [5_000, 1_000_000, false],
    [50_000, 1_000_000, true],
  ])('after %i orders in an hour, with %i phones on the list: %s', (recent, listed, over) => {
    expect(isOverGuard({ recent, blocklistSize: listed }, bounds)).toBe(over)
  })
})

describe('times of the day', () => {
  it.each([
    ['8:00, 14h30', ['08:00', '14:30']],
    ['20:15;8h;8:00', ['08:00', '20:15']],
    ['', null],
    ['24:00', null],
    ['8', null],
    ['8:61', null],
    ['1h 2h 3h 4h 5h 6h 7h', null],
  ])('%j', (typed, times) => {
    expect(readTimes(typed)).toEqual(times)
  })
})

describe('a batch', () => {
  const at = (text: string) => new Date(`${text}+07:00`)
  const twice = { releaseMode: 'at_times', releaseTimes: ['08:00', '14:30'] } as const

  it.each([
    ['2026-11-24T07:59', '2026-11-24T08:00', true],
    ['2026-11-24T08:00', '2026-11-24T08:01', false],
    ['2026-11-24T08:00', '2026-11-24T14:30', true],
    ['2026-11-24T23:00', '2026-11-25T07:59', false],
    ['2026-11-24T23:00', '2026-11-25T08:00', true],
    // The worker was down for days.
    ['2026-11-24T23:00', '2026-11-27T02:00', true],
  ])('opened %s is due %s: %s', (opened, now, due) => {
    expect(isBatchDue(twice, at(opened), at(now))).toBe(due)
  })

  it('waits for a person where that was chosen, and not at all where nothing is', () => {
    const [opened, now] = [at('2026-11-24T08:00'), at('2026-11-30T08:00')]
    expect(isBatchDue({ releaseMode: 'by_hand', releaseTimes: [] }, opened, now)).toBe(false)
    expect(isBatchDue({ releaseMode: 'automatic', releaseTimes: [] }, opened, now)).toBe(true)
  })
})
