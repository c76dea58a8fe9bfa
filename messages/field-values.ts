import { FIELDS, type FieldName, type ValueKind } from '#features/reporting/fields/rules.ts'
import { formatDate, formatInstant } from './dates.ts'
import type { Locale } from './routing.ts'

const INTL = { vi: 'vi-VN', en: 'en-GB' } as const

const kindOf = (name: FieldName): ValueKind | 'instant' => {
  const field = FIELDS[name]
  if (name === 'incidentAt') return 'instant'
  return field.kind === 'text' ? field.value : 'words'
}

/** Formats a value, which is stored as text, by its kind; '' stays ''. */
export function sayValue(locale: Locale, kind: ValueKind | 'instant', text: string): string {
  if (text === '' || kind === 'words') return text
  if (kind === 'instant') return formatInstant(locale, new Date(text), 'moment')
  if (kind === 'date') return formatDate(locale, text)
  const number = new Intl.NumberFormat(INTL[locale]).format(Number(text))
  return kind === 'money' ? `${number} ${locale === 'vi' ? 'đồng' : 'VND'}` : number
}

/** Formats the value of a report's field: on every page and paper, in corrections too. */
export const sayField = (locale: Locale, name: string, text: string): string =>
  name in FIELDS ? sayValue(locale, kindOf(name as FieldName), text) : text
