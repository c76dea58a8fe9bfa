import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { carrierHint, formatMobile, type Msisdn, maskMobile, parseMobile } from './phone-number.ts'

const read = (input: string) => {
  const parsed = parseMobile(input)
  return parsed.ok ? parsed.value : parsed.error
}

describe('parseMobile', () => {
  it.each([
    '0912345678',
    '0912 345 678',
    '0912.345.678',
    '091-234-5678',
    '+84912345678',
    '+84 912 345 678',
    '84912345678',
    '840912345678',
    '(+84) 0912 345 678',
    '(+84)912345678',
    '0084 912 345 678',
    '０９１２３４５６７８',
    '＋84912345678',
    '\u202a+84\u00a0912\u200b345\u2011678\u202c',
  ])('reads %j', (input) => {
    expect(read(input)).toBe('+84912345678')
  })

  it('tells VinaPhone’s 084 from the country code', () => {
    expect(read('0841234567')).toBe('+84841234567')
    expect(read('84841234567')).toBe('+84841234567')
    expect(read('+84 84 123 4567')).toBe('+84841234567')
    expect(read('841234567')).toBe('length')
  })

  it.each([
    ['', 'empty'],
    [' ()- ', 'empty'],
    ['chín một hai', 'letters'],
    ['0912345678 hoặc 0987654321', 'letters'],
    ['tel:0912345678', 'letters'],
    ['0912+345678', 'letters'],
    ['091234567', 'length'],
    ['09123456789', 'length'],
    ['912345678', 'length'],
    ['+8491234567', 'length'],
    ['0'.repeat(100_000), 'not_mobile'],
    ['9'.repeat(100_000), 'length'],
    ['02838221111', 'not_mobile'],
    ['19001234', 'not_mobile'],
    ['18001091', 'not_mobile'],
    ['+14155550100', 'not_mobile'],
    ['0014155550100', 'not_mobile'],
    ['0951234567', 'not_mobile'],
    ['0301234567', 'not_mobile'],
    ['0801234567', 'not_mobile'],
    ['01681234567', 'old_prefix'],
    ['+84 168 123 4567', 'old_prefix'],
    ['841201234567', 'old_prefix'],
    ['01991234567', 'old_prefix'],
    ['01611234567', 'not_mobile'],
  ])('refuses %s as %s', (input, fault) => {
    expect(read(input)).toBe(fault)
  })

  it('answers any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(read(text)).toMatch(/^\+84\d{9}$|^[a-z_]+$/)
      }),
    )
  })
})

const mobile = fc
  .tuple(
    fc.constantFrom('32', '39', '52', '55', '59', '70', '79', '81', '86', '87', '88', '89', '92', '98', '99'),
    fc.integer({ min: 0, max: 9_999_999 }),
  )
  .map(([code, rest]) => `+84${code}${String(rest).padStart(7, '0')}` as Msisdn)

describe('formatMobile and maskMobile', () => {
  it('write it as at home', () => {
    expect(formatMobile('+84912345678' as Msisdn)).toBe('0912 345 678')
    expect(maskMobile('+84912345678' as Msisdn)).toBe('0912 ••• 678')
  })

  it('the first reads back, the second does not', () => {
    fc.assert(
      fc.property(mobile, (number) => {
        expect(read(formatMobile(number))).toBe(number)
        expect(read(maskMobile(number))).toBe('letters')
      }),
    )
  })
})

describe('carrierHint', () => {
  it.each([
    ['0321234567', 'viettel'],
    ['0861234567', 'viettel'],
    ['0981234567', 'viettel'],
    ['0811234567', 'vinaphone'],
    ['0881234567', 'vinaphone'],
    ['0941234567', 'vinaphone'],
    ['0701234567', 'mobifone'],
    ['0891234567', 'mobifone'],
    ['0931234567', 'mobifone'],
    ['0521234567', 'vietnamobile'],
    ['0921234567', 'vietnamobile'],
    ['0591234567', 'gmobile'],
    ['0991234567', 'gmobile'],
    ['0551234567', null],
    ['0871234567', null],
  ])('of %s is %s', (input, carrier) => {
    const parsed = parseMobile(input)
    expect(parsed.ok && carrierHint(parsed.value)).toBe(carrier)
  })
})
