import { err, ok, type Result } from '../result.ts'
import { compactCode } from '../text-normalization.ts'

/** A Vietnamese mobile number in E.164: `+84` and nine digits. */
export type Msisdn = string & { readonly __brand: 'Msisdn' }

export type MobileFault = 'empty' | 'letters' | 'length' | 'not_mobile' | 'old_prefix'

export type CarrierHint = 'viettel' | 'vinaphone' | 'mobifone' | 'vietnamobile' | 'gmobile'

/**
 * The network codes in use, without the leading 0 (Thông tư 22/2014/TT-BTTTT and its amendments, the national numbering
 * plan). Virtual carriers with a code of their own, iTel 087 and Wintel 055, are not asked to block: they use another
 * carrier's network, so their codes give no hint.
 */
const NETWORKS: readonly (readonly [CarrierHint | null, readonly string[]])[] = [
  ['viettel', ['32', '33', '34', '35', '36', '37', '38', '39', '86', '96', '97', '98']],
  ['vinaphone', ['81', '82', '83', '84', '85', '88', '91', '94']],
  ['mobifone', ['70', '76', '77', '78', '79', '89', '90', '93']],
  ['vietnamobile', ['52', '56', '58', '92']],
  ['gmobile', ['59', '99']],
  [null, ['55', '87']],
]
const CARRIER_OF = new Map(NETWORKS.flatMap(([carrier, codes]) => codes.map((code) => [code, carrier])))

/** Mobile numbers of 11 digits, which became 10 between 15/9 and 14/11/2018 (Quyết định 798/QĐ-BTTTT). */
const BEFORE_2018 = /^1(2[0-9]|6[2-9]|8[68]|99)[0-9]{7}$/

/**
 * Reads a Vietnamese mobile number in any usual writing: `0912 345 678`, `+84912345678`, `(+84) 0912.345.678`,
 * `0084…`, `84…`. `old_prefix` is an 11-digit number from before 2018; `not_mobile` is a landline, a hotline,
 * a foreign number or a network code nobody has.
 */
export function parseMobile(input: string): Result<Msisdn, MobileFault> {
  const written = compactCode(input).replace(/[()]/g, '')
  if (written === '') return err('empty')
  if (!/^\+?[0-9]+$/.test(written)) return err('letters')

  const national = nationalNumber(written)
  if (national === null) return err(/^(\+|00)/.test(written) ? 'not_mobile' : 'length')
  if (BEFORE_2018.test(national)) return err('old_prefix')
  if (!/^[35789]/.test(national)) return err('not_mobile')
  if (national.length !== 9) return err('length')
  return CARRIER_OF.has(national.slice(0, 2)) ? ok(`+84${national}` as Msisdn) : err('not_mobile')
}

/** Returns the digits after the trunk 0 or the country code; `null` if there is neither, or another country's code. */
function nationalNumber(written: string): string | null {
  const international = /^(?:\+|00)(.*)$/.exec(written)?.[1]
  if (international !== undefined) return /^84(?:0?)(.*)$/.exec(international)?.[1] ?? null
  if (written.startsWith('0')) return written.slice(1)
  // "84…" without a plus is a country code only if a whole number follows: 084 is also a VinaPhone prefix.
  const bare = /^84(?:0?)([0-9]{9,10})$/.exec(written)?.[1]
  if (bare !== undefined) return bare
  return /^1[89]00/.test(written) ? written : null
}

/** Returns the carrier that the number's code was given to. Only a hint, because the number may have been ported since. */
export const carrierHint = (msisdn: Msisdn): CarrierHint | null => CARRIER_OF.get(msisdn.slice(3, 5)) ?? null

/** Returns a number in its national form: `0912 345 678`. */
export const formatMobile = (msisdn: Msisdn): string =>
  [`0${msisdn.slice(3, 6)}`, msisdn.slice(6, 9), msisdn.slice(9)].join(' ')

/** Masks a number for a person who should know it: `0912 ••• 678`. */
export const maskMobile = (msisdn: Msisdn): string => `0${msisdn.slice(3, 6)} ••• ${msisdn.slice(9)}`
