import { getTranslations } from 'next-intl/server'
import { Imei } from '#components/ui/num.tsx'
import { Table } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import type { Instant } from '#lib/time.ts'
import { failureWords } from './failure-words.tsx'
import type { EntryOutcome } from './rules.ts'

export interface OrderLine {
  /** Null while it is in no book. */
  readonly seq: bigint | null
  readonly imei: string
  readonly outcome: EntryOutcome | null
  readonly outcomeCode: string | null
  readonly outcomeAt: Instant | null
}

export async function OrderLines({ lines }: { readonly lines: readonly OrderLine[] }) {
  const [t, failed] = await Promise.all([getTranslations('exchange'), failureWords()])
  return (
    <Table
      caption={t('order.lines')}
      columns={[
        { head: t('order.imei'), cell: (line) => <Imei value={line.imei} copy /> },
        {
          head: t('order.seq'),
          cell: (line) => (line.seq === null ? null : <span className="num">{String(line.seq)}</span>),
        },
        {
          head: t('order.outcome'),
          cell: (line) => (
            <span className="block">
              {t(`outcome.${line.outcome ?? 'none'}`)}
              {line.outcomeCode ? (
                <span className="block text-sm text-soft">{failed(line.outcomeCode)}</span>
              ) : null}
            </span>
          ),
        },
        {
          head: t('order.at'),
          cell: (line) => (line.outcomeAt ? <Time at={line.outcomeAt} form="stamp" /> : null),
        },
      ]}
      rows={lines}
      keyOf={(line) => line.imei}
    />
  )
}
