import { getLocale, getTranslations } from 'next-intl/server'
import { Icon } from '#components/ui/icon.tsx'
import { QrCode } from '#components/ui/qr-code.tsx'
import { DAY, type Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import type { Locale } from '#messages/routing.ts'
import { SHORT_TIME, type Statement } from './rules.ts'

/** Returns the claims of a certificate in words, each with its time and whether it speaks for the seller. */
export async function claimsOf({ at, since, confirmed }: Statement, locale: Locale) {
  const t = await getTranslations({ locale, namespace: 'phones.certificate' })
  const age = new Date(at).getTime() - new Date(since).getTime()
  const isShort = age < SHORT_TIME
  return [
    {
      key: 'reported',
      right: true,
      title: t('notReported'),
      text: t('notReportedAt', { at: formatInstant(locale, new Date(at), 'stamp') }),
    },
    {
      key: 'since',
      right: !isShort,
      title: t('since', { date: formatInstant(locale, new Date(since), 'date') }),
      text: isShort
        ? t('short', { days: Math.floor(age / DAY) })
        : t('months', { months: Math.floor(age / (30 * DAY)) }),
    },
    confirmed === null
      ? { key: 'confirmed', right: false, title: t('notConfirmed'), text: t('notConfirmedText') }
      : {
          key: 'confirmed',
          right: true,
          title: t('confirmed', { carrier: confirmed.carrier }),
          text: t('confirmedText', { date: formatInstant(locale, new Date(confirmed.at), 'date') }),
        },
  ]
}

/** Renders a certificate: three claims, each with its time, then its code. The black border and head make it look like paper. */
export async function CertificatePaper({
  statement,
  code,
  digest,
  scanned,
  now,
}: {
  readonly statement: Statement
  readonly code: string
  readonly digest: string
  /** Address of this page with the signed statement, for the QR code. */
  readonly scanned: string
  readonly now: Instant
}) {
  const [t, p, locale] = await Promise.all([
    getTranslations('phones.certificate'),
    getTranslations('phones'),
    getLocale(),
  ])
  const { device, colour, ends, until } = statement
  const [first = '', second = ''] = ends
  const claims = await claimsOf(statement, locale)
  const isOver = new Date(until) <= now
  return isOver ? null : (
    <section className="slip certificate" data-certificate-code={code}>
      <h1>
        {t('title')} <span>{t('kind')}</span>
      </h1>
      <div className="certificate-phone">
        <p className="text-xl font-semibold">{device || p('unnamed')}</p>
        <p>
          {[colour, p('ends', { count: ends.length, first, second })]
            .filter((part) => part !== '')
            .join(' · ')}
        </p>
      </div>
      <ul>
        {claims.map(({ key, right, title, text }) => (
          <li key={key} data-claim={key} data-right={right}>
            <Icon name={right ? 'check' : 'alert'} />
            <div>
              <b>{title}</b>
              <p className="text-sm text-soft">{text}</p>
            </div>
          </li>
        ))}
      </ul>
      <div className="certificate-scan" data-scanned={scanned}>
        <QrCode value={scanned} label={t('scan')} size={240} />
        <p>
          <b>{t('scan')}.</b> {t('scanText')}
        </p>
        <p className="num">{code}</p>
      </div>
      <p className="certificate-foot text-sm text-soft">
        {t('until', {
          at: formatInstant(locale, new Date(until), 'stamp'),
          digest: (digest.slice(0, 16).match(/.{4}/g) ?? []).join(' '),
        })}
      </p>
    </section>
  )
}
