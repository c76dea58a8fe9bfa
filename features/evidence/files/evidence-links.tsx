import { getTranslations } from 'next-intl/server'
import { Button } from '#components/ui/button.tsx'
import { Details } from '#components/ui/details.tsx'
import type { EvidenceItem } from './rules.ts'

/** Renders the links to a file. The copy opens in a new tab, so that nothing typed or chosen on this page is lost. */
export async function EvidenceLinks({
  item,
  original,
}: {
  readonly item: EvidenceItem
  /** Also offers the original, to be saved. */
  readonly original: boolean | 'second press'
}) {
  const t = await getTranslations('evidence.list')
  const name = item.fileName ?? t('unnamed')
  if (item.closed !== null) return null
  const look = 'inline-flex min-h-11 items-center text-sm'
  return (
    <>
      {item.view === null ? null : (
        <a className={look} href={`/api/evidence/${item.id}`} target="_blank" rel="noopener">
          <span aria-hidden="true">{t('open')}</span>
          <span className="sr-only">{t('openWhich', { name })}</span>
        </a>
      )}
      {original === 'second press' ? (
        <div className="w-full text-sm">
          <Details summary={t('originalWhich', { name })}>
            <p>{t('originalMeans')}</p>
            <form method="post" action={`/api/evidence/${item.id}/original`}>
              <Button look="quiet" size="small">
                {t('originalPress')}
              </Button>
            </form>
          </Details>
        </div>
      ) : original ? (
        <a className={look} href={`/api/evidence/${item.id}/original`}>
          <span aria-hidden="true">{t('original')}</span>
          <span className="sr-only">{t('originalWhich', { name })}</span>
        </a>
      ) : null}
    </>
  )
}
