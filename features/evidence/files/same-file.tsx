import { getTranslations } from 'next-intl/server'
import { Tag } from '#components/ui/tag.tsx'

export interface SameFileMark {
  readonly evidenceId: string
  readonly numbers: readonly string[]
  readonly cases: number
}

export async function SameFile({ mark }: { readonly mark: SameFileMark | undefined }) {
  const t = await getTranslations('evidence.list')
  if (mark === undefined) return null
  return (
    <p data-same-file={mark.cases}>
      <Tag tone="bad">{t('same', { count: mark.cases })}</Tag>{' '}
      <span className="num">{mark.numbers.join(', ')}</span>
    </p>
  )
}
