import { describe, expect, test } from 'vitest'
import { carriersAgree, isOverShared, isSaid, type SharedWord } from './rules.ts'

const word = (carrierId: string, more: Partial<SharedWord> = {}): SharedWord => ({
  carrierId,
  imei: '356789101234563',
  own: true,
  state: 'open',
  ...more,
})

describe('two carriers agree', () => {
  test('where both see the same IMEI in several phones, each by itself', () => {
    expect(carriersAgree([word('viettel'), word('gmobile')])).toBe(true)
    // City police have kept the block after the first report: the second one is new.
    expect(carriersAgree([word('viettel', { state: 'kept' }), word('gmobile')])).toBe(true)
  })

  test('but not one carrier twice, of two IMEIs, or by a person who copied a letter', () => {
    expect(carriersAgree([word('viettel')])).toBe(false)
    expect(carriersAgree([word('viettel'), word('viettel', { imei: '490154203237518' })])).toBe(false)
    expect(carriersAgree([word('viettel'), word('gmobile', { imei: '490154203237518' })])).toBe(false)
    expect(carriersAgree([word('viettel'), word('gmobile', { own: false })])).toBe(false)
    expect(carriersAgree([word('viettel', { own: false }), word('gmobile', { own: false })])).toBe(false)
  })

  test('and not where one waits for the relay, was dismissed or taken back, or both were answered', () => {
    for (const state of ['waiting', 'dismissed', 'taken_back'] as const)
      expect(carriersAgree([word('viettel'), word('gmobile', { state })]), state).toBe(false)
    expect(carriersAgree([word('viettel', { state: 'kept' }), word('gmobile', { state: 'kept' })])).toBe(
      false,
    )
  })
})

test('city police are called for an open word alone', () => {
  expect(isSaid([word('viettel')])).toBe(true)
  for (const state of ['waiting', 'dismissed', 'taken_back', 'kept'] as const)
    expect(isSaid([word('viettel', { state })]), state).toBe(false)
})

test('more than 5 orders a day, or more than 2 % of those of 30 days, are more than likely', () => {
  const [few, many] = [40, 1_000]
  expect(isOverShared({ day: 5, month: 5, orders: few })).toBe(false)
  expect(isOverShared({ day: 6, month: 6, orders: many })).toBe(true)
  expect(isOverShared({ day: 1, month: 6, orders: few })).toBe(true)
  expect(isOverShared({ day: 1, month: 20, orders: many })).toBe(false)
  expect(isOverShared({ day: 1, month: 21, orders: many })).toBe(true)
})
