import { CITY } from '#cities/city.ts'

/** Each agency's place on the map; column and row start at 0. */
export const TILES = CITY.tiles.flatMap((cells, row) =>
  cells.flatMap((agencyId, column) => (agencyId === null ? [] : [{ agencyId, column, row }])),
)

/** Returns the agencies with a place on the map; none where half of its districts have ended. */
export function agenciesOnMap<A extends { readonly id: string }>(agencies: readonly A[]): readonly A[] {
  const placed = agencies.filter(({ id }) => TILES.some(({ agencyId }) => agencyId === id))
  return 2 * placed.length > TILES.length ? placed : []
}
