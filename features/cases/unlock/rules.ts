import { isCrockford, type Random, randomCharacters, readCharacters } from '#lib/crockford.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { compactCode } from '#lib/text-normalization.ts'
import type { CaseNumber } from '../numbers/rules.ts'

/** `XXXXX-XXXXX-XXXXX-XXXXX`: 100 random bits. A person who has it and the case's number may act on the case. */
export type CaseSecret = string & { readonly __brand: 'CaseSecret' }

/** Six digits that prove that a person reads a contact's messages. */
export type Code = string & { readonly __brand: 'Code' }

export type SecretFault = 'empty' | 'format'

const SECRET_LENGTH = 20
const CODES = 1_000_000

export const newCaseSecret = (random: Random): CaseSecret => write(randomCharacters(random, SECRET_LENGTH))

/** Reads a secret as people copy it: any case and grouping, O for 0, I or L for 1. */
export function parseCaseSecret(input: string): Result<CaseSecret, SecretFault> {
  const characters = readCharacters(input)
  if (characters === '') return err('empty')
  return isCrockford(characters, SECRET_LENGTH) ? ok(write(characters)) : err('format')
}

const write = (characters: string): CaseSecret => (characters.match(/.{5}/g) ?? []).join('-') as CaseSecret

/** Returns a code from 000000 to 999999, each equally likely: a draw from the uneven top of the 24-bit range is repeated. */
export function newCode(random: Random): Code {
  const fair = Math.floor(2 ** 24 / CODES) * CODES
  for (;;) {
    const [high = 0, middle = 0, low = 0] = random(3)
    const drawn = (high << 16) | (middle << 8) | low
    if (drawn < fair) return String(drawn % CODES).padStart(6, '0') as Code
  }
}

/** Reads a code as people type it, blanks and full-width digits included. */
export function parseCode(input: string): Result<Code, SecretFault> {
  const code = compactCode(input)
  if (code === '') return err('empty')
  return /^[0-9]{6}$/.test(code) ? ok(code as Code) : err('format')
}

/** Returns the path that opens a case: it exchanges the secret for a session and redirects to a clean address. */
export const secretPath = (number: CaseNumber, secret: CaseSecret): string => `/k/${number}.${secret}`
