import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Field } from '#components/form/field.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { PrintButton } from '#components/ui/print-button.tsx'
import { QrCode } from '#components/ui/qr-code.tsx'
import type { Route } from '#messages/paths.ts'
import { RecoveryCodes } from './recovery-codes.tsx'

export async function RecoveryAnswer({
  next,
  children,
}: {
  readonly next: Route
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

export async function TotpSecret({ uri, text }: { readonly uri: string; readonly text: string }) {
  const t = await getTranslations('sign-in.invitation')
  return (
    <div className="card grid items-center gap-x-8 gap-y-4 sm:grid-cols-[auto_minmax(0,1fr)]">
      <div className="w-fit overflow-hidden rounded-part border border-line">
        <QrCode value={uri} label={t('qr')} />
      </div>
      <div className="stack min-w-0">
        <p>
          <a href={uri}>{t('same_device')}</a>
        </p>
        <div>
          <p className="text-sm text-soft">{t('by_hand')}</p>
          <p className="text-lg tracking-wide tabular-nums" data-totp-secret={text}>
            {text.match(/.{1,4}/g)?.join(' ')}
          </p>
        </div>
      </div>
    </div>
  )
}

export function NewPassword({ again, ...first }: Readonly<Record<'label' | 'hint' | 'again', string>>) {
  const chosen = { type: 'password', autoComplete: 'new-password', width: 'medium' } as const
  return (
    <>
      <Field name="password" {...first} {...chosen} />
      <Field name="passwordAgain" label={again} {...chosen} />
    </>
  )
}
