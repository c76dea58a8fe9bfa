import { parseImei } from '#lib/imei/imei.ts'
import { parseEmail } from '#lib/person/email.ts'
import { searchWords } from '#lib/person/name.ts'
import { parseNationalId } from '#lib/person/national-id.ts'
import { parseMobile } from '#lib/person/phone-number.ts'
import { compactCode } from '#lib/text-normalization.ts'
import type { Instant } from '#lib/time.ts'
import { parseCaseNumber, partOfCaseNumber } from '../numbers/rules.ts'

/** The longest search text; the rest is not read. */
const MAX_SEARCH_LENGTH = 200

/** The possible meanings of a text in the search box; a text can have several. */
export interface CaseSearch {
  readonly number: string | null
  /** Four to nine characters of a case number in normal form, without its prefix. */
  readonly numberPart: string | null
  /** First 14 digits of an IMEI. */
  readonly imeiKey: string | null
  /** Values to look up by their blind index. */
  readonly values: readonly {
    readonly kind: 'phone' | 'email' | 'national_id' | 'serial'
    readonly value: string
  }[]
  /** The words of a name, all of which must match. */
  readonly words: readonly string[]
}

const NOTHING: CaseSearch = { number: null, numberPart: null, imeiKey: null, values: [], words: [] }

/**
 * Reads a search for cases: case number or a part of one, IMEI in any form (also with a wrong check digit, since it may
 * have been misread), phone number, e-mail address, identity or serial number, or words of a name without diacritics.
 */
export function readSearch(input: string, now: Instant): CaseSearch {
  const text = input.trim().slice(0, MAX_SEARCH_LENGTH)
  const number = parseCaseNumber(text)
  if (number.ok) {
    // Six characters after the prefix may happen to be a whole number without one.
    const part = partOfCaseNumber(text)
    const whole = number.value.split('-').slice(1).join('')
    return { ...NOTHING, number: number.value, numberPart: part === whole ? null : part }
  }
  const email = parseEmail(text)
  if (email.ok) return { ...NOTHING, values: [{ kind: 'email', value: email.value }] }
  const code = compactCode(text).toUpperCase()
  const isName = !/[0-9]/.test(code)
  return {
    number: null,
    numberPart: partOfCaseNumber(text),
    imeiKey: imeiKeyOf(text, code),
    values: isName ? [] : valuesOf(text, code, now),
    words: isName ? searchWords(text) : [],
  }
}

function imeiKeyOf(text: string, code: string): string | null {
  const imei = parseImei(text)
  if (imei.ok) return imei.value.key
  return imei.error === 'check_digit' ? code.slice(0, 14) : null
}

function valuesOf(text: string, code: string, now: Instant): CaseSearch['values'] {
  const phone = parseMobile(text)
  const id = [parseNationalId('cccd', text, now), parseNationalId('passport', text, now)].find(
    (one) => one.ok,
  )
  return [
    ...(phone.ok ? [{ kind: 'phone' as const, value: phone.value }] : []),
    ...(id?.ok ? [{ kind: 'national_id' as const, value: id.value }] : []),
    ...(/^[A-Z0-9]{4,40}$/.test(code) ? [{ kind: 'serial' as const, value: code }] : []),
  ]
}

export const isEmptySearch = (search: CaseSearch): boolean =>
  search.number === null &&
  search.numberPart === null &&
  search.imeiKey === null &&
  search.values.length === 0 &&
  search.words.length === 0
