import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Imei } from '#components/ui/num.tsx'
import { QrCode } from '#components/ui/qr-code.tsx'
import { SummaryList } from '#components/ui/summary-list.tsx'
import { Time } from '#components/ui/time.tsx'
import { type CaseNumber, spellCaseNumber } from '#features/cases/numbers/rules.ts'
import type { CaseSecret } from '#features/cases/unlock/rules.ts'
import type { Instant } from '#lib/time.ts'

/**
 * Renders the receipt for print only. The upper part is for police and opens nothing; the part below the cut line opens the case.
 */
export async function ReceiptOnPaper(props: {
  readonly number: CaseNumber
  readonly secret: CaseSecret
  readonly link: string
  readonly imeis: readonly string[]
  readonly submittedAt: Instant
  readonly district: string
  readonly atDesk: boolean
  readonly children: ReactNode
}) {
  const { number, secret, link } = props
  const [t, locale] = await Promise.all([getTranslations('report'), getLocale()])
  return (
    <div className="print-only">
      <div className="flex flex-col gap-3">
        <h1 className="text-2xl">{t('paper.title')}</h1>
        <p className="text-xl font-semibold">
          {t('receipt.number')}: <span className="num">{number}</span>
        </p>
        <p className="text-sm">{t('receipt.spelled', { spelled: spellCaseNumber(number, locale) })}</p>
        <SummaryList
          rows={[
            ...(props.imeis.length === 0
              ? [{ key: 'imei', term: 'IMEI', value: t('receipt.imeiUnknown') }]
              : []),
            ...props.imeis.map((imei, index) => ({
              key: imei,
              term: `IMEI ${index + 1}`,
              value: <Imei value={imei} />,
            })),
            { key: 'sent', term: t('paper.sent'), value: <Time at={props.submittedAt} /> },
            {
              key: 'area',
              term: t('paper.area'),
              value: t('paper.areaValue', { district: props.district }),
            },
            ...(props.atDesk
              ? [{ key: 'filedBy', term: t('paper.filedBy'), value: t('paper.filedByPolice') }]
              : []),
          ]}
        />
        {props.children}
        <section className="break-inside-avoid border-t-2 border-dashed border-edge">
          <p className="max-w-none pb-3 text-center text-sm">{t('receipt.cut')}</p>
          <div className="flex justify-between gap-6">
            <div className="stack min-w-0">
              <h2>{t('receipt.keepTitle')}</h2>
              <p className="num text-lg font-semibold">{secret}</p>
              <p>{t('receipt.secretHint')}</p>
              <p>
                {t('receipt.number')}: {number}
              </p>
            </div>
            <ReceiptQr number={number} link={link} size={132} />
          </div>
        </section>
      </div>
    </div>
  )
}

export async function ReceiptQr({
  number,
  link,
  size = 176,
}: {
  readonly number: CaseNumber
  readonly link: string
  /** Side in pixels. */
  readonly size?: number
}) {
  const t = await getTranslations('report.receipt')
  return (
    <figure className="shrink-0 text-sm text-soft">
      <QrCode value={link} label={t('qrLabel', { number })} size={size} />
      <figcaption className="pt-1">{t('qr')}</figcaption>
    </figure>
  )
}
