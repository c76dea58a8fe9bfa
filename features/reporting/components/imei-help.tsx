import { getTranslations } from 'next-intl/server'
import { BoxLabel } from './box-label.tsx'

const bold = (words: React.ReactNode) => <b>{words}</b>

/** Returns a tag that links to another site's page: it opens beside this one, which holds what is typed. */
const outside = (href: string) => (words: React.ReactNode) => (
  <a href={href} target="_blank" rel="noreferrer">
    {words}
  </a>
)

/** Shows where the IMEI stands when the phone is gone. */
export async function ImeiHelp() {
  const t = await getTranslations('report.phone')
  return (
    <section className="stack">
      <h2>{t('help')}</h2>
      <BoxLabel label={t('helpPicture')} />
      <p className="text-sm text-soft">{t('helpLabel')}</p>
      <ul className="list-none divide-y divide-line border-y border-line [&>li]:py-3">
        <li>{t.rich('helpBill', { b: bold })}</li>
        <li>
          {t.rich('helpAccount', {
            b: bold,
            google: outside('https://www.google.com/android/find'),
            apple: outside('https://account.apple.com/account/manage'),
          })}
        </li>
      </ul>
    </section>
  )
}
