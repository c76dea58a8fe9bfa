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

interface ChangesTableProps {
  readonly title: string
  readonly changes: readonly ListedChange[]
  /** True when a button takes each of the changes back, where that can be. */
  readonly manages: boolean
}

/** Changes of the catalogue, the latest first. */
export async function ChangesTable({ title, changes, manages }: ChangesTableProps) {
  const [t, locale] = await Promise.all([getTranslations('survey-agencies'), getLocale()])
  const rows = changes.map((change) => {
    const { id, on, kind, basis, edition, opens, closes, withdrawable } = change
    const what = t(`changeText.${kind}`, {
      opens: opens.map((one) => nameIn(locale, one)).join(', '),
      closes: closes.map((one) => nameIn(locale, one)).join(', '),
      edition: edition ?? '',
      closed: closes.length,
      opened: opens.length,
    })
    return {
      key: id,
      marks: { 'data-change': id },
      cells: {
        on: <span className="num">{formatDate(locale, on)}</span>,
        what,
        basis: <Written>{basis}</Written>,
        act: withdrawable ? (
          <Withdraw id={id} what={what} />
        ) : (
          <span className="text-soft">{t('withdrawNot')}</span>
        ),
      },
    }
  })
  return (
    <section className="stack">
      <h2>{title}</h2>
      {rows.length === 0 ? (
        <p className="text-soft">{t('historyNone')}</p>
      ) : (
        <Table
          caption={title}
          captionHidden
          columns={[
            { key: 'on', label: t('on') },
            { key: 'what', label: t('what') },
            { key: 'basis', label: t('basis') },
            ...(manages ? [{ key: 'act', label: t('act'), align: 'end' as const }] : []),
          ]}
          rows={rows}
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
