import { expect, test } from 'vitest'
import { isReadablePath, withoutNul } from './readable-path.ts'

test.each(['/', '/ho-so/HCM-7K3Q-9XWD-4', '/en/track/a%20b', '/ho-so/%F0%9F%94%A5', '/x/%2541'])(
  'reads %s',
  (path) => {
    expect(isReadablePath(path)).toBe(true)
  },
)

test.each([
  '/ho-so/%',
  '/ho-so/%25',
  '/k/%ff',
  '/api/evidence/%E0%A4%A',
  '*',
  '',
  '/danh-gia/a%00b',
  '/x/%2500',
])('does not read %s', (path) => {
  expect(isReadablePath(path)).toBe(false)
})

test.each([
  ['/ho-so', '/ho-so'],
  ['/nhat-ky?number=%00&day=2026%00-11', '/nhat-ky?number=&day=2026-11'],
  ['/dang-nhap?callbackUrl=%2Fx%3Fa%3D%2500', '/dang-nhap?callbackUrl=%2Fx%3Fa%3D%2500'],
  ['/a%00b?x', '/a%00b?x'],
])('%s is asked as %s', (url, asked) => {
  expect(withoutNul(url)).toBe(asked)
})
