import { getLocale, getTranslations } from 'next-intl/server'
import { Button } from '#components/ui/button.tsx'
import { sentFrom } from '#messages/sender.ts'

/** Ends the report of a person at the desk on this computer; its officer stays signed in. */
export async function DeskDone({ hint }: { readonly hint: string }) {
  const [t, locale] = await Promise.all([getTranslations('report.desk'), getLocale()])
  return (
    <form method="post" action={sentFrom(locale, '/api/report/end')} className="stack print-hidden">
      <p className="text-soft">{hint}</p>
      <Button look="quiet">{t('done')}</Button>
    </form>
  )
}
