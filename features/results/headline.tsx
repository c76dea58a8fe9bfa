import { getLocale, getTranslations } from 'next-intl/server'
import { ButtonLink } from '#components/ui/button.tsx'
import { Details } from '#components/ui/details.tsx'
import { Figures as FigureList } from '#components/ui/figures.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { PhoneFold } from '#components/ui/phone-fold.tsx'
import { AGENCY_GROUPS, placesOf } from '#features/agencies/rules.ts'
import type { Dispersion } from './dispersion-rules.ts'
import { boundsOf, ResultsTable } from './results-table.tsx'
import {
  type AgencyFigures,
  type Band,
  type CityResults,
  monthLabel,
  placeOf,
  type Totals,
  type WeightedShare,
} from './rules.ts'
import type { Share } from './tally-rules.ts'

interface HeadlineProps {
  readonly figures: Totals
  /** The agency's name, shown above the title; absent for the city. */
  readonly agency?: string
  /** True when several versions were asked, whose groups of ten are counted separately. */
  readonly severalVersions?: boolean
  /** The city's share weighted by cases, shown beside the share of all answers. */
  readonly weighted?: WeightedShare | null
}

/** Writes a share as a count of people out of 100, which is easier to read. */
const outOf100 = (share: number): number => Math.round(100 * share)

export async function Headline({ figures, agency, severalVersions = false, weighted = null }: HeadlineProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('results')])
  const { share, responses, sameNetwork } = figures
  const kicker = agency ?? t('title')
  if (share === null) {
    const words = agency === undefined ? 'none' : severalVersions ? 'notYetVersions' : 'notYet'
    return (
      <PageHeader kicker={kicker} title={t(words)} lead={t(`${words}Text`)}>
        {agency === undefined ? (
          <p className="actions">
            <ButtonLink href="/rate">{t('rate')}</ButtonLink>
          </p>
        ) : null}
      </PageHeader>
    )
  }
  return (
    <PageHeader
      kicker={kicker}
      title={t('headline', { share: outOf100(share.value) })}
      lead={[
        t('range', { low: outOf100(share.low), high: outOf100(share.high), count: responses }),
        ...(sameNetwork === 0 ? [] : [t('sameNetwork', { count: sameNetwork })]),
        ...(weighted === null
          ? []
          : [
              t('weighted', {
                ...{ agencies: weighted.agencies, cases: weighted.cases },
                ...boundsOf(locale, weighted),
              }),
            ]),
        t('ask'),
      ].join(' ')}
    />
  )
}

/** Renders the headline's share as a bar from 0 to 100 with the bounds of its interval; grey where few people answered. */
export async function Gauge({ share, few }: { readonly share: Share; readonly few: boolean }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('results.bars')])
  const at = (value: number) => `${Math.round(value * 1000) / 10}%`
  const written = boundsOf(locale, share)
  const { low, high } = written
  return (
    <svg className="gauge" role="img" aria-label={t('gauge', written)}>
      <rect className="fill-line" width="100%" height="16" y="4" rx="8" />
      <rect className={few ? 'fill-edge' : 'fill-teal'} width={at(share.value)} height="16" y="4" rx="8" />
      <g className="answer-whisker">
        <line x1={at(share.low)} x2={at(share.low)} y1="0" y2="24" />
        <line x1={at(share.high)} x2={at(share.high)} y1="0" y2="24" />
        <line x1={at(share.low)} x2={at(share.high)} y1="12" y2="12" />
      </g>
      <text x={at(share.low)} y="42" textAnchor="end">
        {low}
      </text>
      <text
        x={at(share.high)}
        y="42"
        textAnchor={share.high > 0.94 ? 'end' : 'start'}
        dx={share.high > 0.94 ? 14 : 0}
      >
        {high}
      </text>
    </svg>
  )
}

export async function GroupFigures({
  groups,
  agencies,
  former,
}: Pick<CityResults, 'groups' | 'agencies' | 'former'>) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('results')])
  const places = placesOf([...agencies, ...former].map(({ agency }) => agency.kind))
  const items = AGENCY_GROUPS.flatMap((group) => {
    const { share, responses } = groups[group]
    if (share === null) return []
    const { share: value, ...bounds } = boundsOf(locale, share)
    const detail = t('groupShare', { ...bounds, count: responses })
    return [{ key: group, value, label: t(group, { places }), detail }]
  })
  return items.length === 0 ? null : <FigureList items={items} />
}

interface GroupResultsProps {
  readonly id: string
  readonly title: string
  readonly agencies: readonly AgencyFigures[]
  /** `band`: each band is listed separately, in the usual order. Null: agencies are not compared. */
  readonly order: 'usual' | 'band' | null
}

const BANDS = ['above', 'same', 'below', null] as const satisfies readonly (Band | null)[]

/** From this number on, agencies without a published answer are folded into one line. */
const FOLDED_FROM = 5

export async function GroupResults({ id, title, agencies, order }: GroupResultsProps) {
  const [t, words] = await Promise.all([getTranslations('results.band'), getTranslations('results')])
  if (agencies.length === 0) return null
  // A table of nothing but zeros says less than one sentence.
  const isEmpty = ({ responses }: AgencyFigures) => responses === 0
  const folds = agencies.filter(isEmpty).length >= FOLDED_FROM
  const [some, none] = [
    agencies.filter((one) => !folds || !isEmpty(one)),
    agencies.filter((one) => folds && isEmpty(one)),
  ]
  const compared = order !== null
  const banded = agencies.some(({ band }) => band !== null)
  const alone = agencies.some((one) => ['alone', 'uncovered'].includes(placeOf(one)))
  return (
    <PhoneFold id={id} title={title}>
      {order !== 'band' || !banded ? (
        <>
          {some.length === 0 ? null : (
            <ResultsTable
              caption={title}
              agencies={some}
              compared={compared}
              banded={banded || (compared && alone)}
            />
          )}
          {none.length === 0 ? null : (
            <Details summary={words('unanswered', { count: none.length, all: agencies.length })}>
              <ResultsTable caption={title} agencies={none} compared={compared} />
            </Details>
          )}
        </>
      ) : (
        BANDS.map((band) => {
          const alike = agencies.filter((one) => one.band === band)
          if (alike.length === 0) return null
          const name = t(band === null ? 'noneTitle' : `${band}Title`)
          return (
            <section key={String(band)} className="stack pt-3">
              <h3>{name}</h3>
              <ResultsTable caption={`${title}: ${name}`} agencies={alike} compared />
            </section>
          )
        })
      )}
    </PhoneFold>
  )
}

const lines = ['how1', 'how2', 'how5', 'how6', 'how3', 'how4', 'howTrial'] as const

interface MethodProps {
  readonly dispersion: Dispersion
}

export async function DispersionLine({ dispersion: { factor, compared, values, from, to } }: MethodProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('results.dispersion')])
  if (from === null || to === null) return t('unknown', { compared })
  return t('known', { factor, values, from: monthLabel(locale, from), to: monthLabel(locale, to) })
}

export async function MethodLines({ dispersion }: MethodProps) {
  const t = await getTranslations('results')
  return (
    <ul>
      {lines.map((line) => (
        <li key={line}>
          {t(line)}
          {line === 'how2' ? (
            <>
              {' '}
              <DispersionLine dispersion={dispersion} />
            </>
          ) : null}
        </li>
      ))}
      <li>
        <Link href="/results/method">{t('methodLink')}</Link>
      </li>
    </ul>
  )
}

/** Renders the method folded, because readers want the figures first. */
export async function Method({ dispersion }: MethodProps) {
  const t = await getTranslations('results')
  return (
    <section aria-labelledby="how">
      <h2 id="how" className="sr-only">
        {t('how')}
      </h2>
      <div className="folds">
        <Details summary={t('how')} look="row">
          <MethodLines dispersion={dispersion} />
        </Details>
      </div>
    </section>
  )
}
