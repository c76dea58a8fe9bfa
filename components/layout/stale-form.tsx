import { getTranslations } from 'next-intl/server'
import { currentPage } from '#messages/current.ts'
import { Notice } from '../ui/notice.tsx'

/** Renders a notice on a page that was opened anew because the form sent from it was an earlier version's. */
export async function Renewed() {
  const [t, page] = await Promise.all([getTranslations('common.renewed'), currentPage()])
  if (!page.staleForm) return null
  return (
    <div role="status" className="print-hidden mb-6 max-w-measure">
      <Notice title={t('title')}>
        <p>{t('text')}</p>
      </Notice>
    </div>
  )
}
