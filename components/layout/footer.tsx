import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { cityWords } from '#messages/city.ts'
import { currentPage, isOfCase, isOfSurvey, isOfTask } from '#messages/current.ts'
import { OtherLanguage } from './header.tsx'

const GROUPS = {
  phones: [
    ['report', '/report'],
    ['track', '/track'],
    ['check', '/check'],
    ['registered', '/my-phones'],
    ['help', '/help'],
    ['figures', '/figures'],
    ['blocked', '/blocked'],
  ],
  survey: [
    ['rate', '/rate'],
    ['results', '/results'],
    ['questions', '/questions'],
    ['ledger', '/ledger'],
    ['data', '/results/data'],
  ],
  site: [
    ['verify', '/verify'],
    ['messages', { pathname: '/verify', query: { message: '' } }],
    ['privacy', '/privacy'],
    ['accessibility', '/accessibility'],
    ['security', '/security'],
    ['status', '/status'],
    ['staff', '/sign-in'],
  ],
} as const

/** The only footer links during a task. */
const TASK = [
  ['help', '/help'],
  ['privacy', '/privacy'],
  ['accessibility', '/accessibility'],
] as const

export async function Footer({
  messages,
  phones,
}: {
  /** True where messages carry a code that people can look up. */
  readonly messages: boolean
  readonly phones: boolean
}) {
  const offered: Readonly<Record<string, boolean>> = { messages, registered: phones }
  const [t, { pathname, locale }] = await Promise.all([getTranslations('common.footer'), currentPage()])
  const emergency = (
    <a className="py-1.5 font-semibold" href="tel:113">
      {t('emergency')}
    </a>
  )
  const isCase = isOfCase(pathname)
  if (isCase || isOfTask(pathname))
    return (
      <footer className="print-hidden border-t border-line py-4 text-sm text-soft">
        <div className="wrap flex flex-wrap items-center justify-between gap-x-8 gap-y-1">
          <nav aria-label={t('site')}>
            <ul className="flex flex-wrap gap-x-4">
              {TASK.map(([name, href]) => (
                <li key={name}>
                  <Link className="inline-block py-1.5" href={href}>
                    {t(name)}
                  </Link>
                </li>
              ))}
              {isCase ? (
                <li>
                  <OtherLanguage className="inline-block" />
                </li>
              ) : null}
            </ul>
          </nav>
          {emergency}
        </div>
      </footer>
    )
  return (
    <footer className="print-hidden border-t border-line py-4 text-sm text-soft md:py-9">
      <nav aria-label={t('site')} className="wrap grid gap-x-10 gap-y-2 md:grid-cols-3 md:gap-y-6">
        {(['phones', 'survey', 'site'] as const).map((group) => (
          <div key={group}>
            <p className="font-semibold text-ink">{t(group)}</p>
            <ul className="flex flex-wrap gap-x-4 md:block">
              {GROUPS[group]
                .filter(([name]) => offered[name] ?? true)
                .map(([name, href]) => (
                  <li key={name}>
                    <Link className="inline-block py-0.5 md:py-1.5" href={href}>
                      {t(name)}
                    </Link>
                  </li>
                ))}
            </ul>
          </div>
        ))}
      </nav>
      <div className="wrap mt-3 flex flex-wrap items-center justify-between gap-x-8 gap-y-1 border-t border-line pt-3 md:mt-6">
        <span>{t(isOfSurvey(pathname) ? 'ofSurvey' : 'ofPhones', cityWords(locale))}</span>
        {emergency}
      </div>
    </footer>
  )
}
