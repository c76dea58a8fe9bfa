import { CITY } from '#cities/city.ts'

interface Tile {
  readonly agencyId: string
  readonly column: number
  readonly row: number
}

/** The place of each agency on the map, as column and row from 0. */
export const TILES: readonly Tile[] = CITY.tiles.flatMap((cells, row) =>
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
