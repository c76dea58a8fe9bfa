import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { type AccountRow, allAccounts } from '#server/accounts/loaders.ts'
import { requireStaff } from '#server/entry/session.ts'
import { policeAreas } from '#server/reference/loaders.ts'
import { agencies } from '#server/survey/loaders/rating.ts'
import { nameOf } from '../name-of.ts'
import { StepUpField } from '../step-up-field.tsx'
import { resetAction, setActiveAction } from './actions.ts'
import { InviteForm } from './invite-form.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('admin'))('accounts.title') }
}

export default async function AccountsPage() {
  const staff = await requireStaff('account:manage')
  const [t, accounts, areas, rated] = await Promise.all([
    getTranslations('admin'),
    allAccounts(),
    policeAreas(),
    agencies(new Date()),
  ])
  const rows = accounts.map(async (account) => ({
    key: account.id,
    cells: {
      name: account.name,
      email: account.email,
      role: [
        t(`role.${account.role}`),
        await nameOf(areas, account.areaId),
        await nameOf(rated, account.agencyId),
      ]
        .filter(Boolean)
        .join(', '),
      state: <State account={account} />,
      act: account.id === staff.id ? null : <Acts account={account} />,
    },
  }))
  return (
    <div className="stack-l">
      <PageHeader title={t('accounts.title')} />
      <InviteForm areas={areas} agencies={rated} />
      <Table
        caption={t('accounts.list')}
        columns={[
          { key: 'name', label: t('accounts.name') },
          { key: 'email', label: t('accounts.email') },
          { key: 'role', label: t('accounts.role') },
          { key: 'state', label: t('accounts.state') },
          { key: 'act', label: t('accounts.act') },
        ]}
        rows={await Promise.all(rows)}
      />
    </div>
  )
}

async function State({ account }: { readonly account: AccountRow }) {
  const t = await getTranslations('admin.accounts')
  if (!account.active) return <Tag tone="bad">{t('state_disabled')}</Tag>
  return account.canSignIn ? (
    <Tag tone="ok">{t('state_active')}</Tag>
  ) : (
    <Tag tone="wait">{t('state_invited')}</Tag>
  )
}

function Acts({ account }: { readonly account: AccountRow }) {
  return (
    <>
      {account.active ? <Reset account={account} /> : null}
      <Switch account={account} />
    </>
  )
}

/** Its answer shows the new link, once. */
async function Reset({ account }: { readonly account: AccountRow }) {
  const t = await getTranslations('admin.accounts')
  return (
    <details className="more text-left">
      <summary>
        {t('reset')}
        <span className="sr-only"> {account.name}</span>
      </summary>
      <ActionForm action={resetAction} scope={`reset-${account.id}`} className="stack max-w-72 pt-1 pb-2">
        <HiddenField name="accountId" value={account.id} />
        <p className="text-[0.9rem] text-soft">{t('reset_does')}</p>
        <StepUpField />
        <SubmitButton look="quiet" size="small">
          {t('reset')}
          <span className="sr-only"> {account.name}</span>
        </SubmitButton>
      </ActionForm>
    </details>
  )
}

async function Switch({ account }: { readonly account: AccountRow }) {
  const t = await getTranslations('admin.accounts')
  const act = account.active ? 'disable' : 'enable'
  return (
    <details className="more text-left">
      <summary>
        {t(act)}
        <span className="sr-only"> {account.name}</span>
      </summary>
      <ActionForm action={setActiveAction} scope={`account-${account.id}`} className="stack pt-1 pb-2">
        <HiddenField name="accountId" value={account.id} />
        <HiddenField name="active" value={account.active ? 'no' : 'yes'} />
        <p className="max-w-72 text-[0.9rem] text-soft">{t(`${act}_does`)}</p>
        <StepUpField />
        <SubmitButton look="quiet" size="small">
          {t(act)}
          <span className="sr-only"> {account.name}</span>
        </SubmitButton>
      </ActionForm>
    </details>
  )
}
