import { getTranslations } from 'next-intl/server'
import type { Route } from '#messages/paths.ts'
import { ButtonLink } from './button.tsx'

/** Renders the previous and next links of a keyset-paged list, which has no page numbers. */
export async function Pagination({ previous, next }: { readonly previous?: Route; readonly next?: Route }) {
  if (previous === undefined && next === undefined) return null
  const t = await getTranslations('common')
  return (
    <nav aria-label={t('pages')} className="print-hidden flex flex-wrap justify-between gap-3">
      {previous === undefined ? (
        <span />
      ) : (
        <ButtonLink href={previous} rel="prev" look="quiet" size="small" icon="back">
          {t('previous')}
        </ButtonLink>
      )}
      {next === undefined ? null : (
        <ButtonLink href={next} rel="next" look="quiet" size="small" icon="next">
          {t('next')}
        </ButtonLink>
      )}
    </nav>
  )
}
