import { getLocale, getTranslations } from 'next-intl/server'
import { Button } from '#components/ui/button.tsx'
import { pathFor } from '#messages/paths.ts'

/** Renders a plain GET form: what was looked for is in the address, where it can be kept and shared. */
export async function AgencySearch({ query }: { readonly query: string }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('survey.choose')])
  return (
    <search>
      <form action={pathFor(locale, '/rate')} method="get" className="field">
        <label htmlFor="q">{t('search')}</label>
        <div className="hint" id="q-hint">
          {t('hint')}
        </div>
        <div className="flex gap-2">
          <input
            className="control"
            id="q"
            name="q"
            type="search"
            defaultValue={query}
            autoComplete="off"
            aria-describedby="q-hint"
          />
          <Button look="quiet">{t('find')}</Button>
        </div>
      </form>
    </search>
  )
}
