import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { err, ok } from '#lib/result.ts'
import { formatImei, luhnDigit, parseImei, parseImeis } from './imei.ts'

const digit = fc.integer({ min: 0, max: 9 }).map(String)
/** Keys of real phones: not a test number, not one digit repeated. */
const key = fc
  .array(digit, { minLength: 14, maxLength: 14 })
  .map((digits) => digits.join(''))
  .filter((digits) => !digits.startsWith('00') && !/^(\d)\1+$/.test(digits))

const PHONE = { imei: '352987065816623', key: '35298706581662', tac: '35298706' }

describe('luhnDigit', () => {
  it.each([
    ['49015420323751', '8'],
    ['35298706581662', '3'],
    ['00000000000000', '0'],
  ])('of %s is %s', (digits, check) => {
    expect(luhnDigit(digits)).toBe(check)
  })
})

describe('parseImei', () => {
  it.each([
    ['352987065816623', 'imei'],
    ['35298706581662', 'imei14'],
    ['3529870658166207', 'imeisv'],
    [' 35 298706 581662 3 ', 'imei'],
    ['35-298706-581662-3', 'imei'],
    ['35.298706.581662.3', 'imei'],
    ['35298706/581662/3', 'imei'],
    ['３５２９８７０６５８１６６２３', 'imei'],
    ['35\u00a0298706\u2013581662\u200b3\u200e', 'imei'],
  ])('reads %j', (input, writtenAs) => {
    expect(parseImei(input)).toEqual(ok({ ...PHONE, writtenAs }))
  })

  it.each([
    ['', 'empty'],
    [' - ', 'empty'],
    ['35298706581662a', 'letters'],
    ['IMEI: 352987065816623', 'letters'],
    ['*#06#', 'letters'],
    ['352987065816623, 352987065816631', 'letters'],
    ['3529870658166', 'length'],
    ['35298706581662312', 'length'],
    ['9'.repeat(100_000), 'length'],
    ['352987065816624', 'check_digit'],
    ['111111111111111', 'repeated'],
    ['11111111111111', 'repeated'],
    ['1111111111111199', 'repeated'],
    ['000000000000000', 'zeros'],
    ['00000000000000', 'zeros'],
    ['004401020304053', 'check_digit'],
    ['00440102030405', 'test_body'],
    ['0044010203040599', 'test_body'],
  ])('refuses %s', (input, error) => {
    expect(parseImei(input)).toEqual(err(error))
  })

  it('refuses a rightly typed test number as such', () => {
    const drill = '00440102030405'
    expect(parseImei(drill + luhnDigit(drill))).toEqual(err('test_body'))
  })

  it('reads every writing of a phone as that phone', () => {
    const separator = fc.constantFrom('', ' ', '-', '.', '/', '\u00a0', '\u200b', '–')
    fc.assert(
      fc.property(
        key,
        digit,
        digit,
        fc.array(separator, { minLength: 16, maxLength: 16 }),
        (k, a, b, gaps) => {
          for (const digits of [k, k + luhnDigit(k), k + a + b]) {
            const parsed = parseImei([...digits].map((d, at) => d + gaps[at]).join(''))
            expect(parsed.ok && parsed.value.imei).toBe(k + luhnDigit(k))
          }
        },
      ),
    )
  })

  it('catches every single wrong digit', () => {
    fc.assert(
      fc.property(key, fc.integer({ min: 0, max: 14 }), fc.integer({ min: 1, max: 9 }), (k, at, shift) => {
        const right = k + luhnDigit(k)
        const wrong = String((Number(right[at]) + shift) % 10)
        expect(parseImei(right.slice(0, at) + wrong + right.slice(at + 1)).ok).toBe(false)
      }),
    )
  })

  it('answers any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const parsed = parseImei(text)
        if (parsed.ok) expect(parsed.value.imei).toMatch(/^\d{15}$/)
      }),
    )
  })
})

describe('parseImeis', () => {
  it('passes over blank fields and keeps the order', () => {
    const parsed = parseImeis(['', '352987065816623', ' ', '49015420323751'])
    expect(parsed.ok && parsed.value.map(({ imei }) => imei)).toEqual(['352987065816623', '490154203237518'])
  })

  it('wants at least one', () => {
    expect(parseImeis(['', ''])).toEqual(err([{ field: 0, fault: 'empty' }]))
    expect(parseImeis([])).toEqual(err([{ field: 0, fault: 'empty' }]))
  })

  it('names every faulty field', () => {
    expect(parseImeis(['352987065816624', '490154203237518', 'abc'])).toEqual(
      err([
        { field: 0, fault: 'check_digit' },
        { field: 2, fault: 'letters' },
      ]),
    )
  })

  it('refuses the same phone in another writing, at the later field', () => {
    expect(parseImeis(['352987065816623', '3529870658166207'])).toEqual(
      err([{ field: 1, fault: 'duplicate' }]),
    )
  })

  it('refuses a fifth', () => {
    const keys = ['35298706581660', '35298706581661', '35298706581662', '35298706581663', '35298706581664']
    expect(parseImeis(keys.slice(0, 4)).ok).toBe(true)
    expect(parseImeis(keys)).toEqual(err([{ field: 4, fault: 'too_many' }]))
  })
})

describe('formatImei', () => {
  it('groups the digits, and reads back', () => {
    expect(formatImei('352987065816623')).toBe('35 298706 581662 3')
    fc.assert(
      fc.property(key, (k) => {
        const parsed = parseImei(formatImei(k + luhnDigit(k)))
        expect(parsed.ok && parsed.value.key).toBe(k)
      }),
    )
  })
})
