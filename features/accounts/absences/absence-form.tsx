import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field, HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import type { FormAction } from '#lib/form-state.ts'
import { formatDate } from '#messages/dates.ts'
import type { Days } from './rules.ts'

interface AbsenceFormProps {
  readonly mark: FormAction
  readonly end: FormAction
  readonly accountId: string
  readonly absences: readonly (Days & { readonly id: string })[]
  /** Hidden fields that both forms send, by name. */
  readonly also?: Readonly<Record<string, string>>
  /** The person's name, for screen readers: a page may have one form per person. */
  readonly name?: string
}

/** Lists a person's absences, each with a button that ends it, and a form for a new one. It does not ask for the reason. */
export async function AbsenceForm({ mark, end, accountId, absences, also = {}, name }: AbsenceFormProps) {
  const [t, lang] = await Promise.all([getTranslations('unit.absence'), getLocale()])
  const locale = lang === 'en' ? 'en' : 'vi'
  const carried = Object.entries(also).map(([key, value]) => (
    <HiddenField key={key} name={key} value={value} />
  ))
  return (
    <div className="stack">
      {absences.length === 0 ? null : (
        <ul className="space-y-2">
          {absences.map(({ id, from, until }) => {
            const days = t('days', { from: formatDate(locale, from), until: formatDate(locale, until) })
            return (
              <li key={id} className="flex flex-wrap items-center gap-3" data-absence={id}>
                <span className="num">{days}</span>
                <ActionForm action={end} scope={`absence-${id}`} className="">
                  {carried}
                  <HiddenField name="absenceId" value={id} />
                  <SubmitButton look="quiet" size="small">
                    {t('end')}
                    <span className="sr-only">
                      {' '}
                      {name} {days}
                    </span>
                  </SubmitButton>
                </ActionForm>
              </li>
            )
          })}
        </ul>
      )}
      <ActionForm action={mark} scope={`absent-${accountId}`} className="stack">
        {carried}
        <HiddenField name="accountId" value={accountId} />
        <div className="flex flex-wrap gap-4">
          <Field name="absentFrom" label={t('from')} type="date" width="medium" />
          <Field name="absentUntil" label={t('until')} type="date" width="medium" />
        </div>
        <p className="actions">
          <SubmitButton look="quiet">
            {t('mark')}
            {name === undefined ? null : <span className="sr-only"> {name}</span>}
          </SubmitButton>
        </p>
      </ActionForm>
    </div>
  )
}
