import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { SimRule } from '#components/help/sim-rule.tsx'
import { Details } from '#components/ui/details.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Link } from '#components/ui/link.tsx'
import { EvidenceList } from '#features/evidence/files/evidence-list.tsx'
import type { EvidenceItem } from '#features/evidence/files/rules.ts'
import { CallLines } from '#features/hotlines/lines.tsx'
import type { Bank } from '#features/lookup-tables/rules.ts'
import type { CarrierHint } from '#lib/person/phone-number.ts'
import { formatInstant } from '#messages/dates.ts'
import { WhoLooked, type WhoLookedProps } from '../disclosure/who-looked.tsx'

interface OwnRowsProps {
  readonly number: string
  /** The reader opened the case with the secret, or from their own list. */
  readonly full: boolean
  /** This browser sent the report, and can still open its receipt. */
  readonly receipt: boolean
  /** The sending is sealed in the audit log, so that it can be proved. */
  readonly proved: boolean
  /** The event of the newest decision that has a letter; null if there is none. */
  readonly decision: number | null
  readonly evidence: readonly EvidenceItem[]
  readonly filesDeletedAt: Date | null
  readonly looked: WhoLookedProps['looked']
  readonly units: WhoLookedProps['units']
  /** The legal basis on which carriers stop a SIM in another phone. */
  readonly subscriberBasis: string
  readonly banks: readonly Bank[]
  /** The fold with the text for the police's own channel; nothing without full access. */
  readonly channel: ReactNode
  /** The carrier that the prefix of the phone's number belongs to: it is the first to call. */
  readonly carrier: CarrierHint | null
}

/** Renders the rarely used parts of a person's case, one foldable row each. */
export async function OwnRows(props: OwnRowsProps) {
  const { number, full, receipt, proved, evidence } = props
  const [t, disclosure, letter, data, locale] = await Promise.all([
    getTranslations('case.page'),
    getTranslations('disclosure'),
    getTranslations('decision-letter.page'),
    getTranslations('case.data'),
    getLocale(),
  ])
  const download = (href: string, words: string) => (
    <li>
      <a href={href} download className="inline-flex items-center gap-2">
        <Icon name="download" />
        {words}
      </a>
    </li>
  )
  const exported = (format: 'json' | 'pdf' | 'zip') =>
    download(`/api/case/data?format=${format}&lang=${locale}`, data(format))
  return (
    <>
      {full && evidence.length === 0 && props.filesDeletedAt !== null ? (
        <p className="px-4 py-3" data-files-deleted>
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
        <CallLines banks={props.banks} first={props.carrier} />
        <Details summary={t('simTitle')}>
          <SimRule basis={props.subscriberBasis} />
        </Details>
      </Details>
      {props.channel}
      {full ? (
        <Details summary={t('takeTitle')} look="row">
          <ul className="list-none space-y-2">
            {download(`/api/case/receipt?lang=${locale}`, t('receiptPdf'))}
            {props.decision === null
              ? null
              : download(`/api/case/letter?decision=${props.decision}&lang=${locale}`, letter('own'))}
            {receipt ? (
              <li>
                <Link href={{ pathname: '/report/receipt/[number]', params: { number } }}>
                  {t('receipt')}
                </Link>
              </li>
            ) : null}
            {exported('pdf')}
            {exported('json')}
            {evidence.length > 0 ? exported('zip') : null}
            {proved ? (
              <li>
                <a href="/api/case/proof" download data-case-proof className="inline-flex items-center gap-2">
                  <Icon name="download" />
                  {t('proof')}
                </a>
                <span className="block text-sm text-soft">
                  {t('proofHint')}{' '}
                  <a href="/api/case/proof?form=tlog-proof" download>
                    {t('proofOther')}
                  </a>
                </span>
              </li>
            ) : null}
          </ul>
          <p className="text-sm">
            <Link href="/privacy">{data('notice')}</Link>
          </p>
        </Details>
      ) : null}
    </>
  )
}
