import '#server-only'
import { Secret, TOTP } from 'otpauth'
import type { Instant } from '#lib/time.ts'
import { randomBuffer } from './crypto.ts'

/** RFC 6238 as every authenticator app supports it: SHA-1, six digits, thirty seconds. */
const PERIOD = 30
const SHAPE = { algorithm: 'SHA1', digits: 6, period: PERIOD } as const

/** RFC 4226, R6: 160 bits. */
export const TOTP_SECRET_BYTES = 20

export const newTotpSecret = (): Buffer => randomBuffer(TOTP_SECRET_BYTES)

const secretOf = (bytes: Uint8Array): Secret => new Secret({ buffer: Uint8Array.from(bytes).buffer })

/** Returns the time step of a code: the current one, or because clocks differ, the previous or next one; otherwise null. */
export function totpStep(secret: Uint8Array, code: string, now: Instant): number | null {
  const timestamp = now.getTime()
  const off = TOTP.validate({ token: code, secret: secretOf(secret), ...SHAPE, timestamp, window: 1 })
  return off === null ? null : Math.floor(timestamp / 1000 / PERIOD) + off
}

export const totpText = (secret: Uint8Array): string => secretOf(secret).base32

export const totpUri = (secret: Uint8Array, account: string): string =>
  new TOTP({ ...SHAPE, issuer: 'An Tâm', label: account, secret: secretOf(secret) }).toString()
