import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Select } from '#components/form/choices.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { areAlertsOn, notYetReceivers, receiverStandings } from '#features/alerts/receivers/data.ts'
import type { ReceiverStanding } from '#features/alerts/receivers/rules.ts'
import { lengthIn } from '#features/cases/queue/due.tsx'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'
import { addReceiverAction } from './actions.ts'

export const access = 'carrier:manage' satisfies Access

export const generateMetadata = titled('alerts.receivers', 'title')

const Count = ({ value }: { readonly value: number }) => <span className="num">{value}</span>

export default async function ReceiversPage() {
  const staff = await requireStaff(access)
  const [t, rows, open] = await Promise.all([
    getTranslations('alerts.receivers'),
    receiverStandings(staff, new Date()),
    notYetReceivers(staff),
  ])
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('lead')} />
      {areAlertsOn() ? null : <Notice title={t('off')} />}
      {rows.length === 0 ? (
        <p>{t('none')}</p>
      ) : (
        <Table
          caption={t('list')}
          captionHidden
          columns={[
            { head: t('name'), cell: (row) => <Name row={row} /> },
            { head: t('way'), cell: (row) => t(row.pushes ? 'pushed' : 'reads') },
            { head: t('consents'), align: 'end', cell: ({ consents }) => <Count value={consents} /> },
            { head: t('sent'), align: 'end', cell: ({ sent }) => <Count value={sent} /> },
            { head: t('answered'), align: 'end', cell: ({ answered }) => <Count value={answered} /> },
            { head: t('median'), align: 'end', cell: (row) => <Median seconds={row.medianSeconds} /> },
            {
              head: t('not_subscriber'),
              align: 'end',
              cell: ({ notSubscriber }) => <Count value={notSubscriber} />,
            },
          ]}
          rows={rows}
          keyOf={({ id }) => id}
          marks={({ id, sent, answered }) => ({
            'data-receiver': id,
            'data-sent': sent,
            'data-answered': answered,
          })}
        />
      )}
      <Card>
        <h2>{t('add')}</h2>
        <p>{t('add_text')}</p>
        <ActionForm action={addReceiverAction} className="stack">
          <Select
            name="receiverId"
            label={t('which')}
            placeholder={t('choose')}
            options={open.map(({ id, name }) => ({ value: id, label: name }))}
          />
          <SubmitButton look="quiet">{t('add_button')}</SubmitButton>
        </ActionForm>
      </Card>
    </div>
  )
}

async function Name({ row }: { readonly row: ReceiverStanding }) {
  const t = await getTranslations('alerts.receivers')
  return (
    <span className="flex flex-col items-start gap-1">
      <Link href={{ pathname: '/admin/receivers/[receiver]', params: { receiver: row.id } }}>{row.name}</Link>
      {row.active ? null : <Tag tone="plain">{t('stopped')}</Tag>}
      {row.active && !row.isReached ? <Tag tone="wait">{t('unreached')}</Tag> : null}
      {row.state === 'live' ? null : <Tag tone="bad">{t('push_stopped')}</Tag>}
    </span>
  )
}

async function Median({ seconds }: { readonly seconds: number | null }) {
  const [t, length] = await Promise.all([
    getTranslations('alerts.receivers'),
    getTranslations('case-staff.due'),
  ])
  if (seconds === null) return t('no_answer')
  const { unit, count } = lengthIn(seconds * 1000)
  return length(unit, { count })
}
