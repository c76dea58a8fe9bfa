import { getTranslations } from 'next-intl/server'
import { Notice } from '#components/ui/notice.tsx'
import type { Instant } from '#lib/time.ts'
import { sayWhen } from '../standing/when.tsx'

/** Says that one carrier sees the IMEI in several phones, what stands meanwhile, and who answers by when. */
export async function SharedWordNotice({ due, now }: { readonly due: Instant; readonly now: Instant }) {
  const [t, say] = await Promise.all([getTranslations('case.shared_said'), sayWhen(now)])
  return (
    <Notice title={t('title')}>
      <p>{t(now > due ? 'late' : 'text', { time: say(due) })}</p>
    </Notice>
  )
}
