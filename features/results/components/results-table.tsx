import { getLocale, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag, type Tone } from '#components/ui/tag.tsx'
import { countMissing } from '#features/ratings/publication/rules.ts'
import type { Band } from '../rules/comparison.ts'
import { type AgencyFigures, type Place, placeOf } from '../rules/results.ts'
import { resultMarks } from './marks.ts'
import { people, percent } from './percent.ts'
import { ShareBar } from './share-bar.tsx'

export interface ResultsTableProps {
  readonly caption: string
  readonly agencies: readonly AgencyFigures[]
  /**
   * True when the agencies are compared with each other, so that more answers lead to a comparison. False in the table
   * of one month, and for agencies that have ended.
   */
  readonly compared: boolean
  /** True when each row names the agency's band. False where a heading above names it, or there is none. */
  readonly banded?: boolean
}

/**
 * Renders agencies in their usual order, never ranked: each with its share, its interval and how many answered.
 */
export async function ResultsTable({ caption, agencies, compared, banded = false }: ResultsTableProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('results')])
  const columns = [
    { key: 'agency', label: t('agency') },
    { key: 'interval', label: t('interval'), phone: 'left' },
    { key: 'share', label: t('share'), align: 'end', phone: 'right' },
    { key: 'responses', label: t('responses'), align: 'end', phone: 'right' },
    ...(banded ? [{ key: 'band', label: t('band.column'), align: 'end', phone: 'right' } as const] : []),
  ] as const
  const rows = agencies.map((figures) => {
    const { agency, share, standing, responses, band } = figures
    const bounds = share && {
      share: percent(locale, share.satisfied),
      low: percent(locale, share.low),
      high: percent(locale, share.high),
    }
    return {
      key: agency.id,
      marks: { ...resultMarks(agency.id, figures), ...(band && { 'data-band': band }) },
      cells: {
        agency: (
          <Link href={{ pathname: '/results/[agency]', params: { agency: agency.id } }}>
            {locale === 'vi' ? agency.nameVi : agency.nameEn}
          </Link>
        ),
        interval: share && bounds && (
          <ShareBar
            share={share.satisfied}
            interval={share}
            few={standing === 'few'}
            label={t('whisker', bounds)}
          />
        ),
        share: bounds ? (
          <span className="num">
            <b>{bounds.share}</b>{' '}
            <span className="text-soft">
              {bounds.low}–{bounds.high}
            </span>
          </span>
        ) : (
          <span className="text-soft">{t('suppressed')}</span>
        ),
        responses: (
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
            {standing === 'full' || !compared ? null : (
              <small className="block text-balance text-soft">
                {t('missing', { count: countMissing(responses) })}
              </small>
            )}
          </span>
        ),
        band: <Beside place={placeOf(figures)} />,
      },
    }
  })
  return <Table caption={caption} captionHidden phone="dense" columns={columns} rows={rows} />
}

/** Shows an agency's band; for an agency with too few answers another column says so. */
async function Beside({ place }: { readonly place: Place }) {
  const t = await getTranslations('results.band')
  if (place === 'few' || place === 'suppressed') return null
  if (place !== 'alone') return <BandTag band={place} />
  return <span className="inline-block max-w-36 text-right text-soft">{t('alone')}</span>
}

const TONES = { above: 'neutral', same: 'plain', below: 'wait' } as const satisfies Record<Band, Tone>

/** Shows where an agency stands beside the others of its group, in words. */
async function BandTag({ band }: { readonly band: Band }) {
  const t = await getTranslations('results.band')
  return (
    <Tag tone={TONES[band]} icon={null}>
      {t(band)}
    </Tag>
  )
}
