import { getTranslations } from 'next-intl/server'
import { Details } from '#components/ui/details.tsx'

const bold = (words: React.ReactNode) => <b>{words}</b>

/** Returns a tag that links to another site's page: it opens beside this one, which holds what is typed. */
const outside = (href: string) => (words: React.ReactNode) => (
  <a href={href} target="_blank" rel="noreferrer">
    {words}
  </a>
)

/** Shows where the IMEI stands when the phone is gone, and what to do when it stands nowhere. */
export async function ImeiHelp() {
  const t = await getTranslations('report.phone')
  return (
    <div className="stack">
      <Details summary={t('help')}>
        <ul>
          <li>{t.rich('helpBox', { b: bold })}</li>
          <li>{t.rich('helpBill', { b: bold })}</li>
          <li>{t.rich('helpGoogle', { google: outside('https://www.google.com/android/find') })}</li>
          <li>{t.rich('helpApple', { apple: outside('https://account.apple.com/account/manage') })}</li>
          <li>{t.rich('helpDial', { b: bold })}</li>
        </ul>
      </Details>
      <Details summary={t('lostImei')}>
        <p>{t('lostImeiText')}</p>
        <ul>
          <li>{t('lostImeiShop')}</li>
          <li>{t('lostImeiPolice')}</li>
        </ul>
      </Details>
    </div>
  )
}
