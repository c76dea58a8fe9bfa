import { getTranslations } from 'next-intl/server'
import { Notice } from '#components/ui/notice.tsx'
import { getAccountWaitHours, hasOtherAdmin } from '#features/accounts/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'

/** Tells a sole administrator who confirms their requests, and how to get a second one. */
export async function OneAdmin({ staff }: { readonly staff: StaffActor }) {
  if (await hasOtherAdmin(staff, new Date())) return null
  const t = await getTranslations('admin.accounts')
  return (
    <Notice tone="info" title={t('one_admin')}>
      <p>{t('one_admin_text', { hours: getAccountWaitHours() })}</p>
    </Notice>
  )
}
