import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'

/** What to do when there is no such page or record. */
export async function Missing() {
  const t = await getTranslations('errors.missing')
  return (
    <div className="stack">
      <h1>{t('title')}</h1>
      <p>{t('text')}</p>
      <h2 className="pt-4">{t('next')}</h2>
      <div className="prose">
        <ul>
          <li>{t('case', { track: t('track') })}</li>
        </ul>
      </div>
      <p className="actions pt-2">
        <Link className="button" href="/track">
          {t('track')}
        </Link>
        <Link className="button" data-look="quiet" href="/report">
          {t('report')}
        </Link>
        <Link className="button" data-look="plain" href="/">
          {t('home')}
        </Link>
      </p>
    </div>
  )
}
