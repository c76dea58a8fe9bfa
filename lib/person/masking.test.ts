import fc from 'fast-check'
import { expect, test } from 'vitest'
import { maskEmail, maskId, maskPhone, maskText, sayPhone } from './masking.ts'

const digits = (min: number, max = min) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: min, maxLength: max })
const letters = fc.string({ unit: fc.constantFrom(...'abcđe1.-_'), minLength: 1, maxLength: 40 })
const legible = (mask: string) => mask.replace(/[• ]/g, '')

test('they read as people know them', () => {
  expect(maskId('079190054821')).toBe('••• ••• •• 4821')
  expect(maskEmail('ngoc.anh@gmail.com')).toBe('n•••@g•••.com')
  expect(maskPhone('+84912345678')).toBe('•••• ••• 678')
  expect(sayPhone(maskPhone('+84912345678'))).toBe('•••• ••• 678')
  expect(sayPhone('+84912345678')).toBe('0912 345 678')
})

test('an identity number shows its last four at most, and not how long it is', () => {
  fc.assert(
    fc.property(digits(0, 20), (id) => {
      const shown = legible(maskId(id))
      expect(shown.length).toBeLessThanOrEqual(4)
      expect(id.endsWith(shown)).toBe(true)
      expect(shown.length * 2).toBeLessThanOrEqual(id.length)
      expect(maskId(id)).toHaveLength(15)
    }),
  )
})

test('a phone number of any carrier shows its last three digits', () => {
  fc.assert(
    fc.property(digits(9), (rest) => {
      expect(maskPhone(`+84${rest}`)).toBe(`•••• ••• ${rest.slice(-3)}`)
    }),
  )
})

test('an address shows one letter of its name and of its domain, and neither one’s length', () => {
  fc.assert(
    fc.property(letters, letters, fc.constantFrom('vn', 'com'), (name, domain, top) => {
      const mask = maskEmail(`${name}@${domain}.${top}`)
      const [left = '', right = ''] = mask.split('@')
      expect(left).toBe(name.length === 1 ? '•••' : `${name[0]}•••`)
      expect(right).toBe(`${domain.length === 1 ? '•••' : `${domain[0]}•••`}.${top}`)
    }),
  )
})

test('of other words nothing is left but that there are some', () => {
  fc.assert(fc.property(fc.string(), (text) => maskText(text) === (text === '' ? '' : '•••')))
})
