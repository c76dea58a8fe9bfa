import { getTranslations } from 'next-intl/server'
import { Notice } from '#components/ui/notice.tsx'
import { Time } from '#components/ui/time.tsx'
import { Written } from '#components/ui/written.tsx'
import type { listShownBreaks } from './data.ts'

export async function StatedBreaks({
  breaks,
}: {
  readonly breaks: Awaited<ReturnType<typeof listShownBreaks>>
}) {
  if (breaks.length === 0) return null
  const t = await getTranslations('audit.breaks')
  return (
    <Notice title={t('title')}>
      <ul className="stack list-none">
        {breaks.map(({ history, ended, from, lost, at, reason }) => (
          <li key={history} data-audit-break={history} data-audit-lost={lost}>
            <Time at={at} form="moment" />: {t('line', { ended, from, lost })} {t('reason')}{' '}
            <Written>{reason}</Written>
          </li>
        ))}
      </ul>
    </Notice>
  )
}
