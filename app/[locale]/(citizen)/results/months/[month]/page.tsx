import type { Metadata } from 'next'
import { getLocale, getTranslations } from 'next-intl/server'
import { ButtonLink } from '#components/ui/button.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { AGENCY_GROUPS, groupOf, placesOf } from '#features/agencies/rules.ts'
import { listPublicMonths, readMonthResults } from '#features/results/data.ts'
import { GroupFigures, GroupResults } from '#features/results/headline.tsx'
import { ShareBar } from '#features/results/results-table.tsx'
import { monthLabel, parseMonth, percent } from '#features/results/rules.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import type { Access } from '#lib/access/access.ts'

export const access = 'anybody' satisfies Access

async function load({ params }: PageProps<'/[locale]/results/months/[month]'>) {
  const [{ month: text }, locale] = await Promise.all([params, getLocale()])
  const month = parseMonth(text)
  const found = month && (await readMonthResults(month, new Date()))
  if (month === null || found === null) notFoundPage(locale)
  return { month, found, locale, label: monthLabel(locale, month) }
}

export async function generateMetadata(
  props: PageProps<'/[locale]/results/months/[month]'>,
): Promise<Metadata> {
  const [t, { label }] = await Promise.all([getTranslations('results.monthPage'), load(props)])
  return { title: t('title', { month: label }) }
}

export default async function MonthPage(props: PageProps<'/[locale]/results/months/[month]'>) {
  const [t, { month, found, locale, label }, months] = await Promise.all([
    getTranslations('results'),
    load(props),
    listPublicMonths(new Date()),
  ])
  const { city, groups, agencies, former } = found
  const told = agencies.filter(({ responses }) => responses > 0)
  const places = placesOf(told.map(({ agency }) => agency.kind))
  const [previous, next] = [months.findLast((one) => one < month), months.find((one) => one > month)]
  const bounds = city.share && {
    share: percent(locale, city.share.value),
    low: percent(locale, city.share.low),
    high: percent(locale, city.share.high),
  }
  return (
    <div className="space-y-12">
      <div className="stack max-w-measure">
        <PageHeader
          kicker={t('monthPage.kicker')}
          title={t('monthPage.title', { month: label })}
          lead={t('monthPage.lead')}
        />
        {city.share && bounds ? (
          <>
            <p>
              <b>{t('questionShare', bounds)}</b> · {t('questionBase', { count: city.responses })}
            </p>
            <ShareBar
              share={city.share.value}
              interval={city.share}
              few={city.standing === 'few'}
              label={t('whisker', bounds)}
            />
          </>
        ) : null}
        <p className="actions pt-1">
          {[previous, next].map((other, at) =>
            other === undefined ? null : (
              <ButtonLink
                key={other}
                href={{ pathname: '/results/months/[month]', params: { month: other } }}
                look="quiet"
                size="small"
              >
                {t(at === 0 ? 'monthPage.previous' : 'monthPage.next', { month: monthLabel(locale, other) })}
              </ButtonLink>
            ),
          )}
          <ButtonLink href="/results" look="quiet" size="small">
            {t('monthPage.all')}
          </ButtonLink>
          <a
            className="button"
            data-look="quiet"
            data-size="small"
            href={`/api/v1/results/months/${month}?format=csv`}
            download
          >
            {t('monthPage.csv')}
          </a>
        </p>
      </div>
      <GroupFigures groups={groups} agencies={told} former={former} />
      {AGENCY_GROUPS.map((group) => (
        <GroupResults
          key={group}
          id={group}
          title={t(group, { places })}
          order={null}
          agencies={told.filter(({ agency }) => groupOf(agency.kind) === group)}
        />
      ))}
      <GroupResults id="former" title={t('former')} order={null} agencies={former} />
    </div>
  )
}
