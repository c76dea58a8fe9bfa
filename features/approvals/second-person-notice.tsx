import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'

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
