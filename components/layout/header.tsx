import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { currentPage, isOfCase, isOfTask } from '#messages/current.ts'
import { Brand } from './brand.tsx'
import { EndButton } from './end-button.tsx'

const sections = [
  { href: '/track', name: 'track' },
  { href: '/check', name: 'check' },
  { href: '/rate', name: 'rate' },
  { href: '/results', name: 'results' },
] as const

/** Renders the brand, the four sections and the link to the other language. */
export async function Header() {
  const [t, page] = await Promise.all([getTranslations('common.nav'), currentPage()])
  // A task has no menu, so that its question and its button fit on a phone's first screen.
  const isCase = isOfCase(page.pathname)
  if (isCase || isOfTask(page.pathname))
    return (
      <header className="print-hidden border-b border-line bg-card">
        <div className="wrap flex flex-wrap items-center justify-between gap-x-7 py-2">
          <Brand small={isCase} />
          {isCase ? <EndButton /> : <OtherLanguage />}
        </div>
      </header>
    )
  return (
    <header className="print-hidden border-b border-line bg-card">
      <div className="wrap flex flex-wrap items-center gap-x-3 gap-y-1 py-3 md:gap-x-7">
        <Brand />
        <nav
          aria-label={t('main')}
          className="order-last flex w-full flex-wrap justify-between gap-x-2 text-xs whitespace-nowrap md:order-none md:ml-auto md:w-auto md:gap-x-5 md:text-sm"
        >
          {sections.map(({ href, name }) => (
            <Link
              key={href}
              href={href}
              aria-current={
                page.pathname === href ? 'page' : page.pathname?.startsWith(`${href}/`) ? 'true' : undefined
              }
              className="border-b-2 border-transparent forced-colors:not-aria-[current]:border-b-0 py-2 text-ink no-underline hover:border-line aria-[current]:border-teal aria-[current]:font-semibold aria-[current]:text-teal"
            >
              {t(name)}
            </Link>
          ))}
        </nav>
        <OtherLanguage className="ml-auto md:ml-0" />
      </div>
    </header>
  )
}

export async function OtherLanguage({ className = '' }: { readonly className?: string }) {
  const [t, { otherLanguage }] = await Promise.all([getTranslations('common.nav'), currentPage()])
  const { href, locale } = otherLanguage
  return (
    <a href={href} lang={locale} hrefLang={locale} className={`py-1.5 text-sm ${className}`}>
      {t('language')}
    </a>
  )
}
