import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  blindIndex,
  keyedHash,
  newCaseKey,
  seal,
  sealForCookie,
  unseal,
  unsealForCookie,
  unwrap,
} from './crypto.ts'

beforeAll(() => {
  const key = () => randomBytes(32).toString('base64')
  Object.assign(process.env, {
    DATABASE_URL: 'postgresql://nobody@127.0.0.1/none',
    ANTAM_KEY: key(),
    ANTAM_INDEX_KEY: key(),
    ANTAM_HASH_KEY: key(),
    ANTAM_AUDIT_KEY: key(),
    ANTAM_EXCHANGE_KEY: key(),
    NEXTAUTH_SECRET: key(),
  })
})

describe('the seam of personal data', () => {
  it('opens any JSON value that it sealed', () => {
    const { key } = newCaseKey('a')
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(unseal(key, 'x', seal(key, 'x', value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })

  it('opens nothing that was changed by a single bit', () => {
    const { key } = newCaseKey('a')
    const sealed = seal(key, 'x', { fullName: 'Nguyễn Thị Ánh' })
    fc.assert(
      fc.property(fc.nat(sealed.length * 8 - 1), (bit) => {
        const changed = Uint8Array.from(sealed)
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        expect(() => unseal(key, 'x', changed)).toThrow()
      }),
    )
  })

  it('opens nothing in another place or another case', () => {
    const { key } = newCaseKey('a')
    const sealed = seal(key, 'event:1', 'words')
    expect(() => unseal(key, 'event:2', sealed)).toThrow()
    expect(() => unseal({ ...key, caseId: 'b' }, 'event:1', sealed)).toThrow()
  })

  it('unwraps a key for its own case alone', () => {
    const { key, stored } = newCaseKey('a')
    expect(unwrap('a', stored).bytes).toEqual(key.bytes)
    expect(() => unwrap('b', stored)).toThrow()
  })

  it('gives a receipt to the browser that sent it and to no other', () => {
    const sealed = sealForCookie('cookie-1', 'receipt', 'SECRET')
    expect(unsealForCookie('cookie-1', 'receipt', sealed)).toBe('SECRET')
    expect(unsealForCookie('cookie-2', 'receipt', sealed)).toBeNull()
  })

  it('finds a value under its own kind only, and not with the hash of a secret', () => {
    expect(blindIndex('phone', '+84912345678')).toEqual(blindIndex('phone', '+84912345678'))
    expect(blindIndex('phone', '+84912345678')).not.toEqual(blindIndex('contact', '+84912345678'))
    expect(keyedHash('phone', '+84912345678')).not.toEqual(blindIndex('phone', '+84912345678'))
  })
})
