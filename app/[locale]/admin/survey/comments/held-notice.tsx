import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { COUNTED, HELD_DAYS, heldFor } from '#features/ratings/queries/comments.ts'
import type { StaffActor } from '#lib/access/actor.ts'

/** Shows how many comments wait for the survey manager, where any do; shows nothing to everybody else. */
export async function HeldNotice({ staff }: { readonly staff: StaffActor }) {
  const [t, waiting] = await Promise.all([
    getTranslations('survey-comments.held'),
    heldFor(staff, new Date()),
  ])
  if (waiting === null || waiting.held === 0) return null
  const { held, old } = waiting
  return (
    <div data-held-count={held} data-held-old={old}>
      <Notice tone="wait" title={t('count', { count: Math.min(held, COUNTED) })}>
        {old === 0 ? null : <p>{t('countOld', { count: Math.min(old, COUNTED), days: HELD_DAYS })}</p>}
        <p>
          <Link href="/admin/survey/comments/held">{t('open')}</Link>
        </p>
      </Notice>
    </div>
  )
}
