import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { Time } from '#components/ui/time.tsx'
import type { OrderGroup } from '#domain/exchange/order-list.ts'
import { requireStaff } from '#server/entry/session.ts'
import { type CarrierStanding, carrierStandings } from '#server/exchange/loaders/relay.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('exchange'))('carriers.title') }
}

const COLUMNS = [
  'name',
  'head',
  'acked',
  'acked_at',
  'waiting',
  'failed',
  'late',
  'very_late',
  'oldest',
  'keys',
] as const

export default async function CarriersPage() {
  await requireStaff('carrier:manage')
  const [t, carriers] = await Promise.all([
    getTranslations('exchange.carriers'),
    carrierStandings(new Date()),
  ])
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('lead')} />
      <Table
        caption={t('list')}
        captionHidden
        columns={COLUMNS.map((key) => ({ key, label: t(key) }))}
        rows={carriers.map((carrier) => ({
          key: carrier.id,
          marks: { 'data-carrier': carrier.id },
          cells: {
            name: <Name carrier={carrier} />,
            head: <Count value={carrier.head} />,
            acked: <Count value={carrier.acked} />,
            acked_at: carrier.ackedAt ? <Time at={carrier.ackedAt} /> : t('never'),
            waiting: <Orders carrierId={carrier.id} view="waiting" count={carrier.waiting} />,
            failed: <Orders carrierId={carrier.id} view="failed" count={carrier.failed} />,
            late: <Late count={carrier.late} />,
            very_late: <Late count={carrier.veryLate} />,
            oldest: carrier.oldest && <Time at={carrier.oldest} />,
            keys: <Count value={carrier.liveKeys} />,
          },
        }))}
      />
    </div>
  )
}

const Late = ({ count }: { readonly count: number }) =>
  count > 0 ? <Tag tone="bad">{count}</Tag> : <Count value={0} />

const Count = ({ value }: { readonly value: number }) => <span className="num">{value}</span>

async function Name({ carrier }: { readonly carrier: CarrierStanding }) {
  const t = await getTranslations('exchange.carriers')
  return (
    <>
      <Link href={{ pathname: '/admin/carriers/[carrier]', params: { carrier: carrier.id } }}>
        {carrier.name}
      </Link>
      {carrier.active ? null : <Tag tone="plain">{t('inactive')}</Tag>}
      {carrier.pushStopped ? <Tag tone="bad">{t('push_stopped')}</Tag> : null}
    </>
  )
}

/** A count that leads to what it counts. */
function Orders({
  carrierId,
  view,
  count,
}: {
  readonly carrierId: string
  readonly view: OrderGroup
  readonly count: number
}) {
  if (count === 0) return <Count value={0} />
  return (
    <Link className="num" href={{ pathname: '/admin/orders', query: { carrier: carrierId, view } }}>
      {count}
    </Link>
  )
}
