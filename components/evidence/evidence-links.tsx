import { getTranslations } from 'next-intl/server'
import type { EvidenceItem } from '#domain/evidence/item.ts'

/** To the copy, where there is one, beside the page; and to the file as it arrived, to be saved. */
export async function EvidenceLinks({ item }: { readonly item: EvidenceItem }) {
  const t = await getTranslations('evidence.list')
  const name = item.fileName ?? t('unnamed')
  const look = 'inline-flex min-h-11 items-center text-[0.92rem]'
  return (
    <>
      {item.view === null ? null : (
        <a className={look} href={`/api/evidence/${item.id}`} target="_blank" rel="noopener">
          <span aria-hidden="true">{t('open')}</span>
          <span className="sr-only">{t('openWhich', { name })}</span>
        </a>
      )}
      <a className={look} href={`/api/evidence/${item.id}/original`}>
        <span aria-hidden="true">{t('original')}</span>
        <span className="sr-only">{t('originalWhich', { name })}</span>
      </a>
    </>
  )
}
