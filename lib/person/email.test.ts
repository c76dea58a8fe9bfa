import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Email, maskOwnEmail, parseEmail } from './email.ts'

const read = (input: string) => {
  const parsed = parseEmail(input)
  return parsed.ok ? parsed.value : parsed.error
}

describe('parseEmail', () => {
  it.each([
    ['lan.nguyen@example.vn', 'lan.nguyen@example.vn'],
    [' \u200bLan+an-tam@Example.VN\u00a0', 'Lan+an-tam@example.vn'],
    ['', 'empty'],
    ['  ', 'empty'],
    ['lan', 'format'],
    ['lan@localhost', 'format'],
    ['lan@@example.vn', 'format'],
    ['lan nguyen@example.vn', 'format'],
    ['lan@example.vn, an@example.vn', 'format'],
    ['Lan <lan@example.vn>', 'format'],
    ['lan@example.vn\r\nBcc: an@example.vn', 'format'],
    ['lan@example.vn\n', 'format'],
    ['\rlan@example.vn', 'format'],
    [`${'a'.repeat(300)}@example.vn`, 'too_long'],
    ['@'.repeat(100_000), 'too_long'],
  ])('%j is %s', (input, outcome) => {
    expect(read(input)).toBe(outcome)
  })

  it('has one @, no blank and no line break, and gives itself again', () => {
    const nearly = fc
      .tuple(fc.emailAddress(), fc.constantFrom('', ' ', '\n', '\r\n', '\u200b', ';'))
      .map(([address, end]) => address + end)
    fc.assert(
      fc.property(nearly, (input) => {
        const parsed = parseEmail(input)
        if (!parsed.ok) return
        expect(parsed.value).toMatch(/^[^@\s]+@[^@\sA-Z]+$/)
        expect(read(parsed.value)).toBe(parsed.value)
      }),
    )
  })
})

describe('maskEmail', () => {
  it.each([
    ['lan.nguyen@example.vn', 'l•••@example.vn'],
    ['l@example.vn', '•••@example.vn'],
  ])('%s is %s', (email, masked) => {
    expect(maskOwnEmail(email as Email)).toBe(masked)
  })
})
