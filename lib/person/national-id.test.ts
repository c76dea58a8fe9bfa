import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseNationalId } from './national-id.ts'

const NOW = new Date('2026-11-24T08:00:00Z')
const read = (kind: 'cccd' | 'passport', input: string, now = NOW) => {
  const parsed = parseNationalId(kind, input, now)
  return parsed.ok ? parsed.value : parsed.error
}

describe('a citizen’s number', () => {
  it.each([
    ['079095000123', '079095000123'],
    ['079 195 000 123', '079195000123'],
    ['０９６２２６９９９９９９', '096226999999'],
    ['001006000001', '001006000001'],
  ])('reads %s', (input, number) => {
    expect(read('cccd', input)).toBe(number)
  })

  it.each([
    [' ', 'empty'],
    ['07909500012', 'length'],
    ['025123456', 'length'],
    ['0790950001234', 'length'],
    ['07909500012O', 'letters'],
    ['000095000123', 'province'],
    ['097095000123', 'province'],
    ['790950001234', 'province'],
    ['079495000123', 'sex_century'],
    ['079926000123', 'sex_century'],
    ['079227000123', 'year'],
    ['079005000123', 'year'],
  ])('refuses %s as %s', (input, fault) => {
    expect(read('cccd', input)).toBe(fault)
  })

  it('turns the year at the city’s midnight', () => {
    expect(read('cccd', '079227000123', new Date('2026-12-31T16:59:59Z'))).toBe('year')
    expect(read('cccd', '079227000123', new Date('2026-12-31T17:00:00Z'))).toBe('079227000123')
  })

  it('accepts everybody alive', () => {
    const person = fc.record({
      province: fc.integer({ min: 1, max: 96 }),
      year: fc.integer({ min: 1906, max: 2026 }),
      sex: fc.constantFrom(0, 1),
      rest: fc.integer({ min: 0, max: 999_999 }),
    })
    fc.assert(
      fc.property(person, ({ province, year, sex, rest }) => {
        const centurySex = 2 * (Math.floor(year / 100) - 19) + sex
        const number =
          String(province).padStart(3, '0') +
          centurySex +
          String(year % 100).padStart(2, '0') +
          String(rest).padStart(6, '0')
        expect(read('cccd', number)).toBe(number)
      }),
    )
  })
})

describe('a passport', () => {
  it.each([
    ['c1234567', 'C1234567'],
    [' AB 123-456 ', 'AB123456'],
    ['123456', '123456'],
    ['ABCDEF123456', 'ABCDEF123456'],
    ['', 'empty'],
    ['C1234', 'length'],
    ['ABCDEF1234567', 'length'],
    ['Đ1234567', 'letters'],
    ['C123456_', 'letters'],
  ])('%j is %s', (input, outcome) => {
    expect(read('passport', input)).toBe(outcome)
  })
})

it('answers any text', () => {
  fc.assert(
    fc.property(fc.constantFrom('cccd', 'passport'), fc.string({ unit: 'binary' }), (kind, text) => {
      expect(read(kind, text)).toMatch(/^[0-9A-Za-z_]+$/)
    }),
  )
})
