import { getLocale } from 'next-intl/server'

export interface Area {
  readonly nameVi: string
  readonly nameEn: string
}

/** Returns the name of a police area in a language; empty for an unknown area. */
export const nameOfArea = (area: Area | undefined, locale: string): string =>
  (locale === 'vi' ? area?.nameVi : area?.nameEn) ?? ''

export async function sayArea(areas: ReadonlyMap<string, Area>): Promise<(id: string | null) => string> {
  const locale = await getLocale()
  return (id) => nameOfArea(areas.get(id ?? ''), locale)
}
