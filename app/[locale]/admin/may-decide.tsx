import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { isInWaitingPeriod } from '#features/accounts/rules.ts'
import { currentStaff } from '#http/session.ts'
import { formatInstant } from '#messages/dates.ts'

/** Renders forms for decisions. A person in the account's waiting period sees when they can start to decide instead (ADR 44). */
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
