import { getLocale, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { monthLabel } from '#features/results/components/month-label.ts'
import { people, percent } from '#features/results/components/percent.ts'
import type { Month } from '#features/results/rules/month.ts'
import type { Facts } from '../rules/facts.ts'

/** Says a published month in a sentence. */
export async function NewestMonth({ month }: { readonly month: Facts & { readonly month: Month } }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('figures.newest')])
  return (
    <section className="stack" aria-labelledby="newest-month">
      <h2 id="newest-month">{t('title', { month: monthLabel(locale, month.month) })}</h2>
      <p>
        {t.rich('sentence', {
          b: (chunks) => <b className="num">{chunks}</b>,
          reported: people(locale, month.reported),
          blocked: people(locale, month.blocked),
          recovered: people(locale, month.recovered),
          share: month.share === null ? 'none' : percent(locale, month.share),
        })}
      </p>
      <p>
        <Link href="/figures">{t('all')}</Link>
      </p>
    </section>
  )
}
