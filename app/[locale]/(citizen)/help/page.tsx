import { getLocale, getTranslations } from 'next-intl/server'
import { Details } from '#components/ui/details.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { SearchBox } from '#components/ui/search-box.tsx'
import { citySettings } from '#features/lookup-tables/data.ts'
import { retention } from '#features/privacy/data.ts'
import { richTags } from '#features/reporting/start/rich-text.tsx'
import type { SearchOf } from '#http/kept-pages.ts'
import { arePhonesRegistered } from '#http/phones.ts'
import { reachesPhones } from '#http/settings.ts'
import type { Access } from '#lib/access/access.ts'
import { foldDiacritics } from '#lib/text-normalization.ts'
import { cityWords } from '#messages/city.ts'
import { titled } from '#messages/page-title.ts'
import { pathFor } from '#messages/paths.ts'

export const access = 'anybody' satisfies Access

const sections = [
  ['urgent', ['first', 'crime', 'otp']],
  [
    'report',
    ['who', 'need', 'imei', 'noimei', 'proof', 'contact', 'borrowed', 'later', 'helper', 'register'],
  ],
  ['after', ['long', 'follow', 'secret', 'more', 'rejected', 'withdraw']],
  ['block', ['blocked', 'data', 'sim', 'resim', 'locate']],
  ['fair', ['malice', 'copied', 'law', 'carriers', 'twice', 'see']],
  ['found', ['back', 'unblock', 'police']],
  ['buyer', ['before', 'wronged']],
] as const

export const generateMetadata = titled('help', 'title')

/** Shows the answers by group. A search keeps those that contain all its words, with or without diacritics. */
export default async function HelpPage({ searchParams }: { searchParams: SearchOf<'/help'> }) {
  const [locale, t, { q }] = await Promise.all([getLocale(), getTranslations('help'), searchParams])
  const query = typeof q === 'string' ? q.slice(0, 100).trim() : ''
  const wanted = foldDiacritics(query)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
  // Without an SMS gateway no form asks for a phone number, so none is advised.
  const answerOf = (question: (typeof sections)[number][1][number]) =>
    question === 'contact' && !reachesPhones() ? ('contactMail' as const) : question
  const found = sections.flatMap(([section, questions]) => {
    const some = questions.filter((question) => {
      if (question === 'register' && !arePhonesRegistered()) return false
      const text = foldDiacritics(
        `${t.raw(`q.${question}`)} ${t.raw(`a.${answerOf(question)}`)}`.replace(/<[^>]*>/g, ' '),
      )
      return wanted.every((word) => text.includes(word))
    })
    return some.length === 0 ? [] : [{ section, questions: some }]
  })
  const count = found.reduce((sum, { questions }) => sum + questions.length, 0)
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-x-16 lg:grid-cols-[minmax(0,1fr)_16rem]">
      <div className="mb-9 space-y-5 lg:col-span-2">
        <PageHeader title={t('title')} lead={t('lead')} />
        <SearchBox
          action={pathFor(locale, '/help')}
          query={query}
          label={t('search.label')}
          hint={t('search.hint')}
          find={t('search.find')}
        />
        {query === '' ? null : (
          <p className="flex flex-wrap gap-x-4">
            {t('search.found', { count })} <Link href="/help">{t('search.all')}</Link>
          </p>
        )}
      </div>
      {query !== '' ? null : (
        <nav aria-label={t('contents')} className="mb-9 lg:sticky lg:top-8 lg:order-last lg:self-start">
          <ul className="flex flex-wrap gap-x-6 lg:block lg:border-l lg:border-line lg:pl-6">
            {sections.map(([section]) => (
              <li key={section}>
                <a className="inline-block py-1.5" href={`#${section}`}>
                  {t(`section.${section}`)}
                </a>
              </li>
            ))}
          </ul>
        </nav>
      )}
      <div className="stack-l">
        {found.map(({ section, questions }) => (
          <section key={section} aria-labelledby={section}>
            <h2 id={section} className="mb-4">
              {t(`section.${section}`)}
            </h2>
            <div className="divide-y divide-line border-y border-line">
              {questions.map((question) => (
                <Details
                  key={question}
                  summary={t(`q.${question}`)}
                  look="row"
                  open={query === '' ? question === 'first' : count <= 3}
                >
                  {/* A link to an answer opens the details around it. */}
                  <div id={question} className="stack">
                    {t.rich(`a.${answerOf(question)}`, {
                      ...richTags,
                      ...cityWords(locale),
                      days: retention().draftDays,
                      basis: citySettings().subscriberBasis,
                    })}
                  </div>
                </Details>
              ))}
            </div>
          </section>
        ))}
      </div>
    </div>
  )
}
