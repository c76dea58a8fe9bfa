import { getLocale, getTranslations } from 'next-intl/server'
import { Tag } from '#components/ui/tag.tsx'
import type { AccountRow } from '#features/accounts/data.ts'
import { isInWaitingPeriod } from '#features/accounts/rules.ts'
import { formatInstant } from '#messages/dates.ts'

export async function AccountState({ account }: { readonly account: AccountRow }) {
  const [t, locale] = await Promise.all([getTranslations('admin.accounts'), getLocale()])
  if (!account.active) return <Tag tone="bad">{t('state_disabled')}</Tag>
  if (!account.canSignIn) return <Tag tone="wait">{t('state_invited')}</Tag>
  return isInWaitingPeriod(account, new Date()) ? (
    <Tag tone="wait">
      {t('state_waiting', {
        time: formatInstant(locale === 'en' ? 'en' : 'vi', account.decidesFrom, 'stamp'),
      })}
    </Tag>
  ) : (
    <Tag tone="ok">{t('state_active')}</Tag>
  )
}
