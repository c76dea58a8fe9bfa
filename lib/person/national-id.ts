import { err, ok, type Result } from '../result.ts'
import { compactCode } from '../text-normalization.ts'
import { type Instant, localDate } from '../time.ts'

export const ID_KINDS = ['cccd', 'passport'] as const
export type IdKind = (typeof ID_KINDS)[number]

type NationalIdFault = 'empty' | 'length' | 'letters' | 'province' | 'sex_century' | 'year'

const LAST_PROVINCE = 96
const OLDEST_AGE = 120

/**
 * Reads the number of a citizen's identity card or of a passport; the value is without blanks, upper case.
 * `letters` means characters that such a number never has.
 */
export function parseNationalId(kind: IdKind, input: string, now: Instant): Result<string, NationalIdFault> {
  const number = compactCode(input).toUpperCase()
  if (number === '') return err('empty')
  return kind === 'cccd' ? parseCitizenNumber(number, now) : parsePassport(number)
}

/**
 * Reads the personal identification number (Nghị định 137/2015/NĐ-CP, Điều 13; Thông tư 07/2016/TT-BCA, Điều 7):
 * province of birth registration 001–096; a digit for century and sex, even for men and odd for women, 0 and 1 for
 * 1900–1999, 2 and 3 for 2000–2099 and so on; two digits of the year of birth; six at random.
 */
function parseCitizenNumber(number: string, now: Instant): Result<string, NationalIdFault> {
  if (!/^[0-9]+$/.test(number)) return err('letters')
  if (number.length !== 12) return err('length')

  const province = Number(number.slice(0, 3))
  if (province < 1 || province > LAST_PROVINCE) return err('province')

  const thisYear = Number(localDate(now).slice(0, 4))
  const century = 1900 + 100 * Math.floor(Number(number[3]) / 2)
  if (century > thisYear) return err('sex_century')
  const year = century + Number(number.slice(4, 6))
  if (year > thisYear || year < thisYear - OLDEST_AGE) return err('year')
  return ok(number)
}

/**
 * Reads the number of a passport. Each country numbers its own: ICAO Doc 9303 has nine characters in the
 * machine-readable zone, some print more.
 */
function parsePassport(number: string): Result<string, NationalIdFault> {
  if (!/^[0-9A-Z]+$/.test(number)) return err('letters')
  return number.length < 6 || number.length > 12 ? err('length') : ok(number)
}
