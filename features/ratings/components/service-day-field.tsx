import { getTranslations } from 'next-intl/server'
import { Radios } from '#components/form/choices.tsx'
import { Field } from '#components/form/field.tsx'
import { formatDate } from '#messages/dates.ts'
import type { Locale } from '#messages/routing.ts'
import type { ServiceDay } from '../rules/service-date.ts'

export interface ServiceDayFieldProps {
  /** The days that can be rated here, as local dates. */
  readonly dates: { readonly first: string; readonly last: string }
  /** The first day on which the agency was no more, as a local date; null while it is open. */
  readonly ended: string | null
  /** The day decides which agency is rated: then nothing is chosen beforehand. */
  readonly matters: boolean
  readonly locale: Locale
}

/** Asks on which day the service was, before anything else: chosen, or written as a date. */
export async function ServiceDayField({ dates, ended, locale }: ServiceDayFieldProps) {
  const t = await getTranslations('survey.form.day')
  const days: readonly ServiceDay[] = ended === null ? ['today', 'yesterday', 'other'] : ['after', 'other']
  const date = ended === null ? '' : formatDate(locale, ended)
  return (
    <div className="stack">
      <Radios
        name="serviceWhen"
        label={t('label')}
        options={days.map((value) => ({
          value,
          label: t(value === 'other' && ended !== null ? 'before' : value, { date }),
        }))}
      />
      <Field
        name="serviceDate"
        type="date"
        width="short"
        label={t('date')}
        hint={t('dateHint', { first: formatDate(locale, dates.first), last: formatDate(locale, dates.last) })}
        optional
      />
    </div>
  )
}
