import { getTranslations } from 'next-intl/server'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Icon } from '#components/ui/icon.tsx'
import type { EvidenceItem } from '#domain/evidence/item.ts'

/** The proofs side by side, large enough to read; each opens whole, and the original can be saved. */
export async function EvidenceFiles({ files }: { readonly files: readonly EvidenceItem[] }) {
  const t = await getTranslations('evidence')
  if (files.length === 0) return <EmptyState title={t('list.empty')} />
  return (
    <ul className="grid grid-cols-[repeat(auto-fit,minmax(13rem,1fr))] gap-4">
      {files.map((file) => (
        <li key={file.id} className="min-w-0 space-y-1.5" data-evidence={file.id}>
          <Preview file={file} />
          <p className="font-semibold">{t(`short.${file.kind}`)}</p>
          <p className="wrap-anywhere text-[0.85rem] text-soft">{file.fileName ?? t('list.unnamed')}</p>
          <p>
            <a href={`/api/evidence/${file.id}/original`} download>
              {t('list.original')}
              <span className="sr-only"> {file.fileName ?? t('list.unnamed')}</span>
            </a>
          </p>
        </li>
      ))}
    </ul>
  )
}

async function Preview({ file }: { readonly file: EvidenceItem }) {
  const t = await getTranslations('evidence.list')
  if (file.view === null) {
    return (
      <div className="grid aspect-4/3 place-items-center rounded-part border border-line bg-paper text-soft">
        <Icon name="file" size={36} />
      </div>
    )
  }
  return (
    <a href={`/api/evidence/${file.id}`} className="block">
      {/* biome-ignore lint/performance/noImgElement: sealed files are served to their reader alone, never through an optimiser */}
      <img
        src={`/api/evidence/${file.id}`}
        width={file.view.width}
        height={file.view.height}
        alt={t('openWhich', { name: file.fileName ?? t('unnamed') })}
        loading="lazy"
        className="aspect-4/3 h-auto w-full rounded-part border border-line bg-paper object-contain"
      />
    </a>
  )
}
