import { getLocale, getTranslations } from 'next-intl/server'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { pathFor } from '#messages/paths.ts'
import { SignInLink } from './sign-in-link.tsx'

export interface Reader {
  /** The provider, as people know it. */
  readonly name: string
  readonly signedIn: boolean
}

/** Offers to keep one's cases in one place: beside the form that opens one. */
export async function ListOffer({ name, signedIn }: Reader) {
  const [t, locale] = await Promise.all([getTranslations('identity.offer'), getLocale()])
  return (
    <Card>
      <h2 className="text-lg">{t('title')}</h2>
      <p className="text-sm text-soft">{signedIn ? t('mineText', { name }) : t('text', { name })}</p>
      <p>
        {signedIn ? (
          <Link href="/track/mine">{t('mine')}</Link>
        ) : (
          <SignInLink name={name} to={pathFor(locale, '/track/mine')} size="small" />
        )}
      </p>
    </Card>
  )
}
