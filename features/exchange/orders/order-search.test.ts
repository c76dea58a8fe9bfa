import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ALPHABET } from '#lib/crockford.ts'
import { luhnDigit } from '#lib/imei/imei.ts'
import { gramsOf, readOrderSearch } from './rules.ts'

const read = (text: string) => readOrderSearch(text, true)

describe('what a person looks for among orders', () => {
  test('is nothing, an order, an IMEI or a part of a number', () => {
    expect(read('  ')).toBeNull()
    expect(read('7F0C1A34-8a0e-4b43-8f0d-0d9a3f3c2b11')).toEqual({
      by: 'order',
      id: '7f0c1a34-8a0e-4b43-8f0d-0d9a3f3c2b11',
    })
    expect(read('7f0c1a348a0e4b438f0d0d9a3f3c2b11')).toMatchObject({ by: 'order' })
    const imei = { by: 'imei', imei: '356938035643809' }
    for (const text of ['35693803564380', '35-693803-564380-9', '3569380356438000', '356938035643800'])
      expect(read(text)).toEqual(imei)
    expect(read('hcm-6hhy')).toEqual({ by: 'number', part: '6HHY' })
    expect(read('HCM6HHYVS3YY')).toEqual({ by: 'number', part: '6HHYVS3YY' })
    expect(read('vs3y-y')).toEqual({ by: 'number', part: 'VS3YY' })
    expect(read('HCMX')).toEqual({ by: 'number', part: 'HCMX' })
    // O, I and L are read as 0, 1 and 1; Q stays.
    expect(read('QOIL')).toEqual({ by: 'number', part: 'Q011' })
    for (const text of [
      '6HH',
      'HCM-6HH',
      'UUUU',
      '6HHY-VS3Y-YY',
      '12345678901',
      'tuyết',
      '%___%',
      'x'.repeat(10_000),
    ])
      expect(read(text)).toEqual({ by: 'nothing' })
  })

  test('is no number where a carrier’s people ask', () => {
    expect(readOrderSearch('6HHY', false)).toEqual({ by: 'nothing' })
    expect(readOrderSearch('35693803564380', false)).toMatchObject({ by: 'imei' })
  })

  test('finds any part of any number by its grams', () => {
    const number = fc.string({ unit: fc.constantFrom(...ALPHABET), minLength: 9, maxLength: 9 })
    fc.assert(
      fc.property(
        number,
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 4, max: 9 }),
        (body, from, length) => {
          const part = body.slice(from, from + length)
          fc.pre(part.length >= 4 && !part.startsWith('HCM') && !/^\d{14}/.test(part))
          const found = read(part)
          expect(found).toEqual({ by: 'number', part })
          const all = gramsOf(body)
          expect(gramsOf(part).every((gram) => all.includes(gram))).toBe(true)
          expect(gramsOf(part)).toHaveLength(part.length - 3)
        },
      ),
    )
  })

  test('reads any 14 digits as the phone that they name', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{14}$/), fc.stringMatching(/^\d{0,2}$/), (key, rest) => {
        expect(read(key + rest)).toEqual({ by: 'imei', imei: key + luhnDigit(key) })
      }),
    )
  })
})
