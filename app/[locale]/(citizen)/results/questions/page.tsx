import { getLocale, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import type { Question } from '#features/questionnaires/questions/rules.ts'
import { trialDates } from '#features/questionnaires/versions/version-story.tsx'
import { listQuestionsByVersion } from '#features/results/questions/data.ts'
import { ResultsTabs } from '#features/results/results-table.tsx'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'

export const access = 'anybody' satisfies Access

export const generateMetadata = titled('results.question', 'title')

export default async function QuestionsPage() {
  const [locale, t, results, versions] = await Promise.all([
    getLocale(),
    getTranslations('results.question'),
    getTranslations('results'),
    listQuestionsByVersion(new Date()),
  ])
  return (
    <div className="space-y-12">
      <ResultsTabs current="questions" />
      <PageHeader title={t('title')} lead={t('lead')} />
      {versions.map(({ version, questions, use, trial }) => (
        <section key={version} className="stack" aria-labelledby={`version-${version}`}>
          <h2 id={`version-${version}`}>
            {use === 'trial' ? results('versions.trial', { version }) : t('version', { version })}
          </h2>
          {trial === null ? null : (
            <p className="text-soft">{results('versions.trialDates', trialDates(trial, locale))}</p>
          )}
          {use === 'past' ? <p className="text-soft">{results('versions.pastVersion')}</p> : null}
          {[true, false].map((required) => (
            <div key={String(required)} className="stack not-first-of-type:pt-4">
              <h3>{required ? t('required') : t('optional')}</h3>
              <QuestionLinks
                version={version}
                locale={locale}
                questions={questions.filter((one) => one.required === required && one.options.length > 0)}
              />
            </div>
          ))}
        </section>
      ))}
    </div>
  )
}

function QuestionLinks({
  version,
  locale,
  questions,
}: {
  readonly version: number
  readonly locale: 'vi' | 'en'
  readonly questions: readonly Question[]
}) {
  return (
    <ul className="grid gap-2">
      {questions.map((question) => (
        <li key={question.key} className="max-w-160">
          <Link
            href={{
              pathname: '/results/questions/[version]/[question]',
              params: { version: String(version), question: question.key },
            }}
            className="flex min-h-13 items-center rounded-part border border-line bg-card px-4 py-2.5 text-ink no-underline hover:border-teal"
          >
            {question[locale]}
          </Link>
        </li>
      ))}
    </ul>
  )
}
