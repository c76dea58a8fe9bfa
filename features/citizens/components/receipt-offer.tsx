import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Details } from '#components/ui/details.tsx'
import { Link } from '#components/ui/link.tsx'
import { SignInLink } from './sign-in-link.tsx'

export interface ReceiptOfferProps {
  /** The provider, as people know it. */
  readonly name: string
  /** The receipt's own path. */
  readonly to: string
  readonly stand: 'signed_out' | 'addable' | 'own' | 'taken'
  /** The form that adds it, where it can be added. */
  readonly add: ReactNode
}

/** Says on the receipt that the case can stand in its person's list, or does. */
export async function ReceiptOffer({ name, to, stand, add }: ReceiptOfferProps) {
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
