import { getLocale, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { signInAddress } from '#features/citizens/components/sign-in-link.tsx'
import { pathFor } from '#messages/paths.ts'

export interface IntroProps {
  readonly draftDays: number
  /** The provider that citizens may sign in with; null where they cannot, or are. */
  readonly signInWith: string | null
}

/** Shows what it takes to report, before the first question. */
export async function Intro({ draftDays, signInWith }: IntroProps) {
  const [t, offer, locale] = await Promise.all([
    getTranslations('report.intro'),
    getTranslations('identity.offer'),
    getLocale(),
  ])
  return (
    <div className="stack">
      <p className="text-lg">{t('lead')}</p>
      <div className="card stack prose">
        {/* No heading: the page's own comes after it. */}
        <p className="text-lg leading-[1.22] font-semibold">{t('needTitle')}</p>
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
