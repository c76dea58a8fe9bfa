import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field, HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Tag } from '#components/ui/tag.tsx'
import type { EditionState } from '#features/agencies/changes/page-data.ts'
import { formatDate } from '#messages/dates.ts'
import { StepUpField } from '../../step-up-field.tsx'
import { previewAction, withdrawAction } from './actions.ts'

export async function EditionCard({
  edition,
  today,
  manages,
}: {
  readonly edition: EditionState
  readonly today: string
  readonly manages: boolean
}) {
  const [t, locale] = await Promise.all([getTranslations('survey-agencies.edition'), getLocale()])
  const { id, on, departments, units } = edition
  const state = on === null ? t('off') : t(on <= today ? 'isOn' : 'willBe', { date: formatDate(locale, on) })
  return (
    <Card data-edition={id} data-edition-on={on ?? ''}>
      <h2 className="flex flex-wrap items-center gap-3">
        {t('title', { year: id })} <Tag tone={on === null ? 'wait' : 'ok'}>{state}</Tag>
      </h2>
      <p>{t('text', { departments, units })}</p>
      {manages ? <Switch edition={edition} /> : null}
    </Card>
  )
}

async function Switch({ edition }: { readonly edition: EditionState }) {
  const [t, why, locale] = await Promise.all([
    getTranslations('survey-agencies.edition'),
    getTranslations('survey-agencies'),
    getLocale(),
  ])
  const { id, changeId, firstDay, firstFreeDay } = edition
  if (changeId !== null) {
    return (
      <ActionForm action={withdrawAction} scope={`edition-${id}`} className="stack">
        <HiddenField name="changeId" value={changeId} />
        <p className="text-soft">{t('offText')}</p>
        <TextArea name="reason" label={why('withdrawWhy')} hint={why('withdrawWhyHint')} rows={2} />
        <StepUpField />
        <SubmitButton look="quiet" size="small">
          {t('switchOff')}
        </SubmitButton>
      </ActionForm>
    )
  }
  const late = firstFreeDay !== null && firstFreeDay > firstDay ? firstFreeDay : null
  const date = formatDate(locale, firstDay)
  return (
    <ActionForm
      action={previewAction}
      scope={`edition-${id}`}
      initial={{ on: late ?? firstDay }}
      className="stack"
    >
      <HiddenField name="edition" value={id} />
      <Field
        name="on"
        type="date"
        width="short"
        label={t('day')}
        hint={
          late === null ? t('dayHint', { date }) : t('dayHintFree', { date, free: formatDate(locale, late) })
        }
      />
      <SubmitButton look="quiet" size="small">
        {t('look')}
      </SubmitButton>
    </ActionForm>
  )
}
