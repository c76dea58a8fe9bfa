import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EXCLUSION_REASONS, readReversal, SOONER_THAN, signsOf } from './exclusion.ts'

const answers = fc.dictionary(fc.stringMatching(/^[a-z]\d$/), fc.stringMatching(/^[a-z0-9_]{1,8}$/), {
  minKeys: 1,
})
const agency = fc.constantFrom('quan-1', 'quan-3', 'so-y-te')
const subject = (agencyId: string, given: Record<string, string>) =>
  signsOf({ agencyId, answers: given, elapsedMs: SOONER_THAN.too_fast }).find(
    ({ reason }) => reason === 'same_answers',
  )?.subject

test('only a form that came back sooner than anybody reads it, or that we did not make, shows a sign', () => {
  const elapsed = fc.option(
    fc.oneof(fc.integer({ min: 0, max: 86_400_000 }), fc.integer({ min: 0, max: 30_000 })),
  )
  fc.assert(
    fc.property(elapsed, answers, (elapsedMs, given) => {
      const reasons = signsOf({ agencyId: 'quan-3', answers: given, elapsedMs }).map(({ reason }) => reason)
      expect(reasons).toEqual(
        EXCLUSION_REASONS.filter((reason) => elapsedMs === null || elapsedMs < SOONER_THAN[reason]),
      )
    }),
  )
})

test('answers are the same when they are, in whatever order, and at one agency', () => {
  fc.assert(
    fc.property(answers, answers, agency, agency, (one, other, here, there) => {
      const reversed = Object.fromEntries(Object.entries(one).toReversed())
      expect(subject(here, reversed)).toBe(subject(here, one))
      const same = here === there && JSON.stringify(sorted(one)) === JSON.stringify(sorted(other))
      expect(subject(here, one) === subject(there, other)).toBe(same)
    }),
  )
})

const sorted = (given: Record<string, string>) => Object.entries(given).toSorted()

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
