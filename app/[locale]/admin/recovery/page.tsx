import type { Metadata } from 'next'
import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field, HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { TimeLeft } from '#features/cases/queue/due.tsx'
import { isRecoveryOn, unitsLeads, unitsSeen } from '#features/recovery/data.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { lookAtLeadAction, takeHandedInAction } from './actions.ts'

export const access = 'found:manage' satisfies Access

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('recovery.list'))('title') }
}

/** Returns a sort key: rows with a due date first, the earliest on top. */
const longestWaiting = (dueAt: Instant | null): number => dueAt?.getTime() ?? Number.MAX_SAFE_INTEGER

/**
 * Lists the unit's phones that carriers have seen or shops have checked, those to review first. Also accepts a phone that is
 * handed in.
 */
export default async function RecoveryPage() {
  const staff = await requireStaff(access)
  const locale = await getLocale()
  if (!isRecoveryOn()) notFoundPage(locale)
  const now = new Date()
  const [t, found, states, seen, leads] = await Promise.all([
    getTranslations('recovery.list'),
    getTranslations('found'),
    getTranslations('recovery.desk.state'),
    unitsSeen(staff, now),
    unitsLeads(staff),
  ])
  const rows = [
    ...seen.map(({ caseId: id, seenAt: at, ...row }) => ({ ...row, id, at, shop: null })),
    ...leads.map((lead) => ({ ...lead, recovery: null })),
  ].sort((a, b) => longestWaiting(a.dueAt) - longestWaiting(b.dueAt) || b.at.getTime() - a.at.getTime())
  return (
    <div className="stack-l">
      <PageHeader
        kicker={<Link href="/admin/found">{found('title')}</Link>}
        title={t('title')}
        lead={t('lead')}
      />
      {rows.length === 0 ? (
        <EmptyState title={t('none')} />
      ) : (
        <Table
          caption={t('title')}
          captionHidden
          columns={[
            {
              head: t('case'),
              cell: ({ number }) => (
                <Link
                  href={{ pathname: '/admin/cases/[number]', params: { number } }}
                  className="whitespace-nowrap"
                >
                  {number}
                </Link>
              ),
            },
            {
              head: t('state'),
              cell: ({ recovery, shop }) =>
                shop === null ? (
                  <Tag>{states(recovery)}</Tag>
                ) : (
                  <div>
                    <Tag>{t('shop')}</Tag>
                    <span className="mt-1 block text-sm wrap-anywhere">
                      {t('shopIs', { ...shop, address: shop.address ?? 'none' })}
                    </span>
                  </div>
                ),
            },
            { head: t('seen'), cell: ({ at }) => formatInstant(locale, at, 'moment') },
            {
              head: t('due'),
              cell: ({ id, dueAt, shop }) =>
                dueAt === null ? (
                  '–'
                ) : (
                  <div>
                    <TimeLeft due={dueAt} now={now} />
                    {shop === null ? null : (
                      <ActionForm action={lookAtLeadAction} scope={id} className="mt-2">
                        <HiddenField name="leadId" value={id} />
                        <SubmitButton look="quiet" size="small">
                          {t('looked')}
                        </SubmitButton>
                      </ActionForm>
                    )}
                  </div>
                ),
            },
          ]}
          rows={rows}
          keyOf={({ id }) => id}
          marks={({ number, recovery }) => ({
            'data-case-number': number,
            'data-recovery-state': recovery ?? 'shop',
          })}
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
