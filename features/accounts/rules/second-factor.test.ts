import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { newRecoveryCodes, parseOtp, RECOVERY_CODES } from './second-factor.ts'

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
