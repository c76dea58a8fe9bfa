import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Checkboxes, Radios, Select } from '#components/form/choices.tsx'
import { Field, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Details } from '#components/ui/details.tsx'
import { AGENCY_GROUPS, groupOf } from '#features/agencies/rules.ts'
import { findFirstReportMonth, listReportedPlaces } from '#features/city-report/page-data.ts'
import { periodChoices, periodTitle, TYPED_MONTHS } from '#features/city-report/period-rules.ts'
import { REPORT_SCOPES } from '#features/city-report/report-rules.ts'
import { listAgencies } from '#features/ratings/rating/data.ts'
import type { Instant } from '#lib/time.ts'
import { askAction } from './actions.ts'

export async function AskForm({ now }: { readonly now: Instant }) {
  const [locale, t, words, all, first] = await Promise.all([
    getLocale(),
    getTranslations('survey-report'),
    getTranslations('survey-report-paper'),
    listAgencies(now),
    findFirstReportMonth(now),
  ])
  const choices = periodChoices(first, now)
  const places = await listReportedPlaces(first, now)
  return (
    <Card>
      <h2>{t('new')}</h2>
      <ActionForm
        action={askAction}
        initial={{ period: choices[0]?.value ?? '', scope: 'all' }}
        className="stack"
      >
        <Select
          name="period"
          label={t('period')}
          hint={t('periodHint')}
          options={[
            ...choices.map(({ value, ...period }) => ({ value, label: periodTitle(words, locale, period) })),
            { value: TYPED_MONTHS, label: t('otherMonths') },
          ]}
        />
        <div className="grid max-w-measure gap-x-6 gap-y-4 sm:grid-cols-2">
          <Field name="from" label={t('from')} hint={t('monthHint')} width="short" optional />
          <Field name="to" label={t('to')} hint={t('monthHint')} width="short" optional />
        </div>
        <Radios
          name="scope"
          label={t('scope')}
          options={REPORT_SCOPES.map((value) => ({ value, label: t(`scopeChoice.${value}`, { places }) }))}
        />
        <Details summary={t('choose')}>
          <Checkboxes
            name="agency"
            label={t('each')}
            options={AGENCY_GROUPS.flatMap((group) => all.filter(({ kind }) => groupOf(kind) === group)).map(
              ({ id, nameVi, nameEn }) => ({ value: id, label: locale === 'vi' ? nameVi : nameEn }),
            )}
          />
        </Details>
        <TextArea
          name="recommendationsVi"
          label={t('recommendationsVi')}
          hint={t('recommendationsHint')}
          rows={5}
          optional
        />
        <TextArea
          name="recommendationsEn"
          label={t('recommendationsEn')}
          hint={t('recommendationsEnHint')}
          rows={3}
          optional
        />
        <p className="text-soft">{t('makeText')}</p>
        <p className="actions">
          <SubmitButton>{t('make')}</SubmitButton>
        </p>
      </ActionForm>
    </Card>
  )
}
