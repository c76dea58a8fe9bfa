import { getTranslations } from 'next-intl/server'
import { Notice } from '#components/ui/notice.tsx'
import { Written } from '#components/ui/written.tsx'
import type { CaseFileView } from '#features/cases/file/page-data.ts'

/** Shows the words of the colleague who gave the case on, until somebody has gone on with it. */
export async function HandOver({ view: { events, names } }: { readonly view: CaseFileView }) {
  const [last] = events.toSorted((a, b) => b.seq - a.seq)
  if (last?.move !== 'reassign' || !last.words.note) return null
  const t = await getTranslations('case-staff')
  return (
    <Notice tone="info" title={t('page.handed_over', { name: names.get(last.actorId ?? '') ?? '' })}>
      <p className="whitespace-pre-line" data-hand-over>
        <Written>{last.words.note}</Written>
      </p>
    </Notice>
  )
}
