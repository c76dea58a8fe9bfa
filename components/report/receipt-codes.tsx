import { getLocale, getTranslations } from 'next-intl/server'
import { Card } from '#components/ui/card.tsx'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { QrCode } from '#components/ui/qr-code.tsx'
import type { CaseNumber } from '#domain/case/number.ts'
import type { CaseSecret } from '#domain/case/secret.ts'
import { spell } from '#domain/case/spelling.ts'

export interface ReceiptCodesProps {
  readonly number: CaseNumber
  readonly secret: CaseSecret
  /** The address that opens the case, secret included. */
  readonly link: string
}

/** Number and secret, to be kept: in figures, spelled out, as a link and as a QR code. */
export async function ReceiptCodes({ number, secret, link }: ReceiptCodesProps) {
  const [t, words, locale] = await Promise.all([
    getTranslations('report.receipt'),
    getTranslations('common'),
    getLocale(),
  ])
  return (
    <Card className="flex flex-col gap-6 md:flex-row md:items-start md:justify-between">
      <div className="stack min-w-0">
        <div>
          <p className="text-soft">{t('number')}</p>
          <p className="flex flex-wrap items-center gap-2 text-[1.3rem] font-semibold md:text-[1.5rem]">
            <span className="num" data-case-number={number}>
              {number}
            </span>
            <CopyButton value={number} label={words('copy')} done={words('copied')} />
          </p>
          <p className="text-[0.92rem] text-soft">{t('spelled', { spelled: spell(number, locale) })}</p>
        </div>
        <div>
          <p className="text-soft">{t('secret')}</p>
          <p className="flex flex-wrap items-center gap-2 text-[1.05rem] font-semibold">
            <span className="num whitespace-normal" data-case-secret={secret}>
              {secret}
            </span>
            <CopyButton value={secret} label={words('copy')} done={words('copied')} />
          </p>
          <p className="text-[0.92rem] text-soft">{t('secretHint')}</p>
        </div>
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
      <figure className="shrink-0 text-[0.92rem] text-soft">
        <QrCode value={link} label={t('qrLabel', { number })} size={176} />
        <figcaption className="pt-1">{t('qr')}</figcaption>
      </figure>
    </Card>
  )
}
