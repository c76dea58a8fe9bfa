import { getLocale, getTranslations } from 'next-intl/server'
import { Notice } from '#components/ui/notice.tsx'
import { listFoundForCase } from '#features/cases/found/page-data.ts'
import type { CaseScope } from '#lib/access/scope.ts'
import { formatInstant } from '#messages/dates.ts'

export async function FoundFlags({ scope, caseId }: { readonly scope: CaseScope; readonly caseId: string }) {
  const [t, locale, phones] = await Promise.all([
    getTranslations('found.flag'),
    getLocale(),
    listFoundForCase(scope, caseId),
  ])
  return phones.map(({ id, state, foundOn, place, custody, closedAt, handedOverBy }) => (
    <div key={id} data-found-state={state}>
      <Notice tone="info" title={t(state === 'returned' ? 'returned' : 'matched')}>
        <p>{t('text', { date: formatInstant(locale, foundOn, 'date'), place, custody })}</p>
        {handedOverBy && closedAt ? (
          <p>{t('handed_over', { name: handedOverBy, at: formatInstant(locale, closedAt, 'moment') })}</p>
        ) : null}
      </Notice>
    </div>
  ))
}
