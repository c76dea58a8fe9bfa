import { expect, test } from 'vitest'
import { err, ok } from '#lib/result.ts'
import { sayValue } from '#messages/field-values.ts'
import { columnOf } from './columns-rules.ts'
import { pastDay, wholeNumber } from './values-rules.ts'

const now = new Date('2026-11-24T09:00:00+07:00')
const price = wholeNumber(1, 500_000_000)
const bought = pastDay(() => now)

test.each([
  ['12000000', '12000000'],
  ['12.000.000', '12000000'],
  [' 12 000 000 ', '12000000'],
  ['12,000,000', '12000000'],
  ['１２', '12'],
  ['007', '7'],
])('%j is the number %j', (typed, value) => expect(price(typed)).toEqual(ok(value)))

test.each([
  ['mười hai', 'number'],
  ['12,5', 'number'],
  ['-3', 'number'],
  ['1e9', 'number'],
  ['0', 'range'],
  ['500000001', 'range'],
  ['9'.repeat(40), 'number'],
])('%j is refused: %s', (typed, error) => expect(price(typed)).toEqual(err(error)))

test('a day is read as people write it and kept in one form, which is read as the same', () => {
  for (const typed of ['2/3/2024', '02/03/2024', '2024-03-02'])
    expect(bought(typed)).toEqual(ok('2024-03-02'))
  expect(bought('30/02/2024')).toEqual(err('impossible'))
  expect(bought('25/11/2026')).toEqual(err('future'))
  expect(bought('hôm qua')).toEqual(err('format'))
})

test('each kind has one way of saying it in each language', () => {
  expect(sayValue('vi', 'money', '12000000')).toBe('12.000.000 đồng')
  expect(sayValue('en', 'money', '12000000')).toBe('12,000,000 VND')
  expect(sayValue('vi', 'number', '1234')).toBe('1.234')
  expect(sayValue('vi', 'date', '2024-03-02')).toBe('02/03/2024')
  expect(sayValue('vi', 'words', '12000000')).toBe('12000000')
  expect(sayValue('vi', 'money', '')).toBe('')
})

test('a column holds a number or a day, and nothing where nothing was said', () => {
  expect(columnOf('money', '12000000')).toBe(12_000_000)
  expect(columnOf('date', '2024-03-02')).toEqual(new Date('2024-03-02T00:00:00Z'))
  expect([columnOf('number', ''), columnOf('date', ''), columnOf('words', '')]).toEqual([null, null, ''])
})
