/** The place of each district on the tile map, as column and row from 0: roughly as on the city's map. */
const ROWS: readonly (readonly (string | null)[])[] = [
  [null, null, 'cu-chi', null, null, null],
  [null, 'hoc-mon', 'quan-12', 'thu-duc', 'quan-9', null],
  [null, 'binh-tan', 'go-vap', 'binh-thanh', 'quan-2', null],
  [null, 'tan-phu', 'tan-binh', 'phu-nhuan', 'quan-1', null],
  [null, 'quan-11', 'quan-10', 'quan-3', 'quan-4', null],
  ['binh-chanh', 'quan-6', 'quan-5', 'quan-8', 'quan-7', null],
  [null, null, null, null, 'nha-be', 'can-gio'],
]

interface Tile {
  readonly agencyId: string
  readonly column: number
  readonly row: number
}

export const TILES: readonly Tile[] = ROWS.flatMap((cells, row) =>
  cells.flatMap((agencyId, column) => (agencyId === null ? [] : [{ agencyId, column, row }])),
)

const isTile = (id: string): boolean => TILES.some(({ agencyId }) => agencyId === id)

/**
 * Returns the agencies that have a place on the map; none where at least half of the map's districts have ended, since
 * it would be mostly holes.
 */
export function agenciesOnMap<A extends { readonly id: string }>(agencies: readonly A[]): readonly A[] {
  const placed = agencies.filter(({ id }) => isTile(id))
  return 2 * placed.length > TILES.length ? placed : []
}
