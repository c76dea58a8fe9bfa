import { expect, test } from 'vitest'
import { contentSecurityPolicy } from './content-security-policy.ts'

test('in production nothing inline runs without the nonce', () => {
  const policy = contentSecurityPolicy({ nonce: 'abc', https: true, development: false })
  expect(policy).not.toContain('unsafe')
  expect(policy).toContain(`script-src 'self' 'nonce-abc' 'strict-dynamic'`)
  expect(policy).toContain(`style-src 'self' 'nonce-abc'`)
  expect(policy).toContain('upgrade-insecure-requests')
})

test('a page that is the same for everybody runs nothing, and has its styles from our own files', () => {
  const policy = contentSecurityPolicy({ nonce: null, https: true, development: false })
  expect(policy).toContain("script-src 'none'; style-src 'self';")
  expect(policy).not.toMatch(/nonce|unsafe/)
})

test('plain HTTP is not forced up to HTTPS', () => {
  const policy = contentSecurityPolicy({ nonce: 'abc', https: false, development: false })
  expect(policy).not.toContain('upgrade-insecure-requests')
})
