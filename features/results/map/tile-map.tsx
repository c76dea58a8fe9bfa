import { getLocale, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { type AgencyFigures, type Place, percent, placeOf } from '../rules.ts'
import { TILES } from './rules.ts'

const COLUMNS = [
  '@min-[18rem]:col-start-1',
  '@min-[18rem]:col-start-2',
  '@min-[18rem]:col-start-3',
  '@min-[18rem]:col-start-4',
  '@min-[18rem]:col-start-5',
  '@min-[18rem]:col-start-6',
]
const ROWS = [
  '@min-[18rem]:row-start-1',
  '@min-[18rem]:row-start-2',
  '@min-[18rem]:row-start-3',
  '@min-[18rem]:row-start-4',
  '@min-[18rem]:row-start-5',
  '@min-[18rem]:row-start-6',
  '@min-[18rem]:row-start-7',
]

/** In the order of the key. */
const PLACES = [
  'above',
  'same',
  'below',
  'few',
  'alone',
  'uncovered',
  'suppressed',
] as const satisfies readonly Place[]

/** Renders agencies as linked tiles, laid out like the city. A tile shows its band, never a shade, which would be a rank. */
export async function TileMap({ agencies }: { readonly agencies: readonly AgencyFigures[] }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('results')])
  const tiles = agencies.flatMap((figures) => {
    const tile = TILES.find(({ agencyId }) => agencyId === figures.agency.id)
    return tile ? [{ ...tile, figures, place: placeOf(figures) }] : []
  })
  return (
    <>
      <div className="tile-map @container max-w-160">
        <ul className="grid grid-cols-[repeat(auto-fill,minmax(min(7rem,100%),1fr))] gap-1 @min-[18rem]:grid-cols-6">
          {tiles.map(({ agencyId, column, row, figures, place }) => (
            <li key={agencyId} className={`max-w-none min-w-0 ${COLUMNS[column]} ${ROWS[row]}`}>
              <Link
                href={{ pathname: '/results/[agency]', params: { agency: agencyId } }}
                className="tile"
                data-place={place}
              >
                <span>{shortName(figures.agency)}</span>
                {figures.share ? (
                  <span className="flex flex-row-reverse items-center gap-1 @min-[18rem]:flex-row">
                    <b className="num">{percent(locale, figures.share.value)}</b>
                    <PlaceMark place={place} />
                    {figures.band ? <span className="sr-only">{t(`band.${figures.band}`)}</span> : null}
                  </span>
                ) : (
                  <small>{t('suppressed')}</small>
                )}
              </Link>
            </li>
          ))}
        </ul>
      </div>
      <ul className="flex flex-wrap gap-x-6 gap-y-1.5 text-sm">
        {PLACES.filter((one) => tiles.some(({ place }) => place === one)).map((place) => (
          <li key={place} className="flex items-center gap-2">
            <span className="tile-swatch" data-place={place}>
              <PlaceMark place={place} />
            </span>
            {t(`map.${place}`)}
          </li>
        ))}
      </ul>
    </>
  )
}

const MARKS: Partial<Record<Place, string>> = { above: 'M6 1.5 11 10H1z', below: 'M6 10.5 1 2h10z' }

/** Marks higher and lower by a shape as well as by colour, so that it also reads on paper. */
function PlaceMark({ place }: { readonly place: Place }) {
  const mark = MARKS[place]
  return mark === undefined ? null : (
    <svg viewBox="0 0 12 12" className="size-[0.75em] flex-none" fill="currentColor" aria-hidden="true">
      <path d={mark} />
    </svg>
  )
}

/** Returns a name short enough for a tile: `Q3`, `An Khánh`. */
const shortName = ({ abbreviation, nameVi }: AgencyFigures['agency']): string =>
  abbreviation ?? nameVi.replace(/^(Quận|Huyện|Phường|Xã|Đặc khu) /, '')

const WIDE_COLUMNS = [
  'lg:col-start-1',
  'lg:col-start-2',
  'lg:col-start-3',
  'lg:col-start-4',
  'lg:col-start-5',
  'lg:col-start-6',
]
const WIDE_ROWS = [
  'lg:row-start-1',
  'lg:row-start-2',
  'lg:row-start-3',
  'lg:row-start-4',
  'lg:row-start-5',
  'lg:row-start-6',
  'lg:row-start-7',
]

/** Renders the districts laid out like the city or, on a phone, in two columns: one list of links. */
export function DistrictMap({
  districts,
}: {
  readonly districts: readonly { readonly id: string; readonly name: string }[]
}) {
  return (
    <ul className="grid grid-cols-2 gap-2 sm:grid-cols-3 lg:grid-cols-6 lg:gap-1.5">
      {districts.map(({ id, name }) => {
        const tile = TILES.find(({ agencyId }) => agencyId === id)
        return (
          <li
            key={id}
            className={`max-w-none min-w-0 ${WIDE_COLUMNS[tile?.column ?? 0]} ${WIDE_ROWS[tile?.row ?? 0]}`}
          >
            <Link
              href={{ pathname: '/rate/[agency]', params: { agency: id } }}
              className="place"
              data-look="tile"
            >
              {name}
            </Link>
          </li>
        )
      })}
    </ul>
  )
}
