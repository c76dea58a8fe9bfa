import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Footer } from '#components/layout/footer.tsx'
import { Header } from '#components/layout/header.tsx'
import { Renewed } from '#components/layout/stale-form.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { arePhonesRegistered } from '#http/phones.ts'
import { hasMessageCodes, replicaAsOf } from '#http/settings.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'

export default function CitizenLayout({ children }: { children: ReactNode }) {
  return (
    <>
      <Header />
      <main id="main" className="wrap pt-6 pb-8 md:pt-13 md:pb-24" tabIndex={-1}>
        <Renewed />
        <AsOf at={replicaAsOf()} />
        {children}
      </main>
      <Footer messages={hasMessageCodes()} phones={arePhonesRegistered()} />
    </>
  )
}

/** Shows the time of the data if it was read from a replica that lags. */
async function AsOf({ at }: { readonly at: Instant | null }) {
  if (at === null) return null
  const [t, locale] = await Promise.all([getTranslations('common.asOf'), getLocale()])
  return (
    <div className="mb-6 max-w-measure" data-as-of={at.toISOString()}>
      <Notice tone="info" title={t('title', { time: formatInstant(locale, at, 'moment') })}>
        <p>{t('text')}</p>
      </Notice>
    </div>
  )
}
