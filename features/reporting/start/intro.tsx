import { getLocale, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { signInAddress } from '#features/citizens/sign-in-offers.tsx'
import { pathFor } from '#messages/paths.ts'

/** Explains what a report needs, and other ways in. `signInWith`: name of the sign-in provider for citizens. */
export async function Intro({ signInWith }: { readonly signInWith: string | null }) {
  const [t, offer, locale] = await Promise.all([
    getTranslations('report.intro'),
    getTranslations('identity.offer'),
    getLocale(),
  ])
  return (
    <div className="stack text-sm text-soft">
      <p>{t('lead')}</p>
      <p>
        {t.rich('resume', {
          link: (words) => <Link href="/track/find">{words}</Link>,
        })}
      </p>
      {signInWith === null ? null : (
        <p>
          {offer.rich('report', {
            name: signInWith,
            link: (words) => (
              <a href={signInAddress(pathFor(locale, '/report'))} rel="nofollow">
                {words}
              </a>
            ),
          })}
        </p>
      )}
    </div>
  )
}
