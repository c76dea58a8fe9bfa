import type { Metadata } from 'next'
import { getLocale, getTranslations } from 'next-intl/server'
import { Icon } from '#components/ui/icon.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Table } from '#components/ui/table.tsx'
import { writtenRate } from '#features/ratings/volumes/rules.ts'
import { readAgencyResults } from '#features/results/agency-data.ts'
import { readBenchmarks } from '#features/results/benchmarks/data.ts'
import { gapOf, WHOLE_CITY } from '#features/results/benchmarks/rules.ts'
import { worstAnswers } from '#features/results/questions/rules.ts'
import { percent } from '#features/results/rules.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import type { Access } from '#lib/access/access.ts'
import { formatDate, formatMonth } from '#messages/dates.ts'

export const access = 'anybody' satisfies Access

interface Props {
  readonly params: Promise<{ readonly agency: string }>
}

async function load({ params }: Props) {
  const [{ agency: id }, locale] = await Promise.all([params, getLocale()])
  const results = await readAgencyResults(decodeURIComponent(id), new Date())
  if (results === null) notFoundPage(locale)
  const { nameVi, nameEn } = results.agency
  return { results, locale, name: locale === 'vi' ? nameVi : nameEn }
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const [t, { name }] = await Promise.all([getTranslations('results.compare'), load(props)])
  return { title: t('title', { agency: name }) }
}

const WORST_SHOWN = 3

/** Shows an agency's figure beside the official indices, with what each measures and why they differ: one sheet on paper. */
export default async function ComparePage(props: Props) {
  const [t, { results, locale, name }] = await Promise.all([getTranslations('results.compare'), load(props)])
  const { agency, share, group, responses, coverage } = results
  const [drawn] = results.invited
  const benchmarks = await readBenchmarks(agency.id)
  const rate = writtenRate(coverage)
  const whole = (part: number) => Math.round(100 * part)
  const number = new Intl.NumberFormat(locale === 'vi' ? 'vi-VN' : 'en-GB', { maximumFractionDigits: 1 })
  const worst = worstAnswers(results.questions).slice(0, WORST_SHOWN)
  return (
    <div className="space-y-6 print:space-y-3 print:text-sm">
      <div className="space-y-3">
        <p className="text-sm print:hidden">
          <Link
            href={{ pathname: '/results/[agency]', params: { agency: agency.id } }}
            className="inline-flex min-h-7 items-center gap-1 font-semibold no-underline"
          >
            <Icon name="back" size={16} />
            {name}
          </Link>
        </p>
        <PageHeader title={t('title', { agency: name })} lead={t('lead')} />
      </div>
      <section className="stack max-w-measure" aria-labelledby="ours">
        <h2 id="ours">{t('ours')}</h2>
        {drawn?.share == null ? null : (
          <p data-invited={whole(drawn.share.value)}>
            {t('oursInvited', {
              ...{
                share: whole(drawn.share.value),
                low: whole(drawn.share.low),
                high: whole(drawn.share.high),
              },
              ...{ answered: drawn.answered, drawn: drawn.drawn },
            })}
          </p>
        )}
        <p data-satisfied={share === null ? undefined : whole(share.value)}>
          {share === null
            ? t('oursNone')
            : t('oursText', {
                ...{ share: whole(share.value), low: whole(share.low), high: whole(share.high) },
                count: responses,
              })}{' '}
          {t('oursWhom')} {rate === null ? null : t('oursCoverage', { rate })}{' '}
          {group.share === null ? null : t('group', { share: whole(group.share.value) })}
        </p>
      </section>
      {worst.length === 0 ? null : (
        <section className="stack max-w-measure" aria-labelledby="worst">
          <h2 id="worst">{t('worst')}</h2>
          <ul className="space-y-2">
            {worst.map(({ question, share: part, codes }) => (
              <li key={question.key} className="flex gap-3">
                <strong className="num w-12 flex-none">{percent(locale, part)}</strong>
                <span>
                  {question[locale]}{' '}
                  <span className="text-soft">
                    {question.options
                      .filter(({ code }) => codes.includes(code))
                      .map((option) => option[locale])
                      .join('; ')}
                  </span>
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section className="stack" aria-labelledby="others">
        <h2 id="others">{t('others')}</h2>
        {benchmarks.length === 0 ? (
          <p className="text-soft">{t('none')}</p>
        ) : (
          <Table
            caption={t('others')}
            captionHidden
            columns={[
              {
                head: t('measure'),
                cell: (one) =>
                  `${t(`name.${one.measure}`)}${one.agencyId === WHOLE_CITY ? ` (${t('city')})` : ''}`,
              },
              {
                head: t('value'),
                align: 'end',
                cell: ({ value, ceiling }) =>
                  t('of', { value: number.format(value), ceiling: number.format(ceiling) }),
              },
              {
                head: t('interval'),
                cell: ({ low, high }) =>
                  low === null || high === null
                    ? t('noInterval')
                    : `${number.format(low)} – ${number.format(high)}`,
              },
              {
                head: t('period'),
                // A month is written in words; a year or a quarter stays as it was told.
                cell: ({ period }) =>
                  /-\d/.test(period) ? formatMonth(locale, new Date(`${period}-01`)) : period,
              },
              {
                head: t('source'),
                phone: 'below',
                cell: ({ source, toldOn }) => `${source}; ${formatDate(locale, toldOn)}`,
              },
            ]}
            rows={benchmarks}
            keyOf={({ measure }) => measure}
            marks={({ measure, value }) => ({ 'data-measure': measure, 'data-value': value })}
          />
        )}
      </section>
      {benchmarks.length === 0 ? null : (
        <section className="stack max-w-measure" aria-labelledby="why">
          <h2 id="why">{t('why')}</h2>
          {benchmarks.map((one) => {
            const gap = gapOf(one, share)
            return (
              <div key={one.measure}>
                <h3>{t(`name.${one.measure}`)}</h3>
                <p>
                  {t(`what.${one.measure}`)}{' '}
                  {gap === null
                    ? t('noGap')
                    : t('gap', {
                        points: `${gap.points > 0 ? '+' : ''}${gap.points}`,
                        within: String(gap.within),
                      })}
                </p>
              </div>
            )
          })}
        </section>
      )}
    </div>
  )
}
