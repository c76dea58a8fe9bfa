import { getLocale, getTranslations } from 'next-intl/server'
import { Button } from '#components/ui/button.tsx'
import { sentFrom } from '#messages/sender.ts'

/** Renders the button that clears a borrowed device. A plain form: an action cannot clear the site's data. */
export async function EndButton() {
  const [t, locale] = await Promise.all([getTranslations('case.page'), getLocale()])
  return (
    <form method="post" action={sentFrom(locale, '/api/case/end')} className="whitespace-nowrap">
      <Button look="quiet" size="small">
        {t('end')}
      </Button>
    </form>
  )
}
