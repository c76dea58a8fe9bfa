import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readyText } from '#messages/ready-text.ts'
import { locales } from '#messages/routing.ts'
import { MOVES, ruleOf } from '../moves/rules.ts'
import { CHECK_ANSWERS } from '../proof/rules.ts'
import { moveReasons, reasonByCheck, reasonGiven } from './rules.ts'

test('every reason of every move has its text in both languages, but for “other”', () => {
  for (const move of MOVES)
    for (const code of moveReasons(move))
      for (const language of locales)
        expect(readyText(move, code, language) !== undefined, `${move} ${code} ${language}`).toBe(
          code !== 'other',
        )
})

test('a reason that the citizen reads names no other person and no other case', () => {
  for (const move of MOVES.filter((one) => ruleOf(one).textIsPublic || one === 'upheld'))
    for (const code of moveReasons(move))
      for (const language of locales)
        expect(readyText(move, code, language) ?? '').not.toMatch(
          /hồ sơ kia|người báo khác|another (claim|case|report)/i,
        )
})

test('a checklist suggests a reason only where some number agrees and nothing speaks against the claim', () => {
  const answers = fc.record({
    checkImei1: fc.constantFrom(...CHECK_ANSWERS.checkImei1, undefined),
    checkImei2: fc.constantFrom(...CHECK_ANSWERS.checkImei2, undefined),
    checkName: fc.constantFrom(...CHECK_ANSWERS.checkName, undefined),
    checkDevice: fc.constantFrom(...CHECK_ANSWERS.checkDevice, undefined),
  })
  fc.assert(
    fc.property(answers, (given) => {
      const { checkImei1, checkImei2, checkName, checkDevice } = given
      const imeis = [checkImei1, checkImei2]
      const said = reasonByCheck(given)
      if (Object.values(given).includes('no') || !imeis.includes('yes') || !checkName || !checkDevice)
        expect(said).toBeNull()
      // The words never say more than the answers do.
      if (said === 'agrees') expect([...imeis, checkName, checkDevice]).not.toContain('not_visible')
      if (said === 'agrees') expect([checkName, checkDevice]).toEqual(['yes', 'yes'])
      if (said === 'no_name') expect([checkName, checkDevice]).toEqual(['none', 'yes'])
      if (said === 'imei_only') expect([checkName, checkDevice]).toEqual(['none', 'unknown'])
      expect(said === 'some_imeis').toBe(
        said !== null && imeis.includes('not_visible') && imeis.includes('yes'),
      )
    }),
  )
})

test('a form without reason and words has the reason that its checklist comes to, where the move offers that one', () => {
  const agrees = { checkImei1: 'yes', checkName: 'yes', checkDevice: 'yes' } as const
  expect(reasonGiven('verify', agrees, { reasonCode: '', reason: ' ' })).toBe('agrees')
  expect(reasonGiven('verify', agrees, { reasonCode: 'no_name' })).toBe('no_name')
  expect(reasonGiven('verify', agrees, { reason: 'Đã xem hộp.' })).toBeUndefined()
  expect(reasonGiven('verify', { ...agrees, checkName: 'no' }, {})).toBeUndefined()
  expect(reasonGiven('reject', agrees, {})).toBeUndefined()
})
