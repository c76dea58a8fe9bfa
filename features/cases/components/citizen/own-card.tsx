import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { SimRule } from '#components/help/sim-rule.tsx'
import { Card } from '#components/ui/card.tsx'
import { Details } from '#components/ui/details.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Link } from '#components/ui/link.tsx'
import { EvidenceList } from '#features/evidence/components/evidence-list.tsx'
import type { EvidenceItem } from '#features/evidence/rules/item.ts'
import { CallLines } from '#features/hotlines/lines.tsx'
import type { Bank } from '#features/lookup-tables/rules/bank.ts'
import { formatInstant } from '#messages/dates.ts'
import { WhoLooked, type WhoLookedProps } from './who-looked.tsx'

export interface OwnCardProps {
  readonly number: string
  /** Opened with the secret, or from its person's list. */
  readonly full: boolean
  /** This browser sent the report, and can still open its receipt. */
  readonly receipt: boolean
  /** Tells that the sending is sealed in the audit log, so that it can be proved. */
  readonly proved: boolean
  /** The event of the newest decision that can be had on paper; null where there is none. */
  readonly decision: number | null
  readonly evidence: readonly EvidenceItem[]
  /** When the files were deleted, their time being over. */
  readonly filesDeletedAt: Date | null
  readonly looked: WhoLookedProps['looked']
  readonly units: WhoLookedProps['units']
  /** The legal basis on which carriers stop a SIM in another phone. */
  readonly subscriberBasis: string
  readonly banks: readonly Bank[]
  /** The fold with the text for the police's own channel; nothing without full access. */
  readonly channel: ReactNode
  /** The fold with the data that is held; nothing without full access. */
  readonly data: ReactNode
}

/** Renders what a person has of their case and seldom needs: one line a thing, each to open. */
export async function OwnCard(props: OwnCardProps) {
  const { number, full, receipt, proved, evidence } = props
  const [t, disclosure, letter, locale] = await Promise.all([
    getTranslations('case.page'),
    getTranslations('disclosure'),
    getTranslations('decision-letter.page'),
    getLocale(),
  ])
  return (
    <Card>
      <h2 className="text-lg md:text-xl">{t('yours')}</h2>
      {full ? (
        <p>
          <a href={`/api/case/receipt?lang=${locale}`} download className="inline-flex items-center gap-2">
            <Icon name="download" />
            {t('receiptPdf')}
          </a>
        </p>
      ) : null}
      {full && props.decision !== null ? (
        <p>
          <a
            href={`/api/case/letter?decision=${props.decision}&lang=${locale}`}
            download
            className="inline-flex items-center gap-2"
          >
            <Icon name="download" />
            {letter('own')}
          </a>
        </p>
      ) : null}
      {receipt ? (
        <p>
          <Link href={{ pathname: '/report/receipt/[number]', params: { number } }}>{t('receipt')}</Link>
        </p>
      ) : null}
      <div className="divide-y divide-line border-t border-line">
        {full && evidence.length === 0 && props.filesDeletedAt !== null ? (
          <p className="py-3" data-files-deleted>
            {t('filesDeleted', { date: formatInstant(locale, props.filesDeletedAt, 'date') })}
          </p>
        ) : null}
        {evidence.length === 0 ? null : (
          <Details summary={t('documents', { count: evidence.length })} look="row">
            <EvidenceList items={evidence} />
          </Details>
        )}
        {props.looked === null ? null : (
          <Details summary={disclosure('citizen.title')} look="row">
            <WhoLooked looked={props.looked} units={props.units} titled={false} />
          </Details>
        )}
        <Details summary={t('callTitle')} look="row">
          <CallLines banks={props.banks} />
        </Details>
        {props.channel}
        <Details summary={t('simTitle')} look="row">
          <SimRule basis={props.subscriberBasis} />
        </Details>
        {proved ? (
          <Details summary={t('proofTitle')} look="row">
            <p className="text-sm">{t('proofHint')}</p>
            <p>
              <a href="/api/case/proof" download data-case-proof>
                {t('proof')}
              </a>
            </p>
          </Details>
        ) : null}
        {props.data}
      </div>
    </Card>
  )
}
