import { getLocale } from 'next-intl/server'

interface Area {
  readonly id: string
  readonly nameVi: string
  readonly nameEn: string
}

/** A police area's name in the page's language; null where there is none. */
export async function areaName(areas: readonly Area[], id: string | null): Promise<string | null> {
  const area = areas.find((one) => one.id === id)
  if (!area) return null
  return (await getLocale()) === 'en' ? area.nameEn : area.nameVi
}
