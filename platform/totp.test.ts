import { Secret, TOTP, URI } from 'otpauth'
import { expect, test } from 'vitest'
import { newTotpSecret, totpStep, totpText, totpUri } from './totp.ts'

const RFC_6238 = Buffer.from('12345678901234567890')
/** RFC 6238, appendix B, SHA-1: seconds and the last six of its eight digits. */
const VECTORS = [
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
] as const

test.each(VECTORS)('at %i seconds the published code is %s', (seconds, code) => {
  expect(totpStep(RFC_6238, code, new Date(seconds * 1000))).toBe(Math.floor(seconds / 30))
})

test('a clock may be one step off, not two', () => {
  const step = Math.floor(1_111_111_109 / 30)
  const at = (other: number) => totpStep(RFC_6238, '081804', new Date((step + other) * 30_000))
  expect([-2, -1, 0, 1, 2].map(at)).toEqual([null, step, step, step, null])
})

test('what is no code of the secret is none', () => {
  for (const code of ['', '000000', '28708', '2870822', 'abcdef'])
    expect(totpStep(RFC_6238, code, new Date(59_000)), code).toBeNull()
})

test('an app reads the secret from the address of the QR code, and as text', () => {
  const secret = newTotpSecret()
  expect(secret).toHaveLength(20)
  const read = URI.parse(totpUri(secret, 'lan@congan.example')) as TOTP
  expect(read).toMatchObject({ issuer: 'An Tâm', label: 'lan@congan.example', digits: 6, period: 30 })
  expect(read.secret.base32).toBe(totpText(secret))
  const code = TOTP.generate({ secret: Secret.fromBase32(totpText(secret)) })
  expect(totpStep(secret, code, new Date())).not.toBeNull()
})
