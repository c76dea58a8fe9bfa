import { getLocale, getTranslations } from 'next-intl/server'
import { Select } from '#components/form/choices.tsx'
import { isInWaitingPeriod, type WaitingAccount } from '#features/accounts/rules.ts'
import type { StaffRole } from '#lib/access/roles.ts'
import { formatDate, formatInstant } from '#messages/dates.ts'

export interface Colleague extends WaitingAccount {
  readonly id: string
  readonly name: string
  readonly role: StaffRole
  /** The last local day of a present absence. */
  readonly absentUntil: string | null
  readonly load: { readonly open: number; readonly waiting: number; readonly overdue: number }
}

/**
 * Renders the choice of colleagues with their role and load. Colleagues who take no cases now are listed too, with the time from
 * which they do.
 */
export async function Colleagues({ colleagues }: { readonly colleagues: readonly Colleague[] }) {
  const [t, roles, lang] = await Promise.all([
    getTranslations('case-staff.decision'),
    getTranslations('admin.role'),
    getLocale(),
  ])
  const now = new Date()
  const locale = lang === 'en' ? 'en' : 'vi'
  const optionOf = ({ id, name: bare, role, decidesFrom, absentUntil, load }: Colleague) => {
    const name = t('colleague_is', { name: bare, role: roles(role) })
    if (isInWaitingPeriod({ decidesFrom }, now)) {
      const time = formatInstant(locale, decidesFrom, 'stamp')
      return { value: id, label: t('colleague_from', { name, time }), disabled: true }
    }
    if (absentUntil !== null) {
      const date = formatDate(locale, absentUntil)
      return { value: id, label: t('colleague_absent', { name, date }), disabled: true }
    }
    return { value: id, label: t('colleague_load', { name, ...load, open: load.open - load.waiting }) }
  }
  return (
    <Select
      name="assigneeId"
      label={t('colleague')}
      placeholder={t('colleague_none')}
      options={colleagues.map(optionOf)}
    />
  )
}
