import { getLocale, getTranslations } from 'next-intl/server'
import { Card } from '#components/ui/card.tsx'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { imeiGroups, Num } from '#components/ui/num.tsx'
import { QrCode } from '#components/ui/qr-code.tsx'
import { SummaryList } from '#components/ui/summary-list.tsx'
import { Time } from '#components/ui/time.tsx'
import type { CaseNumber } from '#features/cases/rules/number.ts'
import type { CaseSecret } from '#features/cases/rules/secret.ts'
import { spellCaseNumber } from '#features/cases/rules/spelling.ts'
import type { Instant } from '#lib/time.ts'

export interface ReceiptToShowProps {
  readonly number: CaseNumber
  readonly imeis: readonly string[]
  readonly submittedAt: Instant
  readonly district: string
  /** Filed by police for a person at their desk. */
  readonly atDesk: boolean
}

/** Renders the part of the receipt that anybody may see and that is brought to a police station: it opens nothing. */
export async function ReceiptToShow({ number, imeis, submittedAt, district, atDesk }: ReceiptToShowProps) {
  const [t, words, locale] = await Promise.all([
    getTranslations('report'),
    getTranslations('common'),
    getLocale(),
  ])
  return (
    <Card>
      <h2>{t('receipt.showTitle')}</h2>
      <p className="text-soft">{t('receipt.showText')}</p>
      <div>
        <p className="text-soft">{t('receipt.number')}</p>
        <p className="flex flex-wrap items-center gap-2 text-xl font-semibold md:text-2xl">
          <span className="num" data-case-number={number}>
            {number}
          </span>
          <CopyButton value={number} label={words('copy')} done={words('copied')} />
        </p>
        <p className="text-sm text-soft">
          {t('receipt.spelled', { spelled: spellCaseNumber(number, locale) })}
        </p>
      </div>
      <SummaryList
        rows={[
          ...(imeis.length === 0 ? [{ key: 'imei', term: 'IMEI', value: t('receipt.imeiUnknown') }] : []),
          ...imeis.map((imei, index) => ({
            key: imei,
            term: `IMEI ${index + 1}`,
            value: <Num value={imei} groups={imeiGroups} />,
          })),
          { key: 'sent', term: t('paper.sent'), value: <Time at={submittedAt} /> },
          { key: 'area', term: t('paper.area'), value: t('paper.areaValue', { district }) },
          ...(atDesk ? [{ key: 'filedBy', term: t('paper.filedBy'), value: t('paper.filedByPolice') }] : []),
        ]}
      />
    </Card>
  )
}

export interface ReceiptToKeepProps {
  readonly number: CaseNumber
  readonly secret: CaseSecret
  /** The address that opens the case, secret included. */
  readonly link: string
}

/**
 * Renders the part of the receipt that opens the case, for its person alone: the secret in figures, as a link and as a
 * QR code. Printed, it comes off.
 */
export async function ReceiptToKeep({ number, secret, link }: ReceiptToKeepProps) {
  const [t, words, locale] = await Promise.all([
    getTranslations('report.receipt'),
    getTranslations('common'),
    getLocale(),
  ])
  return (
    <section className="card border-2 border-dashed border-edge print:order-last print:break-inside-avoid print:rounded-none print:border-0 print:border-t-2 print:px-0">
      <p className="print-only pb-3 text-center text-sm">{t('cut')}</p>
      <div className="flex flex-col gap-6 md:flex-row md:items-start md:justify-between print:flex-row print:justify-between">
        <div className="stack min-w-0">
          <h2>{t('keepTitle')}</h2>
          <p>{t('secretHint')}</p>
          <div>
            <p className="text-soft">{t('secret')}</p>
            <p className="flex flex-wrap items-center gap-2 text-lg font-semibold">
              <span className="num whitespace-normal" data-case-secret={secret}>
                {secret}
              </span>
              <CopyButton value={secret} label={words('copy')} done={words('copied')} />
            </p>
          </div>
          <p className="print-only">
            {t('number')}: {number}
          </p>
          <p className="actions print-hidden">
            <a className="button" data-look="quiet" href={`/api/receipt/${number}?lang=${locale}`}>
              <Icon name="download" />
              {t('pdf')}
            </a>
            <a className="button" data-look="plain" href={link} rel="nofollow">
              {t('open')}
            </a>
          </p>
        </div>
        <figure className="shrink-0 text-sm text-soft">
          <QrCode value={link} label={t('qrLabel', { number })} size={176} />
          <figcaption className="pt-1">{t('qr')}</figcaption>
        </figure>
      </div>
    </section>
  )
}
