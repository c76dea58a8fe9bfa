import type { Metadata } from 'next'
import { getLocale, getTranslations } from 'next-intl/server'
import { ButtonLink } from '#components/ui/button.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { AGENCY_GROUPS, groupOf, placesOf } from '#features/agencies/rules.ts'
import { kindOf } from '#features/questionnaires/questions/rules.ts'
import { trialDates } from '#features/questionnaires/versions/version-story.tsx'
import { readQuestionResults } from '#features/results/questions/data.ts'
import { DistributionTable, QuestionTable } from '#features/results/questions/question-table.tsx'
import { total } from '#features/results/tally-rules.ts'
import { CityTrendSection } from '#features/results/trend/trend-section.tsx'
import { notFoundPage } from '#http/not-found-page.ts'
import type { Access } from '#lib/access/access.ts'

export const access = 'anybody' satisfies Access

async function load({ params }: PageProps<'/[locale]/results/questions/[version]/[question]'>) {
  const [{ version, question }, locale] = await Promise.all([params, getLocale()])
  const known = /^[1-9]\d{0,5}$/.test(version)
  const found = known
    ? await readQuestionResults(Number(version), decodeURIComponent(question), new Date())
    : null
  if (found === null) notFoundPage(locale)
  return { found, locale }
}

export async function generateMetadata(
  props: PageProps<'/[locale]/results/questions/[version]/[question]'>,
): Promise<Metadata> {
  const { found, locale } = await load(props)
  return { title: found.question[locale] }
}

export default async function QuestionPage(
  props: PageProps<'/[locale]/results/questions/[version]/[question]'>,
) {
  const [t, { found, locale }] = await Promise.all([getTranslations('results'), load(props)])
  const { version, versions, use, trials, question, city, groups, agencies, trend } = found
  const { headline } = kindOf(question.kind)
  const places = placesOf(agencies.map(({ agency }) => agency.kind))
  const tallies = [
    { key: 'city', title: t('question.city'), tally: city },
    ...AGENCY_GROUPS.map((group) => ({ key: group, title: t(group, { places }), tally: groups[group] })),
  ]
  return (
    <div className="space-y-12">
      <PageHeader
        kicker={use === 'trial' ? t('versions.trial', { version }) : t('question.version', { version })}
        title={question[locale]}
        lead={city.respondents === 0 ? t('question.none') : null}
      >
        {versions.length > 1 ? (
          <p className="text-soft">{t('versions.addedText', { versions: versions.join(', ') })}</p>
        ) : null}
        {trials.map((trial) => (
          <p key={trial.version} className="text-soft">
            {use === 'trial' ? null : `${t('versions.trial', { version: trial.version })}: `}
            {t('versions.trialDates', trialDates(trial, locale))}
          </p>
        ))}
        {total(city.counts) > city.respondents ? <p className="text-soft">{t('question.several')}</p> : null}
        <p className="actions">
          <ButtonLink href="/results/questions" look="quiet" size="small">
            {t('question.all')}
          </ButtonLink>
          <a
            className="button"
            data-look="quiet"
            data-size="small"
            href={`/api/v1/results/questions/${version}/${question.key}?format=csv`}
            download
          >
            {t('question.csv')}
          </a>
        </p>
      </PageHeader>
      {city.respondents === 0 ? null : (
        <div className="grid grid-cols-[minmax(0,1fr)] gap-x-16 gap-y-10 lg:grid-cols-[repeat(2,minmax(0,1fr))] lg:*:first:col-span-2 lg:*:first:max-w-160">
          {tallies
            .filter(({ tally }) => tally.respondents > 0)
            .map(({ key, title, tally }) => (
              <DistributionTable key={key} question={question} title={title} tally={tally} />
            ))}
        </div>
      )}
      {trend && trend.own.length > 0 ? (
        <CityTrendSection
          label={t('trend.chartQuestion')}
          trend={trend}
          {...(headline && { figure: headline })}
        />
      ) : null}
      {agencies.length === 0 ? null : (
        <section className="stack-l" aria-labelledby="agencies">
          <h2 id="agencies">{t('question.byAgency')}</h2>
          <p className="text-soft">{t('question.intervals')}</p>
          {AGENCY_GROUPS.map((group) => {
            const some = agencies.filter(({ agency }) => groupOf(agency.kind) === group)
            if (some.length === 0) return null
            return (
              <section key={group} className="stack" aria-labelledby={group}>
                <h3 id={group}>{t(group, { places })}</h3>
                <QuestionTable
                  question={question}
                  caption={`${t('question.byAgency')}: ${t(group, { places })}`}
                  agencies={some}
                />
              </section>
            )
          })}
        </section>
      )}
    </div>
  )
}
