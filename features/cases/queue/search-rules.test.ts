import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isEmptySearch, readSearch } from './search-rules.ts'

const now = new Date('2026-11-24T03:00:00Z')
const read = (text: string) => readSearch(text, now)

test.each([
  '352987065816623',
  '35 298706 581662 3',
  '35-298706-581662',
  '3529870658166201',
  '３５２９８７０６５８１６６２３',
])('%s is one phone', (text) => {
  expect(read(text).imeiKey).toBe('35298706581662')
})

test('an IMEI with a misread check digit still finds its phone', () => {
  expect(read('352987065816620').imeiKey).toBe('35298706581662')
})

test.each(['0912 345 678', '+84912345678', '0912.345.678'])('%s is a phone number', (text) => {
  expect(read(text).values).toContainEqual({ kind: 'phone', value: '+84912345678' })
})

test('an identity card, a passport and a serial number', () => {
  expect(read('079 099 001234').values).toContainEqual({ kind: 'national_id', value: '079099001234' })
  expect(read('b1234567').values).toContainEqual({ kind: 'national_id', value: 'B1234567' })
  expect(read('r58n-30abcde').values).toContainEqual({ kind: 'serial', value: 'R58N30ABCDE' })
})

test('an e-mail address is nothing else', () => {
  expect(read('lan.nguyen@Example.vn')).toEqual({
    number: null,
    numberPart: null,
    imeiKey: null,
    values: [{ kind: 'email', value: 'lan.nguyen@example.vn' }],
    words: [],
  })
})

test('a name is found by its words, with and without diacritics', () => {
  expect(read('Nguyễn Thị Ánh').words).toEqual(['nguyen', 'thi', 'anh'])
  expect(read('nguyen thi anh').words).toEqual(['nguyen', 'thi', 'anh'])
  expect(read('nguyen thi anh').values).toEqual([])
})

test('nothing to look for is said to be nothing', () => {
  for (const text of ['', '   ', '!?', '\u200b']) expect(isEmptySearch(read(text))).toBe(true)
})

test('any text is read, however odd or long', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      expect(typeof isEmptySearch(read(text))).toBe('boolean')
    }),
    { numRuns: 200 },
  )
})

test.each([
  ['xqn2', 'XQN2'],
  ['HCM-7K3Q', '7K3Q'],
  ['7k3q-9xwd', '7K3Q9XWD'],
  ['hcm-7k3q-9xwd-5', '7K3Q9XWD5'],
  ['3Q 9X', '3Q9X'],
  ['O1LI', '0111'],
])('%s is a part of a case number', (text, part) => {
  expect(read(text).numberPart).toBe(part)
})

test.each(['7K3', 'HCM', 'Ánh Tuyết', '356789100000019', 'tuấn', '7K3Q9XWD45'])('%s is none', (text) => {
  expect(read(text).numberPart).toBeNull()
})

test('six characters behind the prefix are a part, though by chance they are a whole number without it', () => {
  // Of the characters that the text may end with, one is the right check character.
  const texts = [...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'].map((last) => `HCM-12S4Y${last}`)
  expect(texts.filter((text) => read(text).number !== null)).toHaveLength(1)
  expect(texts.map((text) => read(text).numberPart)).toEqual(texts.map((text) => text.slice(4)))
})
