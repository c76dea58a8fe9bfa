import { expect, test } from 'vitest'
import { fileSize } from './file-size.ts'

test.each([
  [1, 'vi', '1 KB'],
  [860_000, 'vi', '840 KB'],
  [1_258_291, 'vi', '1,2 MB'],
  [1_258_291, 'en', '1.2 MB'],
  [10 * 1024 * 1024, 'vi', '10 MB'],
])('%i bytes in %s are %s', (bytes, language, words) => {
  expect(fileSize(bytes, language)).toBe(words)
})
