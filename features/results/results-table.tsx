import { getLocale, getTranslations } from 'next-intl/server'
import { CITY } from '#cities/city.ts'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tabs } from '#components/ui/tabs.tsx'
import { Tag, type Tone } from '#components/ui/tag.tsx'
import { Rule } from '#features/ratings/integrity/exclusion-rule.tsx'
import type { ExclusionReason } from '#features/ratings/integrity/rules.ts'
import { countMissing } from '#features/ratings/publication/rules.ts'
import { writtenRate } from '#features/ratings/volumes/rules.ts'
import type { Interval } from '#lib/statistics/wilson.ts'
import { toTenThousandths } from '#lib/ten-thousandths.ts'
import type { Figure } from './figure-rules.ts'
import {
  type AgencyFigures,
  type Band,
  type Figures,
  type Place,
  people,
  placeOf,
  writeFigure,
} from './rules.ts'
import type { Share } from './tally-rules.ts'

interface ResultsTableProps {
  readonly caption: string
  readonly agencies: readonly AgencyFigures[]
  /** True when the agencies are compared, so that more answers would allow it; false in a one-month table. */
  readonly compared: boolean
  /** True when each row names the agency's band. False where a heading above names it, or there is none. */
  readonly banded?: boolean
}

/** Renders agencies in the usual order, never ranked, each with its share, interval and number of answers. */
export async function ResultsTable({ caption, agencies, compared, banded = false }: ResultsTableProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('results')])
  return (
    <Table
      caption={caption}
      captionHidden
      phone="dense"
      columns={[
        {
          head: t('agency'),
          cell: ({ agency }) => (
            <Link href={{ pathname: '/results/[agency]', params: { agency: agency.id } }}>
              {locale === 'vi' ? agency.nameVi : agency.nameEn}
            </Link>
          ),
        },
        {
          head: t('interval'),
          phone: 'left',
          cell: ({ share, standing }) =>
            share && (
              <ShareBar
                share={share.value}
                interval={share}
                few={standing === 'few'}
                label={t('whisker', boundsOf(locale, share))}
              />
            ),
        },
        {
          head: t('share'),
          align: 'end',
          phone: 'right',
          cell: ({ share }) =>
            share ? (
              <WrittenShare {...boundsOf(locale, share)} />
            ) : (
              <span className="text-soft">{t('suppressed')}</span>
            ),
        },
        {
          head: t('responses'),
          align: 'end',
          phone: 'right',
          cell: ({ responses, standing, band, coverage }) => (
            <span>
              {responses === 0 ? null : (
                <span className="num text-soft">
                  {people(locale, responses)}
                  <span className="md:hidden">
                    {' '}
                    {t('answers')}
                    {band === null || band === 'same' ? null : ` · ${t(`band.${band}`)}`}
                  </span>
                </span>
              )}
              {coverage?.perThousand == null ? null : (
                <small className="block text-balance text-soft">
                  {t('perThousand', { rate: writtenRate(coverage) ?? 0 })}
                </small>
              )}
              {standing === 'full' || !compared ? null : (
                <small className="block text-balance text-soft">
                  {t('missing', { count: countMissing(responses) })}
                </small>
              )}
            </span>
          ),
        },
        banded && {
          head: t('band.column'),
          align: 'end',
          phone: 'right',
          cell: (figures) => <Beside place={placeOf(figures)} />,
        },
      ]}
      rows={agencies}
      keyOf={({ agency }) => agency.id}
      marks={(figures) => ({
        ...resultMarks(figures.agency.id, figures),
        ...(figures.band && { 'data-band': figures.band }),
      })}
    />
  )
}

export function boundsOf(
  locale: 'vi' | 'en',
  { value, low, high }: Omit<Share, 'base'>,
  written: Figure['written'] = 'percent',
) {
  const write = (one: number) => writeFigure(written, locale, one)
  return { share: write(value), low: write(low), high: write(high) }
}

export const WrittenShare = ({ share, low, high }: Readonly<Record<'share' | 'low' | 'high', string>>) => (
  <span className="num">
    <b>{share}</b>{' '}
    <span className="text-soft">
      {low}–{high}
    </span>
  </span>
)

/** Renders an agency's band; where there are too few answers, another column says so. */
async function Beside({ place }: { readonly place: Place }) {
  const t = await getTranslations('results.band')
  if (place === 'few' || place === 'suppressed') return null
  if (place !== 'alone' && place !== 'uncovered') return <BandTag band={place} />
  return <span className="inline-block max-w-36 text-right text-soft">{t(place)}</span>
}

const TONES = { above: 'neutral', same: 'plain', below: 'wait' } as const satisfies Record<Band, Tone>

async function BandTag({ band }: { readonly band: Band }) {
  const t = await getTranslations('results.band')
  return (
    <Tag tone={TONES[band]} icon={null}>
      {t(band)}
    </Tag>
  )
}

/** Returns the data attributes of a row of results; a suppressed row has no figures. */
export const resultMarks = (agency: string, { responses, share, standing }: Figures) => ({
  'data-agency': agency,
  'data-responses': responses,
  'data-suppressed': standing === 'suppressed',
  ...(share && {
    'data-satisfied': toTenThousandths(share.value),
    'data-low': toTenThousandths(share.low),
    'data-high': toTenThousandths(share.high),
  }),
})

const VIEWS = [
  { key: 'agencies', href: '/results' },
  { key: 'questions', href: '/results/questions' },
  { key: 'method', href: '/results/method' },
  { key: 'data', href: '/results/data' },
] as const

export async function ResultsTabs({ current }: { readonly current: (typeof VIEWS)[number]['key'] }) {
  const t = await getTranslations('results.views')
  return (
    <Tabs
      label={t('label')}
      tabs={VIEWS.map(({ key, href }) => ({ key, href, label: t(key), current: key === current }))}
    />
  )
}

/** Renders the notice that an answer is counted, one of the possible results of checking a receipt number. */
export async function CountedNotice() {
  const t = await getTranslations('survey-integrity.verify')
  return (
    <Notice tone="ok" title={t('counted')}>
      <p>{t('countedText')}</p>
    </Notice>
  )
}

interface ExcludedProps {
  readonly reason: ExclusionReason
  /** The address to write to; if unset, the city's survey manager. */
  readonly contact: string | undefined
}

export async function Excluded({ reason, contact }: ExcludedProps) {
  const [t, words, locale] = await Promise.all([
    getTranslations('survey-integrity.verify'),
    getTranslations('survey-integrity.reason'),
    getLocale(),
  ])
  return (
    <Notice tone="wait" title={`${t('excluded')}: ${words(reason).toLowerCase()}`}>
      <p>
        <Rule reason={reason} />
      </p>
      <p>{t('excludedText')}</p>
      <p>{t('excludedWrite', { contact: contact ?? CITY.survey_contact[locale] })}</p>
      <p>{t('excludedPrivate')}</p>
      <p>
        <Link href="/ledger">{t('ledger')}</Link>
      </p>
    </Notice>
  )
}

export async function Unknown() {
  const t = await getTranslations('survey-integrity.verify')
  return (
    <Notice tone="info" title={t('unknown')}>
      <p>{t('unknownText')}</p>
    </Notice>
  )
}

interface ShareBarProps {
  /** 0 to 1. */
  readonly share: number
  readonly interval: Interval
  /** Drawn grey below 30 answers. */
  readonly few: boolean
  /** The text alternative of the drawing; empty where the page has the words beside it. */
  readonly label: string
  /** Drawn for half the width, so that its whiskers stay visible in little space. */
  readonly short?: boolean
}

/** Renders a share as a bar from 0 to 100 %, with its interval as whiskers. The security policy allows no inline styles. */
export function ShareBar({ share, interval, few, label, short = false }: ShareBarProps) {
  const width = short ? 200 : 400
  const at = (value: number) => Math.round(value * width * 10) / 10
  const { low, high } = interval
  return (
    <svg
      viewBox={`-2 0 ${width + 4} 24`}
      className={`block h-auto w-full ${short ? 'max-w-50' : 'min-w-24'}`}
      role="img"
      aria-label={label}
      aria-hidden={label === ''}
    >
      <rect x="0" y="8" width={width} height="8" rx="4" className="fill-line" />
      <rect x={at(low)} y="5" width={at(high - low)} height="14" className="fill-edge opacity-50" />
      <rect x="0" y="8" width={at(share)} height="8" rx="4" className={few ? 'fill-edge' : 'fill-teal'} />
      {[low, high].map((bound, index) => (
        <line
          // biome-ignore lint/suspicious/noArrayIndexKey: two bounds, which may be equal
          key={index}
          x1={at(bound)}
          x2={at(bound)}
          y1="3"
          y2="21"
          strokeWidth="2"
          className="stroke-ink"
        />
      ))}
    </svg>
  )
}
