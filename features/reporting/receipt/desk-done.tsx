import { getLocale, getTranslations } from 'next-intl/server'
import { Button } from '#components/ui/button.tsx'
import { sentFrom } from '#messages/sender.ts'

/** Clears a person's draft and receipt from the desk's computer; the report stays, and the officer stays signed in. */
export async function DeskDone({ hint }: { readonly hint: string }) {
  const [t, locale] = await Promise.all([getTranslations('report.desk'), getLocale()])
  return (
    <form method="post" action={sentFrom(locale, '/api/report/end')} className="stack print-hidden">
      <p className="text-soft">{hint}</p>
      <Button look="quiet">{t('done')}</Button>
    </form>
  )
}
