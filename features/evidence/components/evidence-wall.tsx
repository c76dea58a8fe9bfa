import { getTranslations } from 'next-intl/server'
import { Icon } from '#components/ui/icon.tsx'
import { Tag } from '#components/ui/tag.tsx'
import type { EvidenceItem } from '../rules/item.ts'
import type { ComparedReading } from '../rules/reading.ts'
import { EvidenceLinks } from './evidence-links.tsx'
import { ItemWords } from './evidence-list.tsx'
import { ReadingNote } from './reading-note.tsx'

export interface SameFileMark {
  readonly evidenceId: string
  /** The other cases' numbers that the reader may open. */
  readonly numbers: readonly string[]
  /** The number of other cases in all. */
  readonly cases: number
}

export interface EvidenceWallProps {
  readonly items: readonly EvidenceItem[]
  /** Files that were used in another case as well. */
  readonly same?: readonly SameFileMark[]
  /** Holds what a machine read in them. */
  readonly readings?: readonly ComparedReading[]
}

/** Renders the police's view: pictures side by side and large enough to read, each with what is known of it. */
export async function EvidenceWall({ items, same = [], readings = [] }: EvidenceWallProps) {
  const t = await getTranslations('evidence.list')
  if (items.length === 0) return <p className="text-soft">{t('empty')}</p>
  return (
    <div className="@container">
      <ul className="grid list-none gap-4 @md:grid-cols-2">
        {items.map((item) => (
          <li
            key={item.id}
            data-evidence={item.id}
            className="flex max-w-none flex-col overflow-hidden rounded-part border border-line bg-card only:col-span-full"
          >
            <Picture item={item} />
            <div className="p-3">
              <ItemWords item={item} />
              <SameFile mark={same.find((mark) => mark.evidenceId === item.id)} />
              <ReadingNote reading={readings.find((one) => one.evidenceId === item.id)} />
              <div className="flex flex-wrap gap-x-5">
                <EvidenceLinks item={item} original />
              </div>
            </div>
          </li>
        ))}
      </ul>
    </div>
  )
}

async function Picture({ item }: { readonly item: EvidenceItem }) {
  const t = await getTranslations('evidence')
  const frame = 'flex h-64 items-center justify-center bg-teal-wash text-teal'
  if (item.view === null) {
    return (
      <span className={frame}>
        <Icon name="file" size={48} />
      </span>
    )
  }
  const alt = t('list.alt', {
    kind: t(`short.${item.kind}`),
    name: item.fileName ?? t('list.unnamed'),
  })
  return (
    <a className={frame} href={`/api/evidence/${item.id}`} target="_blank" rel="noopener">
      {/* biome-ignore lint/performance/noImgElement: the optimiser fetches as nobody, and may not see it */}
      <img
        src={`/api/evidence/${item.id}`}
        alt={alt}
        width={item.view.width}
        height={item.view.height}
        loading="lazy"
        className="size-full object-contain"
      />
    </a>
  )
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
