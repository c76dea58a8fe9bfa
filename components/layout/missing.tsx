import { getTranslations } from 'next-intl/server'
import { ButtonLink } from '#components/ui/button.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'

/** Says that there is no page at an address, and where to go on. */
export async function Missing({ staff = false }: { readonly staff?: boolean }) {
  const t = await getTranslations('errors.missing')
  if (staff)
    return (
      <div className="stack-l">
        <PageHeader title={t('title')} lead={t('staffText')} />
        <p className="actions">
          <ButtonLink href="/admin">{t('staffHome')}</ButtonLink>
        </p>
      </div>
    )
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('text')} />
      <section className="stack">
        <h2>{t('next')}</h2>
        <p>{t.rich('case', { track: (chunks) => <Link href="/track">{chunks}</Link> })}</p>
        <p className="actions pt-2">
          <ButtonLink href="/track">{t('track')}</ButtonLink>
          <ButtonLink href="/report" look="quiet">
            {t('report')}
          </ButtonLink>
          <ButtonLink href="/" look="plain">
            {t('home')}
          </ButtonLink>
        </p>
      </section>
    </div>
  )
}
