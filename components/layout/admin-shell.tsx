import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Link } from '#components/ui/link.tsx'
import { Shortcuts } from '#components/ui/shortcuts.tsx'
import { currentPage } from '#messages/current.ts'
import type { Route } from '#messages/paths.ts'
import type { Pathname } from '#messages/routing.ts'
import { Brand } from './brand.tsx'
import { Renewed } from './stale-form.tsx'

export interface AdminSection {
  readonly key: string
  readonly href: Route
  readonly label: string
  readonly count?: number
}

export interface AdminShellProps {
  /** Only what this person may open. */
  readonly sections: readonly AdminSection[]
  readonly person: { readonly name: string; readonly role: string; readonly account: Route }
  /** Whether the keys of the pages act for this person. */
  readonly keysOn: boolean
  /** The sign-out form. */
  readonly signOut: ReactNode
  readonly children: ReactNode
}

const pathnameOf = (route: Route): Pathname => (typeof route === 'string' ? route : route.pathname)

const isQueried = (route: Route): boolean => typeof route !== 'string' && route.query !== undefined

/** Renders the frame of the staff's section: denser, over the whole width, its sections at the side. */
export async function AdminShell({ sections, person, keysOn, signOut, children }: AdminShellProps) {
  const [t, page] = await Promise.all([getTranslations('common'), currentPage()])
  const isCurrent = (route: Route) => {
    const own = pathnameOf(route)
    if (isQueried(route)) return false
    return page.pathname === own || (page.pathname?.startsWith(`${own}/`) ?? false)
  }
  return (
    <div className="desk-frame" data-keys={keysOn ? 'on' : 'off'}>
      <header className="print-hidden border-b border-line bg-card">
        <div className="wrap-desk flex flex-wrap items-center gap-x-6 gap-y-2 py-2 text-sm">
          <Brand />
          {/* On a phone: brand and language, then who one is and the way out. */}
          <a
            href={page.otherLanguage.href}
            lang={page.otherLanguage.locale}
            hrefLang={page.otherLanguage.locale}
            className="ml-auto sm:order-1 sm:ml-0"
          >
            {t('nav.language')}
          </a>
          <span className="leading-tight max-sm:basis-1/2 max-sm:grow sm:ml-auto sm:text-right">
            <Link href={person.account} aria-current={isCurrent(person.account) ? 'page' : undefined}>
              <b>{person.name}</b>
            </Link>
            <span className="block text-xs text-soft">{person.role}</span>
          </span>
          <span className="sm:order-2">{signOut}</span>
        </div>
      </header>
      <div className="wrap-desk grid grid-cols-[minmax(0,1fr)] gap-x-8 gap-y-4 pt-4 pb-16 print:block print:p-0 lg:grid-cols-[13rem_minmax(0,1fr)] lg:pt-8">
        <nav
          aria-label={t('nav.staff')}
          className="print-hidden flex flex-wrap gap-1 lg:flex-col lg:flex-nowrap"
        >
          {sections.map(({ key, href, label, count }) => (
            <Link
              key={key}
              href={href}
              aria-current={isCurrent(href) ? 'page' : undefined}
              className="flex justify-between gap-2 rounded-lg px-3 py-2 text-sm whitespace-nowrap text-ink no-underline hover:bg-teal-wash aria-[current]:bg-teal-wash aria-[current]:font-semibold aria-[current]:text-teal-deep forced-colors:aria-[current]:underline"
            >
              {label}
              {count === undefined ? null : <span className="num">{count}</span>}
            </Link>
          ))}
        </nav>
        <main id="main" tabIndex={-1} className="desk min-w-0">
          <Renewed />
          {children}
        </main>
      </div>
      <PageKeys off={!keysOn} />
    </div>
  )
}

async function PageKeys({ off }: { readonly off: boolean }) {
  const t = await getTranslations('common.keys')
  const words = ['title', 'close', 'note', 'rows', 'toggle', 'leave', 'all'] as const
  return <Shortcuts off={off} words={wordsOf(words, t)} />
}

const wordsOf = <K extends string>(keys: readonly K[], t: (key: K) => string): Readonly<Record<K, string>> =>
  Object.fromEntries(keys.map((key) => [key, t(key)])) as Record<K, string>
