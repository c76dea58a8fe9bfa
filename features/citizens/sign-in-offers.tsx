import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Card } from '#components/ui/card.tsx'
import { Details } from '#components/ui/details.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { pathFor } from '#messages/paths.ts'

export const signInAddress = (to: string): string =>
  `/api/citizen/sign-in?${new URLSearchParams({ to }).toString()}`

async function SignInLink({
  name,
  to,
  look = 'quiet',
  size = 'normal',
}: {
  readonly name: string
  readonly to: string
  readonly look?: 'primary' | 'quiet'
  readonly size?: 'normal' | 'small'
}) {
  const t = await getTranslations('identity')
  return (
    <a className="button" data-look={look} data-size={size} href={signInAddress(to)} rel="nofollow">
      <Icon name="person" />
      {t('signInWith', { name })}
    </a>
  )
}

export async function ListOffer({ name, signedIn }: { readonly name: string; readonly signedIn: boolean }) {
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

export async function ReceiptOffer({
  name,
  to,
  stand,
  add,
}: {
  readonly name: string
  readonly to: string
  readonly stand: 'signed_out' | 'addable' | 'own' | 'taken'
  readonly add: ReactNode
}) {
  const t = await getTranslations('identity')
  if (stand === 'taken') return <p className="py-3 text-soft">{t('receipt.taken')}</p>
  if (stand === 'own')
    return (
      <p className="py-3" data-listed="true">
        {t('receipt.listed')} <Link href="/track/mine">{t('offer.mine')}</Link>
      </p>
    )
  return (
    <Details summary={t('receipt.title')} look="row">
      {stand === 'addable' ? (
        <>
          <p className="text-soft">{t('receipt.addText', { name })}</p>
          {add}
        </>
      ) : null}
      {stand === 'signed_out' ? (
        <>
          <p className="text-soft">{t('receipt.text', { name })}</p>
          <p>
            <SignInLink name={name} to={to} />
          </p>
        </>
      ) : null}
    </Details>
  )
}

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

export async function KnownFrom({ name }: { readonly name: string }) {
  const t = await getTranslations('identity.offer')
  return (
    <Notice tone="info">
      <p>{t('known', { name })}</p>
    </Notice>
  )
}

export async function ListedWhenSent({ name }: { readonly name: string }) {
  const t = await getTranslations('identity.offer')
  return (
    <Notice tone="info">
      <p>{t('reporting', { name })}</p>
    </Notice>
  )
}
