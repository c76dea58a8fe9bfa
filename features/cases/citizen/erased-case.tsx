import { getLocale, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { Num } from '#components/ui/num.tsx'
import { formatInstant } from '#messages/dates.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { EndVisit } from './end-visit.tsx'

export async function ErasedCase({
  snapshot: c,
  backupDays,
}: {
  readonly snapshot: CaseSnapshot
  readonly backupDays: number
}) {
  const [t, page, language] = await Promise.all([
    getTranslations('case.data'),
    getTranslations('case.page'),
    getLocale(),
  ])
  const date = c.erasedAt ? formatInstant(language === 'en' ? 'en' : 'vi', c.erasedAt, 'date') : ''
  return (
    <article className="stack-l" data-case-status={c.state} data-case-erased>
      <header className="stack">
        <p className="flex flex-wrap items-center gap-2 text-soft">
          {page('kicker')} <Num value={c.number} copy className="font-semibold text-ink" />
        </p>
        <h1>{t('erasedTitle')}</h1>
      </header>
      <div className="stack prose">
        <p>{t('erasedWhen', { date })}</p>
        <p>{t('erasedWhat')}</p>
        <p>{t('erasedLeft', { days: backupDays })}</p>
        <p>
          <Link href="/privacy">{t('notice')}</Link>
        </p>
      </div>
      <EndVisit />
    </article>
  )
}
