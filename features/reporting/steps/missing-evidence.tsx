import { getLocale, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { maskContact } from '#features/cases/contacts/rules.ts'
import { formatInstant } from '#messages/dates.ts'
import type { FramedDraft } from './step-frame.tsx'

/** Shows what a draft without proof still needs, and how to come back with it. */
export async function MissingEvidence({ draft }: { readonly draft: FramedDraft }) {
  const [t, locale] = await Promise.all([getTranslations('report.review'), getLocale()])
  return (
    <Notice title={t('noEvidenceTitle')}>
      <p>
        {t('noEvidence', {
          until: formatInstant(locale, draft.expiresAt, 'moment'),
          contact: draft.resumeWith === null ? '' : maskContact(draft.resumeWith),
        })}
      </p>
      <p>
        <Link href={{ pathname: '/report/evidence', query: { from: 'review' } }}>{t('addEvidence')}</Link>
      </p>
    </Notice>
  )
}
