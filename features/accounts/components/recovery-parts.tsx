import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { ButtonLink } from '#components/ui/button.tsx'
import { PrintButton } from '#components/ui/print-button.tsx'
import type { Route } from '#messages/paths.ts'
import { RecoveryCodes } from './recovery-codes.tsx'

/** Shows recovery codes once a form has made them, to be printed or copied by hand; then leads on to `next`. */
export async function RecoveryAnswer({
  next,
  children,
}: {
  readonly next: Route
  /** The content of the form before there are any codes. */
  readonly children: ReactNode
}) {
  const t = await getTranslations('sign-in.recovery')
  return (
    <RecoveryCodes
      before={children}
      lead={
        <div className="stack" role="status">
          <h1>{t('title')}</h1>
          <p>{t('lead')}</p>
        </div>
      }
      after={
        <p className="actions print-hidden">
          <ButtonLink href={next}>{t('written')}</ButtonLink>
          <PrintButton>{t('print')}</PrintButton>
        </p>
      }
    />
  )
}
