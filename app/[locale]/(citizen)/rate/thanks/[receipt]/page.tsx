import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Num } from '#components/ui/num.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { parseReceiptNumber } from '#domain/survey/receipt.ts'
import { missingPath } from '#messages/paths.ts'
import { isCounted } from '#server/survey/loaders/rating.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('survey.thanks')
  return { title: t('title'), robots: { index: false } }
}

/** The receipt of a rating. Its number leads to no answer, so whoever has the link may see it. */
export default async function ThanksPage({ params }: { params: Promise<{ receipt: string }> }) {
  const [{ receipt }, locale, t] = await Promise.all([params, getLocale(), getTranslations('survey.thanks')])
  const number = parseReceiptNumber(decodeURIComponent(receipt))
  if (number === null || !(await isCounted(number))) redirect(missingPath(locale))
  return (
    <div className="stack-l max-w-measure">
      <PageHeader title={t('title')} lead={t('lead')} />
      <Card data-response-receipt={number}>
        <h2 className="text-[1.08rem]">{t('receipt')}</h2>
        <p className="text-[1.25rem] font-semibold">
          <Num value={number} copy />
        </p>
        <p className="text-soft">{t('receiptText')}</p>
      </Card>
      <section className="stack">
        <h2>{t('next')}</h2>
        <p>{t('nextText')}</p>
      </section>
      <p className="actions print-hidden">
        <ButtonLink href="/rate">{t('another')}</ButtonLink>
        <ButtonLink href="/results" look="quiet">
          {t('results')}
        </ButtonLink>
      </p>
    </div>
  )
}
