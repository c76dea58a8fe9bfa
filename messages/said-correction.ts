import { getTranslations } from 'next-intl/server'
import {
  type AskableField,
  type AskedCorrection,
  isCorrectable,
} from '#features/privacy/requests/correction-rules.ts'
import { fieldLabels } from './field-labels.ts'
import { sayField } from './field-values.ts'
import type { Locale } from './routing.ts'

export async function askableLabels(locale: Locale): Promise<(field: AskableField) => string> {
  const [t, label] = await Promise.all([
    getTranslations({ locale, namespace: 'case-data.requests.field' }),
    fieldLabels('correction', locale),
  ])
  return (field) => (isCorrectable(field) ? label(field) : t(field))
}

/** Returns a function that writes a correction: the field, its old and its new value. */
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
