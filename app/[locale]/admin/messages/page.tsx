import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Select } from '#components/form/choices.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Table } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import { KNOWN_DAYS_AHEAD } from '#features/cases/clocks/holidays-rules.ts'
import { holidaysAhead } from '#features/lookup-tables/data.ts'
import { COUNTED_DAYS, readMessageStanding, type WayTotal } from '#features/notices/data.ts'
import { type FailedMessages, groupValue, MOST_AGAIN } from '#features/notices/rules.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may } from '#lib/access/roles.ts'
import { titled } from '#messages/page-title.ts'
import { MayDecide } from '../may-decide.tsx'
import { StepUpField } from '../step-up-field.tsx'
import { retryMessagesAction } from './actions.ts'

export const access = 'message:read' satisfies Access

export const generateMetadata = titled('messages', 'title')

/** Shows the delivery of messages to citizens: counts only, by kind, channel and reason. An admin can resend them. */
export default async function MessagesPage() {
  const staff = await requireStaff(access)
  const now = new Date()
  const [t, standing, ahead] = await Promise.all([
    getTranslations('messages'),
    readMessageStanding(staff, now),
    holidaysAhead(now),
  ])
  if (standing === null) notFoundPage(await getLocale())
  const { failed, late, totals } = standing
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('lead')} />
      {ahead >= KNOWN_DAYS_AHEAD || !may(staff.role, 'message:retry') ? null : (
        <div data-holidays-ahead={ahead}>
          <Notice tone="wait" title={t('holidays_title', { days: ahead })}>
            <p>{t('holidays')}</p>
          </Notice>
        </div>
      )}
      {late.email + late.phone === 0 ? null : (
        <div data-late={late.email + late.phone}>
          <Notice tone="wait" title={t('late_title')}>
            <p>{t('late', late)}</p>
          </Notice>
        </div>
      )}
      {failed.length === 0 ? <EmptyState title={t('none')} /> : <FailedTable failed={failed} />}
      {may(staff.role, 'message:retry') ? (
        <MayDecide>
          <RetryForm failed={failed} />
        </MayDecide>
      ) : failed.length === 0 ? null : (
        <p className="text-soft">{t('only_admin')}</p>
      )}
      <Totals totals={totals} />
    </div>
  )
}

/** Matches error codes of a failed connection, as opposed to a gateway's answers. */
const UNREACHABLE = /^E(?:CONN|TIMEDOUT|DNS|NOTFOUND|SOCKET|HOSTUNREACH|NETUNREACH|AI_AGAIN|PIPE)/

/** Returns a function that describes why a message failed; a gateway's own code is shown unchanged. */
async function reasonWords(): Promise<(reason: string) => string> {
  const t = await getTranslations('messages.why')
  return (reason) => {
    if (reason === 'no_gateway' || reason === 'stale' || reason === 'failed') return t(reason)
    return t(UNREACHABLE.test(reason) ? 'unreachable' : 'other', { code: reason })
  }
}

async function FailedTable({ failed }: { readonly failed: readonly FailedMessages[] }) {
  const [t, why] = await Promise.all([getTranslations('messages'), reasonWords()])
  return (
    <Table
      caption={t('failed')}
      columns={[
        { head: t('kind'), cell: (group) => t(`kind_of.${group.kind}`) },
        { head: t('channel'), cell: (group) => t(`channel_of.${group.channel}`) },
        { head: t('reason'), cell: (group) => why(group.reason) },
        { head: t('count'), align: 'end', cell: (group) => <span className="num">{group.count}</span> },
        { head: t('again'), align: 'end', cell: (group) => <span className="num">{group.again}</span> },
        { head: t('since'), cell: (group) => <Time at={group.since} form="stamp" /> },
      ]}
      rows={failed}
      keyOf={groupValue}
      marks={(group) => ({ 'data-failed': groupValue(group), 'data-count': group.count })}
    />
  )
}

/** Renders the form that resends failed messages. It stays when none is left, to show the result. */
async function RetryForm({ failed }: { readonly failed: readonly FailedMessages[] }) {
  const [t, why] = await Promise.all([getTranslations('messages'), reasonWords()])
  const groups = failed.filter(({ again }) => again > 0)
  const all = groups.reduce((sum, { again }) => sum + again, 0)
  return (
    <Card>
      <h2>{t('retry')}</h2>
      <ActionForm action={retryMessagesAction} initial={{ group: 'all' }} className="stack">
        {all === 0 ? (
          <p>{t('retry_none')}</p>
        ) : (
          <>
            <p>{t('retry_text', { most: MOST_AGAIN })}</p>
            <Select
              name="group"
              label={t('which')}
              options={[
                { value: 'all', label: t('all', { count: all }) },
                ...groups.map((group) => ({
                  value: groupValue(group),
                  label: t('one', {
                    kind: t(`kind_of.${group.kind}`),
                    channel: t(`channel_of.${group.channel}`),
                    reason: why(group.reason),
                    count: group.again,
                  }),
                })),
              ]}
            />
            <StepUpField />
            <p className="actions">
              <SubmitButton>{t('button')}</SubmitButton>
            </p>
          </>
        )}
      </ActionForm>
    </Card>
  )
}

async function Totals({ totals }: { readonly totals: readonly WayTotal[] }) {
  const t = await getTranslations('messages')
  const caption = t('totals', { days: COUNTED_DAYS })
  if (totals.length === 0) return <p className="text-soft">{t('no_totals', { days: COUNTED_DAYS })}</p>
  return (
    <Table
      caption={caption}
      columns={[
        { head: t('way'), cell: ({ way }) => t(`way_of.${way}`) },
        { head: t('outcome'), cell: ({ outcome }) => t(`outcome_of.${outcome}`) },
        { head: t('code'), cell: ({ code }) => code },
        { head: t('count'), align: 'end', cell: ({ count }) => <span className="num">{count}</span> },
      ]}
      rows={totals}
      keyOf={({ way, outcome, code }) => [way, outcome, code].join(' ')}
    />
  )
}
