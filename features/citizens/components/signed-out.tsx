import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { pathFor } from '#messages/paths.ts'
import { SignInLink } from './sign-in-link.tsx'

/** Shows the list's page to a person who is not signed in: what signing in is for, and the way without. */
export async function SignedOut({ name, said }: { readonly name: string; readonly said: ReactNode }) {
  const [t, locale] = await Promise.all([getTranslations('identity'), getLocale()])
  return (
    <div className="grid gap-x-16 gap-y-10 md:grid-cols-[minmax(0,38rem)_minmax(0,1fr)]">
      <div className="stack-l">
        <PageHeader title={t('title')} lead={t('out.lead', { name })} />
        {said}
        <p className="actions">
          <SignInLink name={name} to={pathFor(locale, '/track/mine')} look="primary" />
        </p>
        <p>
          {t('out.optional')} <Link href="/track">{t('out.without')}</Link>
        </p>
      </div>
      <aside className="stack">
        <Card>
          <h2 className="text-lg">{t('out.keptTitle')}</h2>
          <p className="text-sm text-soft">{t('out.keptText', { name })}</p>
        </Card>
      </aside>
    </div>
  )
}
