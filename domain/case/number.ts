import { err, ok, type Result } from '#domain/result.ts'
import { checkCharacter, isCrockford, type Random, randomCharacters, readCharacters } from './crockford.ts'

/** `HCM-XXXX-XXXX-C`: eight characters of Crockford's base32 and a check character. Public, not a secret. */
export type CaseNumber = string & { readonly __brand: 'CaseNumber' }

export type CaseNumberFault = 'empty' | 'format' | 'check'

const PREFIX = 'HCM'
const BODY_LENGTH = 8

/** A number out of 2^40; the database refuses the rare one that is taken, and the caller draws again. */
export function newCaseNumber(random: Random): CaseNumber {
  const body = randomCharacters(random, BODY_LENGTH)
  return write(body, checkCharacter(body))
}

/**
 * Reads a case number as people type or dictate it: any case and grouping, with or without `HCM`, O for 0,
 * I or L for 1. `check` means that it has the right form but a character is wrong or two are swapped.
 */
export function parseCaseNumber(input: string): Result<CaseNumber, CaseNumberFault> {
  const characters = readCharacters(input)
  if (characters === '') return err('empty')
  // A number without its prefix may itself begin with HCM: only the length tells.
  const prefixed = characters.length === PREFIX.length + BODY_LENGTH + 1 && characters.startsWith(PREFIX)
  const code = prefixed ? characters.slice(PREFIX.length) : characters
  if (!isCrockford(code, BODY_LENGTH + 1)) return err('format')

  const body = code.slice(0, BODY_LENGTH)
  const check = code.slice(BODY_LENGTH)
  return check === checkCharacter(body) ? ok(write(body, check)) : err('check')
}

const write = (body: string, check: string): CaseNumber =>
  `${PREFIX}-${body.slice(0, 4)}-${body.slice(4)}-${check}` as CaseNumber
