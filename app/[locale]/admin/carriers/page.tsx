import { getTranslations } from 'next-intl/server'
import { Figures } from '#components/ui/figures.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { Time } from '#components/ui/time.tsx'
import { type Flag, raisedFlags } from '#features/exchange/flags/data.ts'
import type { OrderGroup, OrderList } from '#features/exchange/orders/rules.ts'
import { type CarrierStanding, carrierStandings } from '#features/exchange/relay/data.ts'
import { countReleasesWaiting } from '#features/exchange/releases/data.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'

export const access = 'carrier:manage' satisfies Access

export const generateMetadata = titled('exchange', 'carriers.title')

export default async function CarriersPage() {
  const staff = await requireStaff(access)
  const [t, carriers, flags, releases] = await Promise.all([
    getTranslations('exchange.carriers'),
    carrierStandings(staff, new Date()),
    raisedFlags(staff),
    countReleasesWaiting(staff),
  ])
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('lead')} />
      <Totals carriers={carriers} flags={[...flags.values()].flat().length} releases={releases} />
      <Table
        caption={t('list')}
        captionHidden
        columns={[
          {
            head: t('name'),
            cell: (carrier) => <Name carrier={carrier} flags={flags.get(carrier.id) ?? []} />,
          },
          {
            head: t('waiting'),
            align: 'end',
            cell: (carrier) => <Orders carrierId={carrier.id} view="waiting" count={carrier.waiting} />,
          },
          {
            head: t('late'),
            align: 'end',
            cell: (carrier) => <Orders carrierId={carrier.id} view="late" count={carrier.late} tone="bad" />,
          },
          {
            head: t('very_late'),
            align: 'end',
            cell: (carrier) => (
              <Orders carrierId={carrier.id} view="late" count={carrier.veryLate} tone="bad" />
            ),
          },
          {
            head: t('questions_late'),
            align: 'end',
            cell: (carrier) => <Late count={carrier.questionsLate} />,
          },
          {
            head: t('failed'),
            align: 'end',
            cell: (carrier) => <Orders carrierId={carrier.id} view="failed" count={carrier.failed} />,
          },
          {
            head: t('queued'),
            align: 'end',
            cell: (carrier) => <Orders carrierId={carrier.id} view="waiting" count={carrier.queued} />,
          },
          {
            head: t('oldest'),
            cell: (carrier) => (carrier.oldest ? <Time at={carrier.oldest} form="stamp" /> : t('none_open')),
          },
          {
            head: t('book'),
            align: 'end',
            cell: (carrier) => (
              <span className="num whitespace-nowrap">
                {carrier.acked} / {carrier.head}
              </span>
            ),
          },
          {
            head: t('acked_at'),
            cell: (carrier) => (carrier.ackedAt ? <Time at={carrier.ackedAt} form="stamp" /> : t('never')),
          },
          { head: t('way'), cell: (carrier) => <Way carrier={carrier} /> },
          {
            head: t('health'),
            cell: (carrier) => (
              <Link
                className="whitespace-nowrap"
                href={{ pathname: '/admin/carriers/[carrier]/figures', params: { carrier: carrier.id } }}
              >
                {t('see_health')}
              </Link>
            ),
          },
        ]}
        rows={carriers}
        keyOf={(carrier) => carrier.id}
        marks={(carrier) => ({
          'data-carrier': carrier.id,
          'data-late': carrier.late,
          'data-very-late': carrier.veryLate,
        })}
      />
    </div>
  )
}

async function Totals({
  carriers,
  flags,
  releases,
}: {
  readonly carriers: readonly CarrierStanding[]
  readonly flags: number
  readonly releases: number
}) {
  const t = await getTranslations('exchange.carriers')
  const sum = (of: 'late' | 'veryLate' | 'failed') =>
    carriers.reduce((total, carrier) => total + carrier[of], 0)
  const orders = (view: OrderGroup | OrderList) => ({ pathname: '/admin/orders' as const, query: { view } })
  const figures = [
    { key: 'late', count: sum('late'), label: t('late'), href: orders('late') },
    { key: 'very_late', count: sum('veryLate'), label: t('very_late'), href: orders('late') },
    { key: 'failed', count: sum('failed'), label: t('failed'), href: orders('failed') },
    { key: 'flags', count: flags, label: t('flags'), href: null },
    { key: 'releases', count: releases, label: t('releases'), href: '/admin/orders/releases' as const },
  ]
  return (
    <div className="stack">
      <Figures
        items={figures.map(({ count, href, ...figure }) => ({
          ...figure,
          value: count > 0 && href !== null ? <Link href={href}>{count}</Link> : count,
          ...(count > 0 && { tone: 'bad' as const }),
        }))}
      />
      <p>
        <Link href="/admin/orders/releases">{t('see_releases')}</Link>
      </p>
    </div>
  )
}

const Late = ({ count }: { readonly count: number }) =>
  count > 0 ? <Tag tone="bad">{count}</Tag> : <Count value={0} />

const Count = ({ value }: { readonly value: number }) => <span className="num">{value}</span>

async function Name({
  carrier,
  flags,
}: {
  readonly carrier: CarrierStanding
  readonly flags: readonly Flag[]
}) {
  const [t, words] = await Promise.all([
    getTranslations('exchange.carriers'),
    getTranslations('carrier-flags'),
  ])
  return (
    <span className="flex flex-col items-start gap-1">
      <Link href={{ pathname: '/admin/carriers/[carrier]', params: { carrier: carrier.id } }}>
        {carrier.name}
      </Link>
      {carrier.active ? null : <Tag tone="plain">{t('inactive')}</Tag>}
      {flags.map(({ id, kind }) => (
        <span key={id} data-flag={kind}>
          <Tag tone="bad">{words(`kinds.${kind}`)}</Tag>
        </span>
      ))}
    </span>
  )
}

async function Way({ carrier }: { readonly carrier: CarrierStanding }) {
  const [t, words] = await Promise.all([getTranslations('delivery'), getTranslations('exchange')])
  return (
    <span className="flex flex-col items-start gap-1">
      {t(carrier.way)}
      {carrier.pushStopped ? <Tag tone="bad">{words('carriers.push_stopped')}</Tag> : null}
    </span>
  )
}

/**
 * Renders a count with a link to its orders. Very late orders have no list of their own: the link leads to all late ones, the
 * earliest due first.
 */
function Orders({
  carrierId,
  view,
  count,
  tone,
}: {
  readonly carrierId: string
  readonly view: OrderGroup | OrderList
  readonly count: number
  readonly tone?: 'bad'
}) {
  if (count === 0) return <Count value={0} />
  return (
    <Link className="num" href={{ pathname: '/admin/orders', query: { carrier: carrierId, view } }}>
      {tone === undefined ? count : <Tag tone={tone}>{count}</Tag>}
    </Link>
  )
}
