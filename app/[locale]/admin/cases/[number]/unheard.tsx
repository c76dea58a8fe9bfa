import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import type { CaseFileView } from '#features/cases/file/page-data.ts'
import { decisionOf } from '#features/cases/letters/rules.ts'

export async function Unheard({ view }: { readonly view: CaseFileView }) {
  const { number, unheardSeq } = view.snapshot
  const event = view.events.find(({ seq }) => seq === unheardSeq)
  const kind = event ? decisionOf(event.move) : null
  if (!event || kind === null) return null
  const t = await getTranslations('decision-letter.page')
  const params = { number, seq: String(event.seq) }
  return (
    <div data-unheard={event.seq}>
      <Notice title={t('unheard')}>
        <p>{t('unheard_text', { kind: t(`kind.${kind}`) })}</p>
        <p>
          <Link href={{ pathname: '/admin/cases/[number]/letters/[seq]', params }}>{t('unheard_link')}</Link>
        </p>
      </Notice>
    </div>
  )
}
