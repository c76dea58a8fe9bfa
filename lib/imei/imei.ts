import { err, ok, type Result } from '../result.ts'
import { compactCode } from '../text-normalization.ts'

/**
 * The 14 digits that identify a phone: the 8-digit TAC and the 6-digit serial number, without the check digit. Every way of
 * writing one phone's number has the same key.
 */
export type ImeiKey = string & { readonly __brand: 'ImeiKey' }

export interface Imei {
  /** 15 digits, with the check digit: what carriers receive. */
  readonly imei: string
  readonly key: ImeiKey
  /** Type Allocation Code: the first 8 digits, the same for every phone of a model. */
  readonly tac: string
  readonly writtenAs: 'imei' | 'imei14' | 'imeisv'
}

export type ImeiFault = 'empty' | 'letters' | 'length' | 'check_digit' | 'repeated' | 'zeros' | 'test_body'

/** The fault of one of several fields; `field` counts from 0. */
export interface ImeiFieldFault {
  readonly field: number
  readonly fault: ImeiFault | 'duplicate' | 'too_many'
}

/** The reporting body of numbers that no phone on sale has (GSMA TS.06). */
export const TEST_BODY = '00'

/** The IMEI of every real phone is greater than this. */
export const LAST_TEST_IMEI = `${TEST_BODY}${'9'.repeat(13)}`

export const isTestImei = (imei: string): boolean => imei.startsWith(TEST_BODY)

export const MAX_IMEIS = 4

const WRITTEN_AS = { 14: 'imei14', 15: 'imei', 16: 'imeisv' } as const

/** Returns the check digit for a string of digits (3GPP TS 23.003 annex B, the Luhn formula). */
export function luhnDigit(digits: string): string {
  let sum = 0
  for (let fromRight = 0; fromRight < digits.length; fromRight++) {
    const digit = Number(digits[digits.length - 1 - fromRight])
    const doubled = fromRight % 2 === 0 ? digit * 2 : digit
    sum += doubled > 9 ? doubled - 9 : doubled
  }
  return String((10 - (sum % 10)) % 10)
}

/**
 * Parses an IMEI as people type it: 15 digits, 14 without the check digit, or the 16 of an IMEISV, whose last two are a software
 * version and not part of the phone (3GPP TS 23.003 §6.2).
 *
 * Returns the most helpful fault: an obvious filler is reported before a wrong check digit, and a test number (Reporting Body
 * Identifier 00, GSMA TS.06) only if it is otherwise valid.
 */
export function parseImei(input: string): Result<Imei, ImeiFault> {
  const digits = compactCode(input)
  if (digits === '') return err('empty')
  if (!/^[0-9]+$/.test(digits)) return err('letters')
  if (digits.length !== 14 && digits.length !== 15 && digits.length !== 16) return err('length')

  const key = digits.slice(0, 14)
  if (/^0+$/.test(key)) return err('zeros')
  if (/^([0-9])\1+$/.test(key)) return err('repeated')
  const check = luhnDigit(key)
  if (digits.length === 15 && digits[14] !== check) return err('check_digit')
  if (isTestImei(key)) return err('test_body')

  return ok({
    imei: key + check,
    key: key as ImeiKey,
    tac: key.slice(0, 8),
    writtenAs: WRITTEN_AS[digits.length],
  })
}

/**
 * Parses the IMEI fields of one report. Blank fields are skipped; if all are blank, the first is `empty`. Reports every faulty
 * field, and the later of two that name the same phone as `duplicate`.
 */
export function parseImeis(fields: readonly string[]): Result<readonly Imei[], readonly ImeiFieldFault[]> {
  const imeis: Imei[] = []
  const faults: ImeiFieldFault[] = []
  let filled = 0
  for (const [field, input] of fields.entries()) {
    const parsed = parseImei(input)
    if (!parsed.ok && parsed.error === 'empty') continue
    filled++
    if (filled > MAX_IMEIS) faults.push({ field, fault: 'too_many' })
    else if (!parsed.ok) faults.push({ field, fault: parsed.error })
    else if (imeis.some(({ key }) => key === parsed.value.key)) faults.push({ field, fault: 'duplicate' })
    else imeis.push(parsed.value)
  }
  if (filled === 0) faults.push({ field: 0, fault: 'empty' })
  return faults.length > 0 ? err(faults) : ok(imeis)
}

/** Returns an IMEI for reading and copying: `352987065816623` → `35 298706 581662 3`. Takes 15 digits. */
export const formatImei = (imei: string): string =>
  [imei.slice(0, 2), imei.slice(2, 8), imei.slice(8, 14), imei.slice(14)].join(' ')
