import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addMilliseconds, MINUTE } from '#lib/time.ts'
import {
  type CodesGiven,
  FOR_FILES,
  needsStepUp,
  newRecoveryCodes,
  openUntil,
  parseOtp,
  RECOVERY_CODES,
  STEP_UP_LIFE,
  speaksForForm,
  stepUpNeed,
} from './rules.ts'

const at = new Date('2026-11-24T03:00:00Z')
const signedIn: CodesGiven = { steppedUpAt: at, codeAt: null, codeFor: null }
const after = (milliseconds: number) => addMilliseconds(at, milliseconds)

test('a code speaks for decisions in the period that is set, and the page asks during its last minute', () => {
  const need = (time: number) => stepUpNeed(signedIn, 'decision', 30, after(time))
  expect([0, 29 * MINUTE - 1].map(need)).toEqual(['none', 'none'])
  expect([29 * MINUTE, 30 * MINUTE - 1].map(need)).toEqual(['soon', 'soon'])
  expect([30 * MINUTE, 60 * MINUTE].map(need)).toEqual(['now', 'now'])
  expect(openUntil(signedIn, 'decision', 30)).toEqual(after(30 * MINUTE))
  expect(stepUpNeed(signedIn, 'decision', 0, at)).toBe('now')
})

test('the period of decisions opens nothing else', () => {
  expect(stepUpNeed(signedIn, 'work', 30, after(STEP_UP_LIFE - 1))).toBe('soon')
  expect(stepUpNeed(signedIn, 'work', 30, after(STEP_UP_LIFE))).toBe('now')
  const anyCode = fc.record({
    steppedUpAt: fc.constant(at),
    codeAt: fc.option(fc.constant(at)),
    codeFor: fc.option(fc.constantFrom(FOR_FILES, '3f1c1c52-5d5c-4a6e-9a0e-0d2f6f1f7a11')),
  })
  fc.assert(
    fc.property(anyCode, fc.integer({ min: 0, max: 720 }), (given, minutes) => {
      expect(stepUpNeed(given, 'always', minutes, at)).toBe('now')
      // Neither a sign-in nor a code for another act opens downloads.
      if (given.codeFor !== FOR_FILES) expect(stepUpNeed(given, 'file', minutes, at)).toBe('now')
    }),
  )
})

test('a code that was given for files lets them be taken for five minutes', () => {
  const given: CodesGiven = { steppedUpAt: at, codeAt: at, codeFor: FOR_FILES }
  expect(stepUpNeed(given, 'file', 30, after(STEP_UP_LIFE - MINUTE - 1))).toBe('none')
  expect(stepUpNeed(given, 'file', 30, after(STEP_UP_LIFE))).toBe('now')
})

test('a code speaks for the very form that it came with, for two minutes', () => {
  const given: CodesGiven = { steppedUpAt: at, codeAt: at, codeFor: 'one' }
  expect(speaksForForm(given, 'one', after(2 * MINUTE - 1))).toBe(true)
  expect(speaksForForm(given, 'one', after(2 * MINUTE))).toBe(false)
  expect(speaksForForm(given, 'two', at)).toBe(false)
  expect(speaksForForm(signedIn, 'one', at)).toBe(false)
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

test('six digits are an app’s code, however they are typed', () => {
  for (const typed of ['123456', ' 123 456 ', '123-456', '１２３４５６', '123\u200b456'])
    expect(parseOtp(typed), typed).toEqual({ kind: 'totp', code: '123456' })
  for (const typed of ['', '12345', '1234567', 'abcdef', '\0', '123456\n123456'])
    expect(parseOtp(typed), typed).toBeNull()
})

test('recovery codes are ten, all different, and read as people copy them', () => {
  const codes = newRecoveryCodes(randomBytes)
  expect(new Set(codes).size).toBe(RECOVERY_CODES)
  for (const code of codes) {
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/)
    for (const typed of [code, code.toLowerCase(), code.replace('-', ' '), code.replaceAll('0', 'o')])
      expect(parseOtp(typed), typed).toEqual({ kind: 'recovery', code })
  }
})
