import formerWards from '#features/agencies/rules/former-wards.json' with { type: 'json' }
import earlierWards from './earlier-wards.json' with { type: 'json' }
import { KIND_NAMES, ownWords, placeWords } from './words.ts'

/** A ward that existed until July 2025, with the areas of the 2025 edition that took it over. */
export interface FormerWard {
  readonly nameVi: string
  /** The district that it was in, by name. */
  readonly district: string
  readonly heirs: readonly string[]
}

type ByDistrict<T> = Readonly<Record<string, Readonly<Record<string, T>>>>
const LATE: ByDistrict<readonly string[]> = formerWards.districts
const EARLY: ByDistrict<string> = earlierWards.districts

/**
 * Every ward, commune and township that the 2025 edition replaced, and those that had been merged into one of them
 * earlier.
 */
export const FORMER_WARDS: readonly FormerWard[] = [
  ...Object.entries(LATE).flatMap(([district, wards]) =>
    Object.entries(wards).map(([nameVi, heirs]) => ({ nameVi, district, heirs })),
  ),
  ...Object.entries(EARLY).flatMap(([district, wards]) =>
    Object.entries(wards).map(([nameVi, into]) => ({
      nameVi,
      district,
      heirs: LATE[district]?.[into] ?? [],
    })),
  ),
]

/** An area as a text may name it. */
export interface NamedArea {
  readonly id: string
  readonly nameVi: string
}

/**
 * Returns the areas that a text names, by their own name or by the name of a former ward. The kind of place must come
 * before the name (`phường Võ Thị Sáu`, `p.5`): the name alone is often a street's.
 */
export function areasNamed(text: string, areas: readonly NamedArea[]): readonly string[] {
  const words = ` ${placeWords(text)} `
  return areas
    .filter(({ id, nameVi }) => {
      const names = [
        nameVi,
        ...FORMER_WARDS.flatMap((ward) => (ward.heirs.includes(id) ? [ward.nameVi] : [])),
      ]
      return names.some((name) => says(words, placeWords(name)))
    })
    .map(({ id }) => id)
}

/** Tells whether a text says a name with a kind of place before it; wards and communes are often taken for each other. */
const says = (text: string, name: string): boolean => {
  const own = ownWords(name)
  return own === name
    ? text.includes(` ${name} `)
    : KIND_NAMES.some((kind) => kind !== 'quan' && text.includes(` ${kind} ${own} `))
}
