import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'

/**
 * Tells a person whose browser has no draft, or none any more, that nothing was kept or sent, and how to come back to it.
 * `days`: how long a draft is kept. Nothing is said of a report that was sent before: another page knows.
 */
export async function NoDraft({ days }: { readonly days: number }) {
  const t = await getTranslations('report')
  return (
    <div role="alert" data-no-draft>
      <Notice tone="bad" title={t('noDraft.title')}>
        <p>{t('noDraft.text', { days, leave: t('leave') })}</p>
        <p>
          {t.rich('noDraft.back', {
            resume: (words) => <Link href="/track/find">{words}</Link>,
            track: (words) => <Link href="/track">{words}</Link>,
          })}
        </p>
      </Notice>
    </div>
  )
}
