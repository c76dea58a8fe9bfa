import { expect, test } from 'vitest'
import { isReadablePath } from './readable-path.ts'

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
