import { expect, test } from 'vitest'
import type { Month } from '../rules.ts'
import { trendScale } from './rules.ts'

test('a day stands within its month, where the month’s point stands in the middle', () => {
  const months = ['2026-10', '2026-11'] as Month[]
  const share = { base: 30, value: 0.8, low: 0.7, high: 0.9 }
  const point = { month: months[0] as Month, responses: 30, share, limits: null, outside: false }
  const scale = trendScale([{ centre: null, points: [point] }], months, 648, 300)
  if (scale === null) throw new Error('no scale')
  // From 40 to 640.
  expect(months.map(scale.x)).toEqual([190, 490])
  expect(['2026-10-01', '2026-11-01', '2026-11-16', '2026-11-27'].map(scale.day)).toEqual([40, 340, 490, 600])
})
