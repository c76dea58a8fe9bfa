import { compactCode } from '#lib/text-normalization.ts'
import { formatImei, type ImeiFault, parseImei } from './imei.ts'

export interface Typing {
  /** Digits so far. */
  readonly count: number
  /** `typing` until there are enough digits to judge; `right14`: correct without the check digit. */
  readonly state: 'empty' | 'typing' | 'right' | 'right14' | ImeiFault
  /** The number grouped as on a label, `35 298706 581662 3`; null if it has other characters than digits. */
  readonly grouped: string | null
}

/** Checks an IMEI while it is being typed, by the rules of {@link parseImei}. */
export function readTyping(text: string): Typing {
  const digits = compactCode(text)
  if (digits === '') return { count: 0, state: 'empty', grouped: null }
  if (!/^[0-9]+$/.test(digits))
    return { count: digits.replace(/[^0-9]/g, '').length, state: 'letters', grouped: null }
  const count = digits.length
  const grouped = formatImei(digits).trim()
  if (count < 14) return { count, state: 'typing', grouped }
  const read = parseImei(digits)
  if (!read.ok) return { count, state: read.error, grouped }
  return { count, state: count === 14 ? 'right14' : 'right', grouped }
}
