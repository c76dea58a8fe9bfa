import { getLocale, getTranslations } from 'next-intl/server'
import { SearchBox } from '#components/ui/search-box.tsx'
import { pathFor } from '#messages/paths.ts'

/** Renders the search for an agency by what people call it. */
export async function AgencySearch({ query }: { readonly query: string }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('survey.choose')])
  const words = { label: t('search'), hint: t('hint'), find: t('find') }
  return <SearchBox action={pathFor(locale, '/rate')} query={query} {...words} />
}
