import { getTranslations } from 'next-intl/server'
import { Notice } from '#components/ui/notice.tsx'

/**
 * Says whose words stand in the fields below, which the provider has filled in, and that they can be changed.
 */
export async function KnownFrom({ name }: { readonly name: string }) {
  const t = await getTranslations('identity.offer')
  return (
    <Notice tone="info">
      <p>{t('known', { name })}</p>
    </Notice>
  )
}

/** Tells a person who reports while signed in where the case will stand. */
export async function ListedWhenSent({ name }: { readonly name: string }) {
  const t = await getTranslations('identity.offer')
  return (
    <Notice tone="info">
      <p>{t('reporting', { name })}</p>
    </Notice>
  )
}
