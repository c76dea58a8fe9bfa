import { getLocale, getTranslations } from 'next-intl/server'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { Time } from '#components/ui/time.tsx'
import { readStatus } from '#features/health/status/data.ts'
import { STATUS_PARTS } from '#features/health/status/rules.ts'
import { SimFold } from '#features/hotlines/lines.tsx'
import { richTags } from '#features/reporting/start/rich-text.tsx'
import { currentMaintenance } from '#http/maintenance.ts'
import type { Access } from '#lib/access/access.ts'
import { formatInstant } from '#messages/dates.ts'
import { titled } from '#messages/page-title.ts'

export const access = 'anybody' satisfies Access

export const generateMetadata = titled('status', 'title')

const TONES = { works: 'ok', limited: 'wait', away: 'bad' } as const

/**
 * Shows what works and since when. It does not read the database, so it also answers while that is down and during maintenance.
 */
export default async function StatusPage() {
  const now = new Date()
  const [t, locale, status] = await Promise.all([getTranslations('status'), getLocale(), readStatus(now)])
  const maintenance = currentMaintenance()
  const worst = STATUS_PARTS.some((part) => status[part].state === 'away')
    ? 'away'
    : STATUS_PARTS.some((part) => status[part].state === 'limited')
      ? 'limited'
      : 'works'
  const time = (at: Date) => formatInstant(locale === 'en' ? 'en' : 'vi', at, 'stamp')
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t(maintenance ? 'paused' : `all.${worst}`)} />
      {maintenance ? (
        <div data-maintenance>
          <Notice tone="wait" title={t('maintenance')}>
            <p>
              {maintenance.until === null
                ? t('maintenance_text', { since: time(maintenance.since) })
                : t('maintenance_until', { since: time(maintenance.since), until: time(maintenance.until) })}
            </p>
          </Notice>
        </div>
      ) : null}
      <Table
        caption={t('parts')}
        columns={[
          { head: t('part'), cell: (part) => t(`part_of.${part}`) },
          {
            head: t('state'),
            cell: (part) => <Tag tone={TONES[status[part].state]}>{t(`state_of.${status[part].state}`)}</Tag>,
            phone: 'right',
          },
          { head: t('since'), cell: (part) => <Time at={new Date(status[part].since)} form="stamp" /> },
        ]}
        rows={STATUS_PARTS}
        keyOf={(part) => part}
        marks={(part) => ({ 'data-part': part, 'data-part-state': status[part].state })}
      />
      <p>{t('looked', { time: time(now) })}</p>
      <section className="stack max-w-measure">
        <p>{t.rich('safe', richTags)}</p>
        <SimFold />
      </section>
    </div>
  )
}
