import { Link } from '#components/ui/link.tsx'
import { TILES } from '../rules/tile-map.ts'

const COLUMNS = [
  'lg:col-start-1',
  'lg:col-start-2',
  'lg:col-start-3',
  'lg:col-start-4',
  'lg:col-start-5',
  'lg:col-start-6',
]
const ROWS = [
  'lg:row-start-1',
  'lg:row-start-2',
  'lg:row-start-3',
  'lg:row-start-4',
  'lg:row-start-5',
  'lg:row-start-6',
  'lg:row-start-7',
]

/**
 * Renders the districts laid out like the city where there is room, and in their usual order in two columns on a phone: the
 * same list of links either way.
 */
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
          <li key={id} className={`max-w-none min-w-0 ${COLUMNS[tile?.column ?? 0]} ${ROWS[tile?.row ?? 0]}`}>
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
