import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'

/** What it takes to report, before the first question. */
export async function Intro({ draftDays }: { readonly draftDays: number }) {
  const t = await getTranslations('report.intro')
  return (
    <div className="stack">
      <p className="text-[1.1rem]">{t('lead')}</p>
      <div className="card stack prose">
        <h2 className="text-[1.08rem]">{t('needTitle')}</h2>
        <ul>
          <li>{t('needImei')}</li>
          <li>{t('needProof', { days: draftDays })}</li>
          <li>{t('needId')}</li>
          <li>{t('needContact')}</li>
        </ul>
      </div>
      <p>
        {t.rich('resume', {
          link: (words) => <Link href="/report/resume">{words}</Link>,
        })}
      </p>
    </div>
  )
}
