import { getLocale, getTranslations } from 'next-intl/server'
import { Button } from '#components/ui/button.tsx'
import { sentFrom } from '#messages/sender.ts'

/** Leaves nothing on a borrowed device. A plain form: its answer clears the site's data, which an action can't. */
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
