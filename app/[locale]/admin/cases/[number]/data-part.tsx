import { getLocale, getTranslations } from 'next-intl/server'
import { Card } from '#components/ui/card.tsx'
import { Num } from '#components/ui/num.tsx'
import { Tag } from '#components/ui/tag.tsx'
import type { CaseSnapshot } from '#features/cases/record/snapshot-rules.ts'
import { formatInstant } from '#messages/dates.ts'

export async function ErasedFile({ snapshot }: { readonly snapshot: CaseSnapshot }) {
  const [t, words, language] = await Promise.all([
    getTranslations('case-data.erased'),
    getTranslations('case-staff'),
    getLocale(),
  ])
  const at = snapshot.erasedAt ?? snapshot.stateSince
  const date = formatInstant(language === 'en' ? 'en' : 'vi', at, 'date')
  return (
    <div
      className="stack-l"
      data-case-status={snapshot.state}
      data-case-number={snapshot.number}
      data-case-erased
    >
      <h1 className="text-2xl sm:text-3xl">
        <span className="block text-sm font-normal text-soft">{words('page.kicker')}</span>
        <Num value={snapshot.number} copy className="flex-wrap" />
      </h1>
      <p>
        <Tag>{words(`state.${snapshot.state}`)}</Tag>
      </p>
      <Card>
        <h2>{t('title')}</h2>
        <p>{t('text', { date })}</p>
      </Card>
    </div>
  )
}
