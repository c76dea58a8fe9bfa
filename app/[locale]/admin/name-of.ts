import { getLocale, getTranslations } from 'next-intl/server'

export async function nameStaff(
  all: readonly {
    readonly id: string
    readonly nameVi: string
    readonly nameEn: string
    readonly ended?: boolean
  }[],
  id: string | null,
): Promise<string | null> {
  const one = all.find((other) => other.id === id)
  if (!one) return null
  const name = (await getLocale()) === 'en' ? one.nameEn : one.nameVi
  return one.ended ? (await getTranslations('admin'))('ended', { name }) : name
}
