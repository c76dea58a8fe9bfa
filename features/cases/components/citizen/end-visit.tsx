import { getLocale, getTranslations } from 'next-intl/server'
import { Button } from '#components/ui/button.tsx'
import { sentFrom } from '#messages/sender.ts'

/** Leaves nothing on a borrowed device. A plain form: its answer clears the site's data, which an action can't. */
export async function EndVisit() {
  const [t, locale] = await Promise.all([getTranslations('case.page'), getLocale()])
  return (
    <form method="post" action={sentFrom(locale, '/api/case/end')} className="card stack print-hidden">
      <h2 className="text-lg md:text-xl">{t('endTitle')}</h2>
      <p className="text-sm text-soft">{t('endText')}</p>
      <Button look="quiet" icon="signOut">
        {t('end')}
      </Button>
    </form>
  )
}
