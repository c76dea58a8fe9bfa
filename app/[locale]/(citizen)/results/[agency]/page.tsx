import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { DistributionTable } from '#components/survey/distribution-table.tsx'
import { Headline } from '#components/survey/headline.tsx'
import { EndingNotice } from '#components/survey/lineage-notices.tsx'
import { resultMarks } from '#components/survey/marks.ts'
import { Method } from '#components/survey/method.tsx'
import { percent } from '#components/survey/percent.ts'
import { ShareBar } from '#components/survey/share-bar.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { missing } from '#domain/survey/publication.ts'
import { missingPath } from '#messages/paths.ts'
import { endingOn } from '#server/survey/loaders/lineage.ts'
import { agencyResults } from '#server/survey/loaders/results.ts'

interface Props {
  readonly params: Promise<{ readonly agency: string }>
}

async function load({ params }: Props) {
  const [{ agency: id }, locale] = await Promise.all([params, getLocale()])
  const now = new Date()
  const results = await agencyResults(decodeURIComponent(id), now)
  if (results === null) redirect(missingPath(locale))
  const ending = await endingOn(results.agency.id, now)
  return { results, ending, locale, name: locale === 'vi' ? results.agency.nameVi : results.agency.nameEn }
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const [t, { name }] = await Promise.all([getTranslations('results'), load(props)])
  return { title: t('agencyTitle', { agency: name }) }
}

export default async function AgencyResultsPage(props: Props) {
  const [t, { results, ending, name, locale }] = await Promise.all([getTranslations('results'), load(props)])
  const { agency, share, standing, responses, questions } = results
  const params = { agency: agency.id }
  return (
    <div className="space-y-12">
      <div className="stack max-w-measure" {...resultMarks(agency.id, results)}>
        {ending && <EndingNotice name={name} ending={ending} open={false} page="/results/[agency]" />}
        <Headline figures={results} agency={name} />
        {share === null ? null : (
          <ShareBar
            share={share}
            few={standing === 'few'}
            label={t('whisker', {
              share: percent(locale, share.satisfied),
              low: percent(locale, share.low),
              high: percent(locale, share.high),
            })}
          />
        )}
        {standing === 'few' ? <Notice>{t('enough', { count: missing(responses) })}</Notice> : null}
        <p className="actions pt-1">
          <ButtonLink href={{ pathname: '/rate/[agency]', params }}>{t('rateThis')}</ButtonLink>
          <ButtonLink href="/results" look="quiet">
            {t('back')}
          </ButtonLink>
        </p>
      </div>
      {questions.length === 0 ? null : (
        <div className="stack-l max-w-160">
          <h2>{t('questions')}</h2>
          {questions.map(({ version, question, counts }) => (
            <DistributionTable key={`${version}-${question.key}`} question={question} counts={counts} />
          ))}
        </div>
      )}
      <Method />
    </div>
  )
}
