import { expect, test } from 'vitest'
import { ownPath } from './own-path.ts'

test.each(['/quan-tri', '/en/admin/cases?state=verified', '/'])('keeps %s', (path) => {
  expect(ownPath(path)).toBe(path)
})

test.each([
  '//evil.example',
  '/.//evil.example',
  '/x/..//evil.example',
  '/%2e//evil.example',
  '/\\evil.example',
  'https://evil.example/quan-tri',
  'javascript:alert(1)',
  '/\t/evil.example',
  'quan-tri',
  '',
  null,
  undefined,
])('refuses %j', (path) => {
  expect(ownPath(path)).toBeNull()
})
