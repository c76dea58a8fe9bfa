import { getTranslations } from 'next-intl/server'
import { QrCode } from '#components/ui/qr-code.tsx'

/** Renders the secret of a second factor for an authenticator app: to be scanned, opened on the same device, or typed. */
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
