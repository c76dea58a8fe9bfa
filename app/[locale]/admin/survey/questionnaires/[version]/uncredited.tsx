import { getLocale, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Written } from '#components/ui/written.tsx'
import { uncredited } from '#features/questionnaires/queries/suggestions.ts'
import type { StaffActor } from '#lib/access/actor.ts'

/**
 * Lists the suggestions that were accepted or are tried and name no version, and asks whether this version came of
 * them.
 */
export async function Uncredited({
  staff,
  version,
}: {
  readonly staff: StaffActor
  readonly version: number
}) {
  const [locale, t, open] = await Promise.all([
    getLocale(),
    getTranslations('survey-suggestions.uncredited'),
    uncredited(staff, version),
  ])
  if (open.length === 0) return null
  return (
    <div data-uncredited={open.length}>
      <Notice tone="info" title={t('title')}>
        <p>{t('text')}</p>
        <ul className="list-disc space-y-1 pl-5">
          {open.map(({ id, summaryVi, summaryEn }) => (
            <li key={id}>
              <Link href={{ pathname: '/admin/survey/suggestions/[suggestion]', params: { suggestion: id } }}>
                <Written>{(locale === 'en' && summaryEn) || summaryVi || ''}</Written>
              </Link>
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  )
}
