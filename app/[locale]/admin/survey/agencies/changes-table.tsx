import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField, TextArea } from '#components/form/field.tsx'
import { FoldedForm } from '#components/form/folded-form.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Table } from '#components/ui/table.tsx'
import { Written } from '#components/ui/written.tsx'
import type { ListedChange } from '#features/agencies/changes/page-data.ts'
import { nameIn } from '#features/agencies/rules.ts'
import { formatDate } from '#messages/dates.ts'
import { StepUpField } from '../../step-up-field.tsx'
import { withdrawAction } from './actions.ts'

export async function ChangesTable({
  title,
  changes,
  manages,
}: {
  readonly title: string
  readonly changes: readonly ListedChange[]
  readonly manages: boolean
}) {
  const [t, locale] = await Promise.all([getTranslations('survey-agencies'), getLocale()])
  const what = ({ kind, edition, opens, closes }: ListedChange) =>
    t(`changeText.${kind}`, {
      opens: opens.map((one) => nameIn(locale, one)).join(', '),
      closes: closes.map((one) => nameIn(locale, one)).join(', '),
      edition: edition ?? '',
      closed: closes.length,
      opened: opens.length,
    })
  const act = (change: ListedChange) =>
    change.withdrawable ? (
      <Withdraw id={change.id} what={what(change)} />
    ) : (
      <span className="text-soft">{t('withdrawNot')}</span>
    )
  return (
    <section className="stack">
      <h2>{title}</h2>
      {changes.length === 0 ? (
        <p className="text-soft">{t('historyNone')}</p>
      ) : (
        <Table
          caption={title}
          captionHidden
          columns={[
            { head: t('on'), cell: ({ on }) => <span className="num">{formatDate(locale, on)}</span> },
            { head: t('what'), cell: what },
            { head: t('basis'), cell: ({ basis }) => <Written>{basis}</Written> },
            manages && { head: t('act'), align: 'end', cell: act },
          ]}
          rows={changes}
          keyOf={({ id }) => id}
          marks={({ id }) => ({ 'data-change': id })}
        />
      )}
    </section>
  )
}

async function Withdraw({ id, what }: { readonly id: string; readonly what: string }) {
  const t = await getTranslations('survey-agencies')
  return (
    <ActionForm action={withdrawAction} scope={`withdraw-${id}`} className="stack text-left">
      <FoldedForm summary={t('withdraw')}>
        <HiddenField name="changeId" value={id} />
        <TextArea name="reason" label={t('withdrawWhy')} hint={t('withdrawWhyHint')} rows={2} />
        <StepUpField />
        <SubmitButton look="danger" size="small">
          {t('withdrawNow')}
          <span className="sr-only"> {what}</span>
        </SubmitButton>
      </FoldedForm>
    </ActionForm>
  )
}
