import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readyText } from '#messages/ready-text.ts'
import { locales } from '#messages/routing.ts'
import { MOVES, ruleOf } from './moves.ts'
import { CHECK_ANSWERS } from './proof.ts'
import { reasonByCheck, reasonGiven, reasonsOf } from './ready-reasons.ts'

test('every reason of every move has its text in both languages, but for “other”', () => {
  for (const move of MOVES)
    for (const code of reasonsOf(move))
      for (const language of locales)
        expect(readyText(move, code, language) !== undefined, `${move} ${code} ${language}`).toBe(
          code !== 'other',
        )
})

test('a reason that the citizen reads names no other person and no other case', () => {
  for (const move of MOVES.filter((one) => ruleOf(one).textIsPublic || one === 'upheld'))
    for (const code of reasonsOf(move))
      for (const language of locales)
        expect(readyText(move, code, language) ?? '').not.toMatch(
          /hồ sơ kia|người báo khác|another (claim|case|report)/i,
        )
})

test('a checklist suggests agreement only where IMEI and device agree and no name speaks against it', () => {
  const answers = fc.record({
    checkImei: fc.constantFrom(...CHECK_ANSWERS.checkImei, undefined),
    checkName: fc.constantFrom(...CHECK_ANSWERS.checkName, undefined),
    checkDevice: fc.constantFrom(...CHECK_ANSWERS.checkDevice, undefined),
  })
  fc.assert(
    fc.property(answers, (given) => {
      const { checkImei, checkName, checkDevice } = given
      const clean =
        checkImei === 'yes' && checkDevice === 'yes' && checkName !== 'no' && checkName !== undefined
      expect(reasonByCheck(given)).toBe(clean ? (checkName === 'yes' ? 'agrees' : 'no_name') : null)
    }),
  )
})

test('a form without reason and words has the reason that its checklist comes to, where the move offers that one', () => {
  const agrees = { checkImei: 'yes', checkName: 'yes', checkDevice: 'yes' } as const
  expect(reasonGiven('verify', agrees, { reasonCode: '', reason: ' ' })).toBe('agrees')
  expect(reasonGiven('verify', agrees, { reasonCode: 'no_name' })).toBe('no_name')
  expect(reasonGiven('verify', agrees, { reason: 'Đã xem hộp.' })).toBeUndefined()
  expect(reasonGiven('verify', { ...agrees, checkName: 'no' }, {})).toBeUndefined()
  expect(reasonGiven('reject', agrees, {})).toBeUndefined()
})
