import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Table } from '#components/ui/table.tsx'
import { allAccounts } from '#server/accounts/loaders.ts'
import { requireStaff } from '#server/entry/session.ts'
import { carrierNames } from '#server/exchange/loaders/relay.ts'
import { policeAreas } from '#server/reference/loaders.ts'
import { agencies } from '#server/survey/loaders/rating.ts'
import { nameOf } from '../name-of.ts'
import { AccountState } from './account-state.tsx'
import { InviteForm } from './invite-form.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('admin'))('accounts.title') }
}

export default async function AccountsPage() {
  await requireStaff('account:manage')
  const [t, accounts, areas, rated, carriers] = await Promise.all([
    getTranslations('admin'),
    allAccounts(),
    policeAreas(),
    agencies(new Date()),
    carrierNames(),
  ])
  const rows = accounts.map(async (account) => ({
    key: account.id,
    cells: {
      name: (
        <Link href={{ pathname: '/admin/accounts/[account]', params: { account: account.id } }}>
          {account.name}
        </Link>
      ),
      email: account.email,
      role: [
        t(`role.${account.role}`),
        await nameOf(areas, account.areaId),
        await nameOf(rated, account.agencyId),
        carriers.find(({ id }) => id === account.carrierId)?.name,
      ]
        .filter(Boolean)
        .join(', '),
      state: <AccountState account={account} />,
    },
  }))
  return (
    <div className="stack-l">
      <PageHeader title={t('accounts.title')} />
      <InviteForm />
      <Table
        caption={t('accounts.list')}
        columns={(['name', 'email', 'role', 'state'] as const).map((key) => ({
          key,
          label: t(`accounts.${key}`),
        }))}
        rows={await Promise.all(rows)}
      />
    </div>
  )
}
