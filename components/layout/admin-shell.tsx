import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { formWords } from '#components/form/form-words.ts'
import { GoneForms } from '#components/form/gone-form.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Link } from '#components/ui/link.tsx'
import { Shortcuts } from '#components/ui/shortcuts.tsx'
import type { FormState } from '#lib/form-state.ts'
import { currentPage } from '#messages/current.ts'
import { pathFor } from '#messages/paths.ts'
import { Brand } from './brand.tsx'
import { currentSection, type Section } from './current-section.ts'
import { SignInAgain } from './sign-in-again.tsx'
import { Renewed } from './stale-form.tsx'

interface AdminSection extends Section {
  readonly key: string
  readonly label: string
}

/** Renders the frame of staff pages: sections, search and person on top, content across the full width. */
export async function AdminShell({
  sections,
  person,
  keysOn,
  roomy,
  search,
  bell,
  signOut,
  posted,
  release,
  children,
}: {
  readonly sections: readonly AdminSection[]
  readonly person: {
    readonly name: string
    readonly role: string
    /** The person's unit, agency or carrier, shown beside their name; otherwise their role. */
    readonly place: string
    readonly pages: readonly AdminSection[]
  }
  /** False where the person has switched keyboard shortcuts off. */
  readonly keysOn: boolean
  /** True where the person wants more space between list rows. */
  readonly roomy: boolean
  readonly search?: ReactNode
  readonly bell: ReactNode
  readonly signOut: ReactNode
  /** The answer to the form that posted to this page, if it was refused. */
  readonly posted: FormState | null
  /** The version and commit of the server, for error reports. */
  readonly release: string
  readonly children: ReactNode
}) {
  const [t, page, words] = await Promise.all([getTranslations('common'), currentPage(), formWords()])
  const here = currentSection([...sections, ...person.pages], page.pathname)
  return (
    <div className="desk-frame" data-keys={keysOn ? 'on' : 'off'} data-density={roomy ? 'roomy' : undefined}>
      <header className="desk-top print-hidden">
        <div className="wrap-desk">
          <Brand small />
          <nav aria-label={t('nav.staff')}>
            {sections.map(({ key, href, label }) => (
              <Link key={key} href={href} aria-current={key === here?.key ? 'page' : undefined}>
                {label}
              </Link>
            ))}
          </nav>
          {search}
          {bell}
          <details className="desk-me" data-menu="">
            <summary>
              <span className="desk-me-icon">
                <Icon name="person" />
              </span>
              <span className="desk-me-name">
                {person.name}
                <span className="text-soft">, {person.place}</span>
              </span>
            </summary>
            <div className="desk-menu">
              <p>
                <b>{person.name}</b>
                <span className="block text-xs text-soft">{person.role}</span>
              </p>
              {person.pages.map(({ key, href, label }) => (
                <Link key={key} href={href} aria-current={key === here?.key ? 'page' : undefined}>
                  {label}
                </Link>
              ))}
              <a
                href={page.otherLanguage.href}
                lang={page.otherLanguage.locale}
                hrefLang={page.otherLanguage.locale}
              >
                {t('nav.language')}
              </a>
              {keysOn ? (
                <button type="button" className="needs-script" data-all-keys="">
                  {t('keys.title')}
                  <kbd>?</kbd>
                </button>
              ) : null}
              {signOut}
            </div>
          </details>
        </div>
      </header>
      <main id="main" tabIndex={-1} className="desk wrap-desk">
        <Renewed />
        <GoneForms posted={posted} words={words}>
          {children}
        </GoneForms>
      </main>
      <footer className="print-hidden wrap-desk py-4 text-sm text-soft" data-release={release}>
        An Tâm <span className="num">{release}</span>
      </footer>
      <PageKeys off={!keysOn} />
      <Again />
    </div>
  )
}

async function PageKeys({ off }: { readonly off: boolean }) {
  const t = await getTranslations('common.keys')
  const words = ['title', 'close', 'note', 'rows', 'toggle', 'range', 'palette', 'leave', 'all'] as const
  return (
    <Shortcuts
      off={off}
      words={wordsOf(words, t)}
      paletteWords={{
        title: t('palette'),
        label: t('palette_label'),
        search: t('palette_search', { text: '{text}' }),
        none: t('palette_none'),
      }}
    />
  )
}

const wordsOf = <K extends string>(keys: readonly K[], t: (key: K) => string): Readonly<Record<K, string>> =>
  Object.fromEntries(keys.map((key) => [key, t(key)])) as Record<K, string>

async function Again() {
  const [t, lang] = await Promise.all([getTranslations('common.again'), getLocale()])
  const locale = lang === 'en' ? 'en' : 'vi'
  const after = pathFor(locale, '/help')
  return (
    <SignInAgain
      page={pathFor(locale, { pathname: '/sign-in', query: { callbackUrl: after } })}
      after={after}
      words={wordsOf(['title', 'text', 'elsewhere', 'failed', 'done', 'close'] as const, t)}
    />
  )
}
