import { expect, test } from 'vitest'
import { withoutSigningKey } from './signing-key.ts'

const key = Buffer.alloc(32, 7).toString('base64')
const others = {
  NODE_ENV: 'test',
  DATABASE_URL: 'postgresql://app@db/antam',
  ANTAM_KEY: key,
  ANTAM_INDEX_KEY: key,
  ANTAM_HASH_KEY: key,
  ANTAM_EXCHANGE_KEY: key,
  NEXTAUTH_SECRET: 'x'.repeat(32),
} as const

test('of the signing key a web server is left its public half, and that is all it needs', () => {
  const env = withoutSigningKey({ ...others, ANTAM_AUDIT_KEY: key, ANTAM_AUDIT_KEY_FILE: '' })
  expect(Object.keys(env).sort()).toEqual([...Object.keys(others), 'ANTAM_AUDIT_PUBLIC_KEY'].sort())
  expect(env.ANTAM_AUDIT_PUBLIC_KEY).toMatch(/^antam\/audit\+[0-9a-f]{8}\+/)
  expect(withoutSigningKey({ ...env })).toEqual(env)
})
