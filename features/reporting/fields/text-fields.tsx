import { getLocale, getTranslations } from 'next-intl/server'
import { CITY } from '#cities/city.ts'
import { Field, TextArea } from '#components/form/field.tsx'
import { fieldLabels } from '#messages/field-labels.ts'
import type { AnswerStep } from '../steps/rules.ts'
import { FIELDS, isNumber, typedTextsOf } from './rules.ts'

export async function TextFields({ step }: { readonly step: AnswerStep }) {
  const [t, label, locale] = await Promise.all([
    getTranslations('fields.hints'),
    fieldLabels('form'),
    getLocale(),
  ])
  const place = CITY.hints.place[locale]
  return typedTextsOf(step).map((name) => {
    const field = FIELDS[name]
    const texts = { name, label: label(name), hint: t(name, { place }), optional: field.need === 'optional' }
    if (field.input === 'paragraph') return <TextArea key={name} {...texts} />
    return (
      <Field
        key={name}
        {...texts}
        {...('autoComplete' in field && { autoComplete: field.autoComplete })}
        {...(field.input === 'short_line' && { width: 'medium' as const })}
        {...(isNumber(field.value) && { inputMode: 'numeric' as const })}
      />
    )
  })
}
