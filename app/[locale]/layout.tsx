import type { Metadata, Viewport } from 'next'
import { notFound } from 'next/navigation'
import { getLocale, getTranslations, setRequestLocale } from 'next-intl/server'
import type { ReactNode } from 'react'
import { requirePolicy } from '#http/policy.ts'
import { siteUrl } from '#http/public-url.ts'
import { showsRefusedForm } from '#http/refused-form.ts'
import { isDemo } from '#http/settings.ts'
import { cityWords } from '#messages/city.ts'
import { currentPage, isOfSurvey } from '#messages/current.ts'
import { isLocale } from '#messages/routing.ts'
import { fontVariables } from '../fonts.ts'
import '../globals.css'

// A page rendered before its request has no nonce, and the policy would block its scripts (Next's guide to CSP).
export const dynamic = 'force-dynamic'

export const viewport: Viewport = {
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#ffffff' },
    { media: '(prefers-color-scheme: dark)', color: '#1a1f1e' },
  ],
}

/**
 * Returns the preview card of a link in chats. It is the same for every page, so that it reveals nothing of a case. Title and
 * description are set here, because otherwise a page's own would be used, which may name a case.
 */
function cardOf(
  locale: string,
  words: { readonly title: string; readonly description: string },
): Pick<Metadata, 'metadataBase' | 'openGraph' | 'twitter'> {
  const images = [{ url: `/share-${locale}.png`, width: 1200, height: 630, alt: words.title }]
  const [own, other] = locale === 'en' ? ['en_US', 'vi_VN'] : ['vi_VN', 'en_US']
  return {
    metadataBase: siteUrl(),
    openGraph: { type: 'website', siteName: 'An Tâm', locale: own, alternateLocale: other, ...words, images },
    twitter: { card: 'summary_large_image', ...words, images },
  }
}

export async function generateMetadata(): Promise<Metadata> {
  const [t, form, share, locale, { pathname }] = await Promise.all([
    getTranslations('common.site'),
    getTranslations('common.form'),
    getTranslations('common.share'),
    getLocale(),
    currentPage(),
  ])
  // Also for people who only hear or see the title, from a screen reader or a list of tabs.
  const before = (await showsRefusedForm()) ? `${form('errorTitle')}: ` : ''
  return {
    title: { template: `${before}%s – ${t('name')}`, default: `${before}${t('name')}` },
    description: t(isOfSurvey(pathname) ? 'surveyDescription' : 'description', cityWords(locale)),
    icons: { icon: '/icon.svg', apple: '/apple-touch-icon.png' },
    manifest: `/manifest-${locale}.webmanifest`,
    ...cardOf(locale, { title: share('title'), description: share('description', cityWords(locale)) }),
    // Mail and phone apps would underline IMEIs and case numbers as telephone numbers.
    formatDetection: { telephone: false, date: false, address: false, email: false },
  }
}

export default async function RootLayout({
  children,
  params,
}: {
  children: ReactNode
  params: Promise<{ locale: string }>
}) {
  const { locale } = await params
  if (!isLocale(locale)) notFound()
  await requirePolicy()
  setRequestLocale(locale)
  const t = await getTranslations('common')
  return (
    <html lang={locale} className={fontVariables}>
      <body>
        <a
          href="#main"
          className="absolute left-2 top-2 z-10 -translate-y-20 rounded-part bg-teal px-4 py-2 font-semibold text-on-teal focus:translate-y-0"
        >
          {t('skip')}
        </a>
        {isDemo() && <DemoStrip />}
        {children}
      </body>
    </html>
  )
}

/** Shows above every page that its content is invented, in one quiet line that fits a narrow phone. */
async function DemoStrip() {
  const t = await getTranslations('common.demo')
  return (
    <aside
      aria-label={t('name')}
      className="border-b border-line bg-teal-wash px-4 py-1 text-center text-xs leading-5 text-teal-deep"
      data-demo
    >
      <b className="font-semibold">{t('name')}</b> · {t('text')}
    </aside>
  )
}
