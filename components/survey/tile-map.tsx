import { getLocale, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import type { AgencyFigures } from '#domain/survey/results.ts'
import { TILES } from '#domain/survey/tile-map.ts'
import { percent } from './percent.ts'

const COLUMNS = ['col-start-1', 'col-start-2', 'col-start-3', 'col-start-4', 'col-start-5', 'col-start-6']
const ROWS = [
  'row-start-1',
  'row-start-2',
  'row-start-3',
  'row-start-4',
  'row-start-5',
  'row-start-6',
  'row-start-7',
]

/** From here up a tile is the next shade darker. */
const SHADES = [0.7, 0.75, 0.8, 0.85] as const

/** How a tile is shaded: `none` hatched, `few` grey, 1 to 5 from light to dark. */
function shade({ share, standing }: AgencyFigures): string {
  if (share === null) return 'none'
  if (standing === 'few') return 'few'
  return String(1 + SHADES.filter((from) => share.satisfied >= from).length)
}

/** The 24 districts as tiles, each a link. The table beside it says the same in figures. */
export async function TileMap({ agencies }: { readonly agencies: readonly AgencyFigures[] }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('results')])
  const tiles = TILES.flatMap((tile) => {
    const figures = agencies.find(({ agency }) => agency.id === tile.agencyId)
    return figures ? [{ ...tile, figures }] : []
  })
  return (
    <ul className="grid max-w-160 grid-cols-6 gap-1">
      {tiles.map(({ agencyId, column, row, figures }) => (
        <li key={agencyId} className={`min-w-0 ${COLUMNS[column]} ${ROWS[row]}`}>
          <Link
            href={{ pathname: '/results/[agency]', params: { agency: agencyId } }}
            className="tile"
            data-shade={shade(figures)}
          >
            <span>{shortName(figures.agency)}</span>
            {figures.share ? (
              <b className="num">{percent(locale, figures.share.satisfied)}</b>
            ) : (
              <small>{t('suppressed')}</small>
            )}
          </Link>
        </li>
      ))}
    </ul>
  )
}

/** What fits a tile: `Q3`, `Bình Thạnh`. */
const shortName = ({ abbreviation, nameVi }: AgencyFigures['agency']): string =>
  abbreviation ?? nameVi.replace(/^(Quận|Huyện) /, '')
