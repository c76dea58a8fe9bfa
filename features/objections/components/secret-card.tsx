import { getTranslations } from 'next-intl/server'
import { Card } from '#components/ui/card.tsx'
import { CopyButton } from '#components/ui/copy-button.tsx'
import { Num } from '#components/ui/num.tsx'

/** Shows number and secret, to be kept: only to the browser that sent the objection, and for a day. */
export async function SecretCard({ number, secret }: { readonly number: string; readonly secret: string }) {
  const [t, words] = await Promise.all([getTranslations('objection.receipt'), getTranslations('common')])
  return (
    <Card className="stack">
      <h2>{t('title')}</h2>
      <p>{t('text')}</p>
      <div>
        <p className="text-soft">{t('number')}</p>
        <p className="text-xl font-semibold" data-objection-number={number}>
          <Num value={number} copy className="flex-wrap" />
        </p>
      </div>
      <div>
        <p className="text-soft">{t('secret')}</p>
        <p className="flex flex-wrap items-center gap-2 text-lg font-semibold">
          <span className="num whitespace-normal" data-objection-secret={secret}>
            {secret}
          </span>
          <CopyButton value={secret} label={words('copy')} done={words('copied')} />
        </p>
      </div>
      <p className="text-sm text-soft">{t('day')}</p>
    </Card>
  )
}
