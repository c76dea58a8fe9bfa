import { getTranslations } from 'next-intl/server'
import {
  type AskableField,
  type AskedCorrection,
  isCorrectable,
} from '#features/privacy/requests/correction-rules.ts'
import { fieldLabels } from './field-labels.ts'
import { sayField } from './field-values.ts'
import type { Locale } from './routing.ts'

/** Returns what each field is called that a person can ask to have corrected. */
export async function askableLabels(locale: Locale): Promise<(field: AskableField) => string> {
  const [t, label] = await Promise.all([
    getTranslations({ locale, namespace: 'case-data.requests.field' }),
    fieldLabels('correction', locale),
  ])
  return (field) => (isCorrectable(field) ? label(field) : t(field))
}

/** Returns how a correction is written in a language: the field, what it said and what it should say. */
export async function sayCorrection(locale: Locale): Promise<(correction: AskedCorrection) => string> {
  const [t, label] = await Promise.all([
    getTranslations({ locale, namespace: 'case-data.requests' }),
    askableLabels(locale),
  ])
  return ({ field, before, value }) => {
    const said = (text: string) => sayField(locale, field, text)
    const words = { field: label(field), value: said(value) }
    return before === '' ? t('change_empty', words) : t('change', { ...words, before: said(before) })
  }
}
