import { getLocale, getTranslations } from 'next-intl/server'
import { SearchBox } from '#components/ui/search-box.tsx'
import { SuggestingInput } from '#components/ui/suggesting-input.tsx'
import { pathFor } from '#messages/paths.ts'
import { searchExample } from './search-rules.ts'

export async function AgencySearch({ query }: { readonly query: string }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('survey.choose')])
  const words = { label: t('search'), hint: t('hint', { example: searchExample() }), find: t('find') }
  const action = pathFor(locale, '/rate')
  const field = (
    <SuggestingInput
      id="q"
      name="q"
      query={query}
      describedBy="q-hint"
      action={action}
      list={t('suggestions')}
      // The browser fills in its number.
      count={t.raw('suggested')}
    />
  )
  return <SearchBox action={action} query={query} field={field} {...words} />
}
