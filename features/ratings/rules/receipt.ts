import { checkCharacter, isCrockford, type Random, randomCharacters, readCharacters } from '#lib/crockford.ts'

/** `DG-XXXX-XXXX-XXXX-C`: 60 random bits and a check character. Proves that an answer is counted; leads to none. */
export type ReceiptNumber = string & { readonly __brand: 'ReceiptNumber' }

const PREFIX = 'DG'
const BODY_LENGTH = 12

const write = (body: string): ReceiptNumber =>
  [PREFIX, ...(body.match(/.{4}/g) ?? []), checkCharacter(body)].join('-') as ReceiptNumber

export const newReceiptNumber = (random: Random): ReceiptNumber =>
  write(randomCharacters(random, BODY_LENGTH))

/** Reads a receipt number in any case and grouping, with or without its prefix; null for any other text. */
export function parseReceiptNumber(input: string): ReceiptNumber | null {
  const characters = readCharacters(input.slice(0, 100))
  const prefixed = characters.length === PREFIX.length + BODY_LENGTH + 1 && characters.startsWith(PREFIX)
  const code = prefixed ? characters.slice(PREFIX.length) : characters
  if (!isCrockford(code, BODY_LENGTH + 1)) return null
  const body = code.slice(0, BODY_LENGTH)
  return checkCharacter(body) === code.slice(BODY_LENGTH) ? write(body) : null
}
