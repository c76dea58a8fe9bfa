import { expect, test } from 'vitest'
import { addMilliseconds, MINUTE } from '#lib/time.ts'
import { needsStepUp, STEP_UP_LIFE, stepUpNeed } from './step-up.ts'

const at = new Date('2026-11-24T03:00:00Z')

test('a code speaks for five minutes, and the page asks during the last of them', () => {
  const need = (after: number) => stepUpNeed(at, addMilliseconds(at, after))
  expect([0, 4 * MINUTE - 1].map(need)).toEqual(['none', 'none'])
  expect([4 * MINUTE, STEP_UP_LIFE - 1].map(need)).toEqual(['soon', 'soon'])
  expect([STEP_UP_LIFE, 60 * MINUTE].map(need)).toEqual(['now', 'now'])
})

test('what leads to a block or an unblock needs a code, what only asks or delays does not', () => {
  for (const decision of [
    'hold',
    'confirm_hold',
    'verify',
    'approve',
    'verify_unblock',
    'approve_unblock',
  ] as const)
    expect(needsStepUp(decision), decision).toBe(true)
  for (const decision of ['take', 'note', 'release', 'request_info'] as const)
    expect(needsStepUp(decision), decision).toBe(false)
})
