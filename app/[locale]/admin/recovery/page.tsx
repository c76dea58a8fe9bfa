import type { Metadata } from 'next'
import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { isRecoveryOn, unitsSeen } from '#features/recovery/data.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { formatInstant } from '#messages/dates.ts'
import { takeHandedInAction } from './actions.ts'

export const access = 'found:manage' satisfies Access

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('recovery.list'))('title') }
}

/** Lists the phones of the reader's unit that carriers have seen, those that wait for a look first; takes a phone that is handed in. */
export default async function RecoveryPage() {
  const staff = await requireStaff(access)
  const locale = await getLocale()
  if (!isRecoveryOn()) notFoundPage(locale)
  const now = new Date()
  const [t, states, seen] = await Promise.all([
    getTranslations('recovery.list'),
    getTranslations('recovery.desk.state'),
    unitsSeen(staff, now),
  ])
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('lead')} />
      {seen.length === 0 ? (
        <EmptyState title={t('none')} />
      ) : (
        <Table
          caption={t('title')}
          captionHidden
          columns={[
            {
              head: t('case'),
              cell: ({ number }) => (
                <Link href={{ pathname: '/admin/cases/[number]', params: { number } }}>{number}</Link>
              ),
            },
            { head: t('state'), cell: ({ recovery }) => <Tag>{states(recovery)}</Tag> },
            { head: t('seen'), cell: ({ seenAt }) => formatInstant(locale, seenAt, 'moment') },
            {
              head: t('due'),
              cell: ({ dueAt }) =>
                dueAt === null ? (
                  '–'
                ) : (
                  <span className={now > dueAt ? 'font-semibold text-red' : ''}>
                    {formatInstant(locale, dueAt, 'moment')}
                  </span>
                ),
            },
          ]}
          rows={seen}
          keyOf={({ caseId }) => caseId}
          marks={({ number, recovery }) => ({ 'data-case-number': number, 'data-recovery-state': recovery })}
        />
      )}
      <Card>
        <h2>{t('take')}</h2>
        <p>{t('takeText')}</p>
        <ActionForm action={takeHandedInAction} className="stack">
          <Field name="holderCode" label={t('code')} look="number" width="medium" />
          <Field
            name="imei"
            label={t('imei')}
            hint={t('imeiHint')}
            inputMode="numeric"
            look="number"
            width="medium"
          />
          <Field name="custody" label={t('custody')} hint={t('custodyHint')} />
          <Field name="holderName" label={t('name')} hint={t('nameHint')} optional />
          <Field name="holderFrom" label={t('from')} optional />
          <p className="actions">
            <SubmitButton>{t('takeButton')}</SubmitButton>
          </p>
        </ActionForm>
      </Card>
    </div>
  )
}
