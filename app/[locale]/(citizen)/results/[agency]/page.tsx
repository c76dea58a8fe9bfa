import type { Metadata } from 'next'
import { getLocale, getTranslations } from 'next-intl/server'
import { ButtonLink } from '#components/ui/button.tsx'
import { Details } from '#components/ui/details.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { findEnding } from '#features/agencies/data.ts'
import { EndingNotice, FromNotice, RenamedNotice } from '#features/agencies/lineage-notices.tsx'
import { TextQuestions } from '#features/questionnaires/questions/text-questions.tsx'
import { countMissing } from '#features/ratings/publication/rules.ts'
import { listReplies } from '#features/ratings/replies/data.ts'
import { ReplyNote } from '#features/ratings/replies/reply-card.tsx'
import { COVERAGE_LEAST, writtenRate } from '#features/ratings/volumes/rules.ts'
import { readAgencyResults } from '#features/results/agency-data.ts'
import { Gauge, Headline, MethodLines } from '#features/results/headline.tsx'
import { Invited } from '#features/results/invited/invited.tsx'
import { QuestionsSection } from '#features/results/questions/questions-section.tsx'
import { resultMarks } from '#features/results/results-table.tsx'
import { percent, placeOf } from '#features/results/rules.ts'
import { ChannelSides, CodeSides, KioskSides, PartSides } from '#features/results/splits/splits.tsx'
import { TrendSection } from '#features/results/trend/trend-section.tsx'
import { notFoundPage } from '#http/not-found-page.ts'
import type { Access } from '#lib/access/access.ts'
import { localDate } from '#lib/time.ts'
import { formatDate } from '#messages/dates.ts'

export const access = 'anybody' satisfies Access

async function load({ params }: PageProps<'/[locale]/results/[agency]'>) {
  const [{ agency: id }, locale] = await Promise.all([params, getLocale()])
  const now = new Date()
  const results = await readAgencyResults(decodeURIComponent(id), now)
  if (results === null) notFoundPage(locale)
  const ending = await findEnding(results.agency.id, now)
  return { results, ending, locale, name: locale === 'vi' ? results.agency.nameVi : results.agency.nameEn }
}

export async function generateMetadata(props: PageProps<'/[locale]/results/[agency]'>): Promise<Metadata> {
  const [t, { name }] = await Promise.all([getTranslations('results'), load(props)])
  return { title: t('agencyTitle', { agency: name }) }
}

export default async function AgencyResultsPage(props: PageProps<'/[locale]/results/[agency]'>) {
  const [t, { results, ending, name, locale }] = await Promise.all([getTranslations('results'), load(props)])
  const { agency, share, standing, responses, questions, texts, trials, band, group, trend } = results
  // An agency that has ended gets no new results.
  const place = ending === null ? placeOf(results) : null
  const params = { agency: agency.id }
  const { coverage } = results
  const rate = writtenRate(coverage)
  // Answers of a sample come before answers of people who came by themselves.
  const first = results.invited.length > 0
  return (
    <div className="space-y-5 md:space-y-12">
      {first ? (
        <div className="space-y-3">
          <BackLink />
          <Invited agency={name} releases={results.invited} />
        </div>
      ) : null}
      <div
        className={`grid grid-cols-[minmax(0,1fr)] gap-x-14 gap-y-4 ${first ? 'max-w-measure' : 'lg:grid-cols-2 lg:items-end'}`}
        {...resultMarks(agency.id, results)}
      >
        <div className="space-y-3">
          {first ? null : <BackLink />}
          {first ? (
            <h2>
              {share === null ? t('notYet') : t('invited.others', { share: Math.round(share.value * 100) })}
            </h2>
          ) : share === null ? (
            <Headline figures={results} agency={name} severalVersions={results.versions > 1} />
          ) : (
            <h1>{t('bars.title', { agency: name, share: Math.round(share.value * 100) })}</h1>
          )}
        </div>
        {share === null ? null : (
          <div className="space-y-1.5">
            <Gauge share={share} few={standing === 'few'} />
            <p>
              {t.rich('bars.range', {
                b: (words) => <b>{words}</b>,
                low: Math.round(share.low * 100),
                high: Math.round(share.high * 100),
              })}
            </p>
            <p className="text-sm text-soft">
              {t('bars.people', { count: responses })}
              {results.sameNetwork === 0 ? null : ` ${t('sameNetwork', { count: results.sameNetwork })}`}{' '}
              <span data-per-thousand={rate}>
                {coverage === null
                  ? t('coverage.unknown')
                  : t(rate === null ? 'coverage.odd' : 'coverage.told', {
                      ...{ answers: coverage.answers, cases: coverage.cases },
                      rate: rate ?? 0,
                    })}
              </span>{' '}
              {t('ask')}
            </p>
          </div>
        )}
      </div>
      <div className="stack">
        {ending && <EndingNotice name={name} ending={ending} open={false} page="/results/[agency]" />}
        <RenamedNotice renamings={results.renamings} page="/results/[agency]" />
        {place === 'few' ? <Notice>{t('enough', { count: countMissing(responses) })}</Notice> : null}
        {place === 'alone' ? <Notice>{t('band.sentenceAlone')}</Notice> : null}
        {place === 'uncovered' ? (
          <Notice>{t('band.sentenceUncovered', { least: COVERAGE_LEAST })}</Notice>
        ) : null}
        {band && group.share ? (
          <p data-band={band}>
            {t(`band.${SENTENCES[band]}`, { share: percent(locale, group.share.value) })}
            {band === 'same' && results.visible !== null
              ? ` ${t('visible', { points: Math.ceil(Math.round(results.visible * 1e4) / 100) })}`
              : null}
          </p>
        ) : null}
        {ending === null ? (
          <p className="actions">
            <ButtonLink href={{ pathname: '/rate/[agency]', params }} size="small">
              {t('rateThis')}
            </ButtonLink>
            {/* The poster is for the office's wall; nobody prints it from a phone. */}
            <a className="max-md:hidden" href={`/api/posters/${agency.id}`}>
              {t('poster')}
            </a>
          </p>
        ) : null}
      </div>
      <RepliesSection agency={agency.id} />
      <QuestionsSection questions={questions} trials={trials} />
      <TextQuestions texts={texts} />
      <div className="space-y-4 md:space-y-12">
        <div className="stack-l">
          {trend.own.length + trend.before.length === 0 ? null : (
            <TrendSection
              label={t('trend.chartAgency', { agency: name })}
              own={trend.own}
              before={trend.before}
              breaks={[
                ...trend.breaks.map((on) => ({
                  on,
                  label: t('trend.break', { date: formatDate(locale, on) }),
                })),
                ...(trend.rule === null
                  ? []
                  : [{ on: trend.rule, label: t('trend.rule', { date: formatDate(locale, trend.rule) }) }]),
              ]}
              note={[
                ...trend.breaks
                  .filter((on) => !trend.from.some((one) => one.on === on))
                  .map((on) => `${t('trend.break', { date: formatDate(locale, on) })}.`),
                ...(trend.rule === null
                  ? []
                  : [t('trend.ruleNote', { date: formatDate(locale, trend.rule) })]),
              ].join(' ')}
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
        </div>
        <section aria-labelledby="more">
          <h2 id="more" className="sr-only">
            {t('bars.moreAbout')}
          </h2>
          <div className="folds max-w-measure">
            <Details summary={t('how')} look="row">
              <MethodLines dispersion={results.dispersion} />
              <p>{t('noRankText')}</p>
            </Details>
            <Details summary={t('channels.title')} look="row">
              {responses === 0 ? null : <ChannelSides channels={results.channels} />}
              <h3>{t('kiosks.title')}</h3>
              <KioskSides kiosks={results.kiosks} />
            </Details>
            {responses === 0 ? null : (
              <>
                <Details summary={t('parts.title')} look="row">
                  <PartSides parts={results.parts} />
                  <p className="text-sm text-soft">{t('parts.behind')}</p>
                  <h3>{t('codes.title')}</h3>
                  <CodeSides codes={results.codes} />
                </Details>
                <Details summary={t('bars.data')} look="row">
                  <Downloads agency={agency.id} />
                </Details>
              </>
            )}
            <p className="max-w-none px-[1.1rem] py-3">
              <Link href={{ pathname: '/results/[agency]/compare', params }}>{t('compare.link')}</Link>
            </p>
          </div>
        </section>
      </div>
    </div>
  )
}

async function BackLink() {
  const t = await getTranslations('results')
  return (
    <p className="text-sm">
      <Link href="/results" className="inline-flex min-h-7 items-center gap-1 font-semibold no-underline">
        <Icon name="back" size={16} />
        {t('back')}
      </Link>
    </p>
  )
}

async function Downloads({ agency }: { readonly agency: string }) {
  const t = await getTranslations('results')
  const csv = `/api/v1/results/${agency}`
  return (
    <ul>
      <li>
        <a href={`${csv}?format=csv`} download>
          {t('csvQuestions')}
        </a>
      </li>
      <li>
        <a href={`${csv}/months?format=csv`} download>
          {t('csvMonths')}
        </a>
      </li>
      <li>
        <Link href="/results/data">{t('dataLink')}</Link>
      </li>
    </ul>
  )
}

const SENTENCES = { above: 'sentenceAbove', same: 'sentenceSame', below: 'sentenceBelow' } as const

const REPLIES_SHOWN = 3

async function RepliesSection({ agency }: { readonly agency: string }) {
  const [t, { rows }] = await Promise.all([
    getTranslations('survey-replies'),
    listReplies(agency, null, REPLIES_SHOWN),
  ])
  if (rows.length === 0) return null
  const today = localDate(new Date())
  return (
    <section className="stack" aria-labelledby="replies">
      <h2 id="replies">{t('title')}</h2>
      <div className="reply-notes">
        {rows.map((reply) => (
          <ReplyNote key={reply.id} reply={reply} today={today} />
        ))}
      </div>
      <p>
        <Link href={{ pathname: '/results/[agency]/replies', params: { agency } }}>{t('all')}</Link>
      </p>
    </section>
  )
}
