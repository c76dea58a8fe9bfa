import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EXCLUSION_RULES, readReversal, SOONER_THAN, signsOf } from './rules.ts'

test('only a form that came back sooner than anybody fills it in, or that we did not make, shows a sign', () => {
  const elapsed = fc.option(
    fc.oneof(fc.integer({ min: 0, max: 86_400_000 }), fc.integer({ min: 0, max: 6_000 })),
  )
  fc.assert(
    fc.property(elapsed, (elapsedMs) => {
      expect(signsOf(elapsedMs)).toEqual(
        EXCLUSION_RULES.filter((rule) => elapsedMs === null || elapsedMs < SOONER_THAN[rule]),
      )
    }),
  )
})

test.each([
  ['Chung một đường mạng.', undefined],
  [' ', 'reversal.empty'],
  ['Nhầm.', 'reversal.empty'],
  ['ă'.repeat(501), 'reversal.too_long'],
  ['Anh Nguyễn Thế Anh đã xác minh.', 'personal'],
  ['Đã gọi 0903 123 456 để hỏi.', 'personal'],
])('why a group counts after all, for everybody to read: %j is %s', (reason, fault) => {
  const read = readReversal({ reason })
  expect(read.ok ? undefined : read.error.reason).toBe(fault)
})
