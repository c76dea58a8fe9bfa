import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'

/** Says in the place of a form that a person asked for this already, and where another one confirms it. */
export async function SecondPersonNotice({ name }: { readonly name: string }) {
  const t = await getTranslations('approvals')
  return (
    <Notice title={t('pending')}>
      <p>
        {t('pending_text', { name })} <Link href="/admin/approvals">{t('title')}</Link>
      </p>
    </Notice>
  )
}
