import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Details } from '#components/ui/details.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { retention } from '#features/privacy/queries.ts'
import { richTags } from '#features/reporting/components/rich-text.tsx'

const sections = [
  ['urgent', ['first', 'crime', 'otp']],
  ['report', ['who', 'need', 'imei', 'noimei', 'proof', 'contact', 'borrowed', 'later', 'helper']],
  ['after', ['long', 'follow', 'secret', 'more', 'rejected', 'withdraw']],
  ['block', ['blocked', 'data', 'sim', 'locate']],
  ['fair', ['malice', 'copied', 'law', 'carriers', 'twice', 'see']],
  ['found', ['back', 'unblock', 'police']],
  ['buyer', ['before', 'wronged']],
] as const

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('help')
  return { title: t('title') }
}

export default async function HelpPage() {
  const t = await getTranslations('help')
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-x-16 lg:grid-cols-[minmax(0,1fr)_16rem]">
      <div className="mb-9 lg:col-span-2">
        <PageHeader title={t('title')} lead={t('lead')} />
      </div>
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
      <div className="stack-l">
        {sections.map(([section, questions]) => (
          <section key={section} aria-labelledby={section}>
            <h2 id={section} className="mb-4">
              {t(`section.${section}`)}
            </h2>
            <div className="divide-y divide-line border-y border-line">
              {questions.map((question) => (
                <Details key={question} summary={t(`q.${question}`)} look="row" open={question === 'first'}>
                  {/* A link to an answer opens the details around it. */}
                  <div id={question} className="stack">
                    {t.rich(`a.${question}`, { ...richTags, days: retention().draftDays })}
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
