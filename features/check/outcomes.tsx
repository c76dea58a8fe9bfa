import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'

export async function Reported() {
  const t = await getTranslations('check.reported')
  return (
    <Notice tone="bad" title={t('title')}>
      <p>{t('text')}</p>
      <div className="prose">
        <ul>
          <li>{t('buying')}</li>
          <li>{t('holding')}</li>
          <li>
            {t.rich('bought', {
              link: (words) => <Link href="/blocked">{words}</Link>,
            })}
          </li>
        </ul>
      </div>
    </Notice>
  )
}

export async function NotReported() {
  const t = await getTranslations('check.notReported')
  return (
    <Notice tone="info" title={t('title')}>
      <p>{t('text')}</p>
      <div className="prose">
        <ul>
          <li>{t('late')}</li>
          <li>{t('elsewhere')}</li>
          <li>{t('changed')}</li>
        </ul>
      </div>
    </Notice>
  )
}
