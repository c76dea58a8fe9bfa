import { getLocale, getTranslations } from 'next-intl/server'
import { ButtonLink } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { findCredits, listAnsweredSuggestions } from '#features/questionnaires/suggestions/data.ts'
import { AnsweredSuggestion } from '#features/questionnaires/suggestions/suggestion.tsx'
import { listPublicVersions } from '#features/questionnaires/versions/data.ts'
import { VersionStory } from '#features/questionnaires/versions/version-story.tsx'
import type { SearchOf } from '#http/kept-pages.ts'
import type { Access } from '#lib/access/access.ts'
import { readCursor, writeCursor } from '#lib/cursor.ts'
import { titled } from '#messages/page-title.ts'

export const access = 'anybody' satisfies Access

export const generateMetadata = titled('questions', 'title')

/** Shows the changes of the questions with their reasons, and the outcome of people's suggestions. */
export default async function QuestionsPage({ searchParams }: { searchParams: SearchOf<'/questions'> }) {
  const [locale, t, { after }] = await Promise.all([getLocale(), getTranslations('questions'), searchParams])
  const versions = await listPublicVersions(new Date())
  const [credits, answered] = await Promise.all([
    findCredits(versions.map(({ version }) => version)),
    listAnsweredSuggestions(readCursor(after)),
  ])
  const shown = versions.map(({ version }) => version)
  return (
    <div className="stack-l max-w-measure">
      <PageHeader title={t('title')} lead={t('lead', { count: versions.length })} />
      <section className="stack-l" aria-labelledby="versions">
        <h2 id="versions">{t('versions', { count: versions.length })}</h2>
        {versions.map((version) => (
          <VersionStory key={version.version} version={version} locale={locale}>
            {credits.get(version.version)?.map((one) => (
              <AnsweredSuggestion key={one.id} suggestion={one} locale={locale} />
            ))}
          </VersionStory>
        ))}
      </section>
      <section className="stack" aria-labelledby="answers">
        <h2 id="answers">{t('answers')}</h2>
        {answered.rows.length === 0 ? (
          <EmptyState title={t('none')}>
            <p>{t('noneText')}</p>
            <p className="actions">
              <ButtonLink href="/rate">{t('rate')}</ButtonLink>
            </p>
          </EmptyState>
        ) : (
          <>
            <p>{t('answersText')}</p>
            {answered.rows.map((one) => (
              <AnsweredSuggestion key={one.id} suggestion={one} locale={locale} versions={shown} />
            ))}
          </>
        )}
        <Pagination
          {...(answered.next && {
            next: {
              pathname: '/questions',
              query: { after: writeCursor(answered.next) },
              hash: 'answers',
            },
          })}
        />
      </section>
      {answered.rows.length === 0 ? null : (
        <p className="actions">
          <ButtonLink href="/rate">{t('rate')}</ButtonLink>
        </p>
      )}
    </div>
  )
}
