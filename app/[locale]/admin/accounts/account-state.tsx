import { getTranslations } from 'next-intl/server'
import { Tag } from '#components/ui/tag.tsx'
import type { AccountRow } from '#server/accounts/loaders.ts'

export async function AccountState({ account }: { readonly account: AccountRow }) {
  const t = await getTranslations('admin.accounts')
  if (!account.active) return <Tag tone="bad">{t('state_disabled')}</Tag>
  return account.canSignIn ? (
    <Tag tone="ok">{t('state_active')}</Tag>
  ) : (
    <Tag tone="wait">{t('state_invited')}</Tag>
  )
}
