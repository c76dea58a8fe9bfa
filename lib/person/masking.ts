import { formatMobile, type Msisdn } from './phone-number.ts'

// Masks personal data until police open it: the rest is enough to tell two values apart and not enough to use. The number of dots
// is always the same, so that it does not reveal the length.

const DOTS = '•••'

/** Masks an identity number except its end. If the number is so short that its end would reveal most of it, nothing is shown. */
export const maskId = (id: string): string => `${DOTS} ${DOTS} •• ${id.length < 8 ? '••••' : id.slice(-4)}`

/** Masks an address as `n•••@g•••.com`: keeps the first letters, and the country or kind of its domain. */
export function maskEmail(email: string): string {
  const at = email.lastIndexOf('@')
  const domain = email.slice(at + 1)
  const dot = domain.lastIndexOf('.')
  return `${first(email.slice(0, at))}@${first(domain.slice(0, dot))}${domain.slice(dot)}`
}

/** Returns the first letter of a text and dots, or only dots if that letter is the whole text. */
const first = (text: string): string => {
  const [letter = '', ...others] = text
  return others.length === 0 ? DOTS : letter + DOTS
}

export const maskPhone = (msisdn: string): string => `•••• ${DOTS} ${msisdn.slice(-3)}`

export const maskText = (text: string): string => (text === '' ? '' : DOTS)

/** Returns a phone number in its usual written form; a masked one is unchanged. */
export const sayPhone = (shown: string): string =>
  shown.startsWith('+') ? formatMobile(shown as Msisdn) : shown
