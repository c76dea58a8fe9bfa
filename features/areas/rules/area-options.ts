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

interface AreaOption {
  readonly value: string
  readonly label: string
}

/**
 * Returns the options of a list of areas: by the district that each was drawn from, where the edition in force has wards, as
 * people still know them by it; otherwise as they stand.
 */
export function areaOptions(
  areas: readonly Offered[],
  locale: 'vi' | 'en',
): readonly (AreaOption | { readonly label: string; readonly options: readonly AreaOption[] })[] {
  const said = ({ nameVi, nameEn }: Names) => (locale === 'vi' ? nameVi : nameEn)
  const option = (area: Offered) => ({ value: area.id, label: said(area) })
  const around = ({ drawnFrom: [first], formerly: [name] }: Offered) => (first ? said(first) : (name ?? ''))
  if (areas.every((area) => around(area) === '')) return areas.map(option)
  return [...Map.groupBy(areas, around)].map(([label, inside]) => ({ label, options: inside.map(option) }))
}
