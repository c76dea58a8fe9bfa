import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { getLocale, getTranslations } from 'next-intl/server'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { Num } from '#components/ui/num.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { PrintButton } from '#components/ui/print-button.tsx'
import { QrCode } from '#components/ui/qr-code.tsx'
import { findReceiptStanding, readSurveyContact } from '#features/ratings/integrity/data.ts'
import { KeepPlace } from '#features/ratings/rating/recent-places.tsx'
import { parseReceiptNumber } from '#features/ratings/rating/rules.ts'
import { Excluded } from '#features/results/results-table.tsx'
import { notFoundPage } from '#http/not-found-page.ts'
import { absoluteUrl } from '#http/public-url.ts'
import type { Access } from '#lib/access/access.ts'
import { cityWords } from '#messages/city.ts'
import { pathFor } from '#messages/paths.ts'

export const access = 'anybody' satisfies Access

async function load({ params }: PageProps<'/[locale]/rate/thanks/[receipt]'>) {
  const [{ receipt }, locale] = await Promise.all([params, getLocale()])
  const number = parseReceiptNumber(decodeURIComponent(receipt))
  const standing = number && (await findReceiptStanding(number))
  if (number === null || standing === null) notFoundPage(locale)
  return { number, standing, locale }
}

export async function generateMetadata(
  props: PageProps<'/[locale]/rate/thanks/[receipt]'>,
): Promise<Metadata> {
  const [t, { standing }] = await Promise.all([getTranslations('survey.thanks'), load(props)])
  const title = t(standing.state === 'counted' ? 'title' : 'titleExcluded')
  return { title, robots: { index: false } }
}

/** Renders the receipt of a rating. Its number leads to no answer, so anybody with the link may see it. */
export default async function ThanksPage(props: PageProps<'/[locale]/rate/thanks/[receipt]'>) {
  const [t, { number, standing, locale }] = await Promise.all([getTranslations('survey.thanks'), load(props)])
  const counted = standing.state === 'counted'
  const look = pathFor(locale, { pathname: '/verify', query: { receipt: number } })
  return (
    <div className="stack-l max-w-measure">
      <div>
        <KeepPlace />
        <p className="print-only mb-6 font-semibold">{t('paper', cityWords(locale))}</p>
        <PageHeader title={t(counted ? 'title' : 'titleExcluded')} lead={counted ? t('lead') : undefined} />
      </div>
      {standing.state === 'excluded' ? (
        <Excluded reason={standing.reason} contact={readSurveyContact()} />
      ) : null}
      <Card data-response-receipt={number} className="flex items-start justify-between gap-6">
        <div className="stack min-w-0">
          <h2 className="text-lg">{t('receipt')}</h2>
          {/* Its 19 characters fit one line on the narrowest phone. */}
          <p className="text-[min(1.25rem,4.6vw)] font-semibold">
            <Num value={number} copy />
          </p>
          <p className="text-soft">{t('receiptText')}</p>
        </div>
        <div className="print-only shrink-0">
          <QrCode value={absoluteUrl(look, await headers())} label={t('qr')} size={128} />
        </div>
      </Card>
      <section className="stack">
        <h2>{t(counted ? 'next' : 'nextExcluded')}</h2>
        <p>{t(counted ? 'nextText' : 'nextExcludedText')}</p>
        <p className="print-hidden">
          <Link href={{ pathname: '/verify', query: { receipt: number } }}>{t('verify')}</Link>
        </p>
      </section>
      <p className="actions print-hidden">
        <ButtonLink href="/rate">{t('another')}</ButtonLink>
        <PrintButton>{t('print')}</PrintButton>
        <ButtonLink href="/results" look="quiet">
          {t('results')}
        </ButtonLink>
      </p>
    </div>
  )
}
