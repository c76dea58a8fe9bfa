import { expect, test } from 'vitest'
import { ACCEPTED, isMediaType, isWholeHeic, isWholePdf, mediaType } from './rules.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

test.each([
  ['image/heif', 'image/heic'],
  ['image/apng', 'image/png'],
  ['application/pdf', 'application/pdf'],
  ['image/svg+xml', null],
  ['image/avif', null],
  ['text/html', null],
  ['constructor', null],
  [undefined, null],
])('%s is taken as %s', (detected, expected) => {
  expect(mediaType(detected)).toBe(expected)
})

test('only what is taken is offered to the file picker', () => {
  expect(ACCEPTED).toContain('image/heic')
  expect(ACCEPTED).toContain('.pdf')
  expect(isMediaType('image/svg+xml')).toBe(false)
})

test('a PDF has its head and its trailer', () => {
  expect(isWholePdf(bytes('%PDF-1.7\n…\n%%EOF\n'))).toBe(true)
  expect(isWholePdf(bytes('%PDF-1.7\n… cut off'))).toBe(false)
  expect(isWholePdf(bytes(`%PDF-1.7\n%%EOF${' '.repeat(2000)}`))).toBe(false)
  expect(isWholePdf(bytes('<html>%PDF-1.7 %%EOF'))).toBe(false)
})

test('the boxes of a HEIC file fill it exactly', () => {
  const box = (size: number) => [size >> 24, size >> 16, size >> 8, size].map((byte) => byte & 255)
  const whole = Uint8Array.from([...box(12), 1, 2, 3, 4, 5, 6, 7, 8, ...box(8), 0, 0, 0, 0])
  expect(isWholeHeic(whole)).toBe(true)
  expect(isWholeHeic(whole.subarray(0, -1))).toBe(false)
  expect(isWholeHeic(Uint8Array.from([...box(4), 0, 0, 0, 0]))).toBe(false)
  expect(isWholeHeic(Uint8Array.from([...box(0), 0, 0, 0, 0, 9, 9]))).toBe(true)
  const long = Uint8Array.from([...box(1), 0, 0, 0, 0, ...box(0), ...box(18), 9, 9])
  expect(isWholeHeic(long)).toBe(true)
  expect(isWholeHeic(long.subarray(0, -1))).toBe(false)
})
