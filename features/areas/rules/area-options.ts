interface Names {
  readonly nameVi: string
  readonly nameEn: string
}

/** An area as a list offers it. */
interface Offered extends Names {
  readonly id: string
  readonly drawnFrom: readonly Names[]
  readonly formerly: readonly string[]
}

/** Tells whether the areas of an edition are wards, each drawn from districts that people still know it by. */
export const areWards = (areas: readonly Pick<Offered, 'drawnFrom' | 'formerly'>[]): boolean =>
  areas.some(({ drawnFrom, formerly }) => drawnFrom.length + formerly.length > 0)

interface AreaOption {
  readonly value: string
  readonly label: string
}

/** Returns the options of a list of areas: wards grouped by their former district, other areas in the given order. */
export function areaOptions(
  areas: readonly Offered[],
  locale: 'vi' | 'en',
): readonly (AreaOption | { readonly label: string; readonly options: readonly AreaOption[] })[] {
  const said = ({ nameVi, nameEn }: Names) => (locale === 'vi' ? nameVi : nameEn)
  const option = (area: Offered) => ({ value: area.id, label: said(area) })
  const around = ({ drawnFrom: [first], formerly: [name] }: Offered) => (first ? said(first) : (name ?? ''))
  if (!areWards(areas)) return areas.map(option)
  return [...Map.groupBy(areas, around)].map(([label, inside]) => ({ label, options: inside.map(option) }))
}
