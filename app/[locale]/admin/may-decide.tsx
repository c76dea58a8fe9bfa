import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { isInWaitingPeriod } from '#features/accounts/rules.ts'
import { currentStaff } from '#http/session.ts'
import { formatInstant } from '#messages/dates.ts'

/**
 * Renders forms that decide something. A person whose account is in its waiting period reads from when on
 * instead (ADR 44).
 */
export async function MayDecide({ children }: { readonly children: ReactNode }) {
  const [staff, t, locale] = await Promise.all([
    currentStaff(),
    getTranslations('admin.waiting'),
    getLocale(),
  ])
  if (!staff || !isInWaitingPeriod(staff, new Date())) return children
  return (
    <p className="text-soft" data-decides-from={staff.decidesFrom.toISOString()}>
      {t('here', { time: formatInstant(locale === 'en' ? 'en' : 'vi', staff.decidesFrom, 'moment') })}
    </p>
  )
}
