import { getLocale, getTranslations } from 'next-intl/server'
import { Icon } from '#components/ui/icon.tsx'
import { fileSize } from '#lib/file-size.ts'
import { formatInstant } from '#messages/dates.ts'
import { ReadingNote } from '../readings/reading-note.tsx'
import type { ComparedReading } from '../readings/rules.ts'
import type { EvidenceItem } from './rules.ts'
import { SameFile, type SameFileMark } from './same-file.tsx'

/** Renders the list of proofs before they are opened, and marks those that were used in other cases. */
export async function EvidenceClosed({
  items,
  same,
  readings = [],
}: {
  readonly items: readonly EvidenceItem[]
  readonly same: readonly SameFileMark[]
  /** A machine's readings of the files, without digits. */
  readonly readings?: readonly ComparedReading[]
}) {
  const [t, locale] = await Promise.all([getTranslations('evidence'), getLocale()])
  if (items.length === 0) return <p className="text-soft">{t('list.empty')}</p>
  return (
    <ul className="stack list-none">
      {items.map((item) => (
        <li key={item.id} className="flex max-w-none gap-3">
          <span className="mt-0.5 text-teal">
            <Icon name="file" />
          </span>
          <div>
            <b>{t(`short.${item.kind}`)}</b>
            <p className="text-sm text-soft">
              {item.mediaType.split('/')[1]?.toUpperCase()} · {fileSize(item.byteSize, locale)} ·{' '}
              {formatInstant(locale, item.createdAt, 'date')}
            </p>
            {item.closed === null ? null : (
              <p className="text-sm" data-file-closed={item.closed}>
                {t(`list.${item.closed}`)}
              </p>
            )}
            <SameFile mark={same.find((mark) => mark.evidenceId === item.id)} />
            <ReadingNote reading={readings.find((one) => one.evidenceId === item.id)} />
          </div>
        </li>
      ))}
    </ul>
  )
}
