import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { ButtonLink } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { EndingNotice, FromNotice, RenamedNotice } from '#features/agencies/components/lineage-notices.tsx'
import { endingOn } from '#features/agencies/queries/lineage.ts'
import { TextQuestions } from '#features/questionnaires/components/text-questions.tsx'
import { countMissing } from '#features/ratings/rules/publication.ts'
import { CodeSplit } from '#features/results/components/code-split.tsx'
import { Headline } from '#features/results/components/headline.tsx'
import { resultMarks } from '#features/results/components/marks.ts'
import { Method } from '#features/results/components/method.tsx'
import { percent } from '#features/results/components/percent.ts'
import { QuestionsSection } from '#features/results/components/questions-section.tsx'
import { ShareBar } from '#features/results/components/share-bar.tsx'
import { TrendSection } from '#features/results/components/trend-section.tsx'
import { agencyResults } from '#features/results/queries/agency-results.ts'
import { placeOf } from '#features/results/rules/results.ts'
import { formatDate } from '#messages/dates.ts'
import { missingPath } from '#messages/paths.ts'
import { RepliesSection } from './replies-section.tsx'

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
  const { agency, share, standing, responses, questions, texts, trials, band, group, trend } = results
  // One that is no more waits for nothing.
  const place = ending === null ? placeOf(results) : null
  const params = { agency: agency.id }
  const csv = `/api/v1/results/${agency.id}`
  return (
    <div className="space-y-12">
      <div className="stack max-w-measure" {...resultMarks(agency.id, results)}>
        {ending && <EndingNotice name={name} ending={ending} open={false} page="/results/[agency]" />}
        <RenamedNotice renamings={results.renamings} page="/results/[agency]" />
        <Headline figures={results} agency={name} severalVersions={results.versions > 1} />
        {share === null ? null : (
          <ShareBar
            share={share.satisfied}
            interval={share}
            few={standing === 'few'}
            label={t('whisker', {
              share: percent(locale, share.satisfied),
              low: percent(locale, share.low),
              high: percent(locale, share.high),
            })}
          />
        )}
        {place === 'few' ? <Notice>{t('enough', { count: countMissing(responses) })}</Notice> : null}
        {place === 'alone' ? <Notice>{t('band.sentenceAlone')}</Notice> : null}
        {band && group.share ? (
          <p data-band={band}>
            {t(`band.${SENTENCES[band]}`, { share: percent(locale, group.share.satisfied) })}
          </p>
        ) : null}
        <p className="actions pt-1">
          {ending === null ? (
            <ButtonLink href={{ pathname: '/rate/[agency]', params }}>{t('rateThis')}</ButtonLink>
          ) : null}
          <ButtonLink href="/results" look="quiet">
            {t('back')}
          </ButtonLink>
          {ending === null ? <a href={`/api/posters/${agency.id}`}>{t('poster')}</a> : null}
        </p>
      </div>
      {trend.own.length + trend.before.length === 0 ? null : (
        <TrendSection
          label={t('trend.chartAgency', { agency: name })}
          own={trend.own}
          before={trend.before}
          breaks={trend.breaks.map((on) => ({
            on,
            label: t('trend.break', { date: formatDate(locale, on) }),
          }))}
          note={trend.breaks
            .filter((on) => !trend.from.some((one) => one.on === on))
            .map((on) => `${t('trend.break', { date: formatDate(locale, on) })}.`)
            .join(' ')}
        />
      )}
      {trend.from.length === 0 ? null : (
        <section className="stack max-w-measure" aria-labelledby="lineage">
          <h2 id="lineage">{t('lineage.title')}</h2>
          {trend.from.map((one) => (
            <FromNotice key={one.on} {...one} />
          ))}
        </section>
      )}
      {responses === 0 ? null : <CodeSplit codes={results.codes} />}
      <QuestionsSection questions={questions} trials={trials} />
      <TextQuestions texts={texts} />
      {responses === 0 ? null : (
        <p className="actions">
          <a className="button" data-look="quiet" data-size="small" href={`${csv}?format=csv`} download>
            {t('csvQuestions')}
          </a>
          <a
            className="button"
            data-look="quiet"
            data-size="small"
            href={`${csv}/months?format=csv`}
            download
          >
            {t('csvMonths')}
          </a>
        </p>
      )}
      <RepliesSection agency={agency.id} />
      <Method />
    </div>
  )
}

const SENTENCES = { above: 'sentenceAbove', same: 'sentenceSame', below: 'sentenceBelow' } as const
