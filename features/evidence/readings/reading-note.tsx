import { getTranslations } from 'next-intl/server'
import { Notice } from '#components/ui/notice.tsx'
import { Imei } from '#components/ui/num.tsx'
import { Tag } from '#components/ui/tag.tsx'
import type { ComparedReading, ProofReading } from './rules.ts'

export async function ReadingNote({ reading }: { readonly reading: ComparedReading | undefined }) {
  const t = await getTranslations('evidence.reading')
  if (reading === undefined) return null
  const { outcome, says, found, pages, pagesRead } = reading
  const ended = outcome ?? 'unread'
  return (
    <div className="text-sm" data-reading={ended === 'read' ? says : ended}>
      {says === 'differs' ? (
        <Tag tone="wait">{t('differs')}</Tag>
      ) : (
        <p className="text-soft">{t(ended === 'read' ? says : ended)}</p>
      )}
      {found.length === 0 ? null : (
        <ul className="list-none">
          {found.map(({ imei, page, method }) => (
            <li key={`${page} ${imei}`}>
              <Imei value={imei} />{' '}
              <span className="text-soft">
                {t(method)}
                {(pages ?? 1) > 1 ? `, ${t('page', { page })}` : null}
              </span>
            </li>
          ))}
        </ul>
      )}
      {pages !== null && pagesRead !== null && pagesRead < pages ? (
        <p className="text-soft">{t('pages', { read: pagesRead, pages })}</p>
      ) : null}
    </div>
  )
}

/** Warns the second decider while a file is unread: otherwise nothing would tell them of another phone on it. */
export async function UnreadWarning({ reading }: { readonly reading: ProofReading }) {
  const count = reading.files.filter(({ outcome }) => outcome === null).length
  if (count === 0) return null
  const t = await getTranslations('evidence.reading')
  return <Notice title={t('waits', { count })} />
}
