import { isCrockford, type Random, randomCharacters, readCharacters } from '#lib/crockford.ts'
import { compactCode } from '#lib/text-normalization.ts'

/** The second factor in the field for codes: an app's six digits, a recovery code, or what a passkey signed. */
export type Otp =
  | { readonly kind: 'totp'; readonly code: string }
  | { readonly kind: 'recovery'; readonly code: string }
  | { readonly kind: 'passkey'; readonly response: unknown }

export const RECOVERY_CODES = 10
/** 50 random bits each: guesses meet the growing delay of signing in, and a stolen hash its key. */
const RECOVERY_LENGTH = 10

/** Draws codes for the day on which the device is lost, written `XXXXX-XXXXX`. */
export const newRecoveryCodes = (random: Random): string[] =>
  Array.from({ length: RECOVERY_CODES }, () => written(randomCharacters(random, RECOVERY_LENGTH)))

/** Reads a code as people type it, grouped in any way, O for 0, or what a passkey's script put in its place as JSON. */
export function parseOtp(typed: string): Otp | null {
  if (typed.startsWith('{')) return { kind: 'passkey', response: parseJson(typed) }
  const digits = compactCode(typed)
  if (/^[0-9]{6}$/.test(digits)) return { kind: 'totp', code: digits }
  const characters = readCharacters(typed)
  return isCrockford(characters, RECOVERY_LENGTH) ? { kind: 'recovery', code: written(characters) } : null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const written = (characters: string): string => `${characters.slice(0, 5)}-${characters.slice(5)}`
