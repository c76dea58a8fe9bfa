import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'

/** Shows who runs this, the standing pages, and the number that always helps. */
export async function Footer() {
  const t = await getTranslations('common.footer')
  return (
    <footer className="print-hidden border-t border-line py-7 text-sm text-soft">
      <div className="wrap flex flex-wrap items-center gap-x-8 gap-y-1">
        <span className="w-full lg:w-auto">{t('about')}</span>
        <Link className="py-1.5" href="/check">
          {t('check')}
        </Link>
        <Link className="py-1.5" href="/blocked">
          {t('blocked')}
        </Link>
        <Link className="py-1.5" href="/ledger">
          {t('ledger')}
        </Link>
        <Link className="py-1.5" href="/figures">
          {t('figures')}
        </Link>
        <Link className="py-1.5" href="/questions">
          {t('questions')}
        </Link>
        <Link className="py-1.5" href="/help">
          {t('help')}
        </Link>
        <Link className="py-1.5" href="/privacy">
          {t('privacy')}
        </Link>
        <Link className="py-1.5" href="/accessibility">
          {t('accessibility')}
        </Link>
        <Link className="py-1.5" href="/security">
          {t('security')}
        </Link>
        <Link className="py-1.5" href="/results/data">
          {t('data')}
        </Link>
        <Link className="py-1.5" href="/sign-in">
          {t('staff')}
        </Link>
        <a className="py-1.5 font-semibold" href="tel:113">
          {t('emergency')}
        </a>
      </div>
    </footer>
  )
}
