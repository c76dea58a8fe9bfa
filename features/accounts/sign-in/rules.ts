import { foldDiacritics } from '#lib/text-normalization.ts'
import { HOUR, MINUTE } from '#lib/time.ts'

/** An unused session ends after `SESSION_IDLE`; any session ends after `SESSION_LIFE`, the end of a long shift. */
export const SESSION_IDLE = 30 * MINUTE
export const SESSION_LIFE = 12 * HOUR

export const INVITATION_LIFE = 72 * HOUR

/** The first tries have no wait, because everybody mistypes. */
const FREE_TRIES = 4
const LONGEST_WAIT = 15 * MINUTE

/** Returns how long one device has to wait after its last failure, in milliseconds; it doubles each time. */
export const waitAfter = (failures: number): number =>
  failures < FREE_TRIES ? 0 : Math.min(2 ** (failures - FREE_TRIES) * 2_000, LONGEST_WAIT)

/** In code points. Only the length counts (NIST SP 800-63B); twelve are enough beside a second factor. */
const PASSWORD_MIN = 12
const PASSWORD_MAX = 128

export type PasswordFault = 'too_short' | 'too_long' | 'too_plain'

/** Returns only the letters and digits of a text, without diacritics and capitals: `An Tâm` is `antam`. */
const bare = (text: string): string => foldDiacritics(text).replace(/[^\p{L}\p{N}]/gu, '')

/** Returns what is wrong with a new password, or null. `own`: public words about this person, such as their name. */
export function passwordFault(password: string, own: readonly string[]): PasswordFault | null {
  const characters = [...password.normalize('NFC')]
  if (characters.length < PASSWORD_MIN) return 'too_short'
  if (characters.length > PASSWORD_MAX) return 'too_long'
  const plain = bare(password)
  const guessable = own.map(bare).some((word) => word.length > 3 && plain.includes(word))
  return guessable || new Set(characters).size < 5 ? 'too_plain' : null
}
