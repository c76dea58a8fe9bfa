import { getTranslations } from 'next-intl/server'
import { currentPage } from '#messages/current.ts'
import { Notice } from '../ui/notice.tsx'

/** Renders a notice that the page was reloaded because its form was of an earlier version. */
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
