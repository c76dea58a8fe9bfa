import { getLocale, getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field } from '#components/form/field.tsx'
import { FoldedForm } from '#components/form/folded-form.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Button } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { Table } from '#components/ui/table.tsx'
import { readAccountPage } from '#features/accounts/data.ts'
import { allUnits } from '#features/areas/data.ts'
import { carrierNames } from '#features/exchange/carriers/data.ts'
import { listKnownAgencies } from '#features/ratings/rating/data.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'
import { pathFor } from '#messages/paths.ts'
import { MayDecide } from '../may-decide.tsx'
import { nameStaff } from '../name-of.ts'
import { StepUpField } from '../step-up-field.tsx'
import { AccountState } from './account-state.tsx'
import { inviteAction } from './actions.ts'
import { OneAdmin } from './one-admin.tsx'
import { PostFields } from './post-fields.tsx'

export const access = 'account:manage' satisfies Access

export const generateMetadata = titled('admin', 'accounts.title')

const text = (given: string | string[] | undefined): string => (typeof given === 'string' ? given.trim() : '')

export default async function AccountsPage({ searchParams }: PageProps<'/[locale]/admin/accounts'>) {
  const staff = await requireStaff(access)
  const query = await searchParams
  const sought = text(query.q)
  const locked = sought === '' && text(query.locked) === '1'
  const after = z.uuid().safeParse(text(query.after))
  const filter = sought === '' ? { active: !locked } : { sought }
  const [t, locale, page, areas, rated, carriers] = await Promise.all([
    getTranslations('admin'),
    getLocale(),
    readAccountPage(staff, filter, after.success ? after.data : null),
    allUnits(),
    listKnownAgencies(new Date()),
    carrierNames(),
  ])
  if (page === null) notFoundPage(locale)
  const posts = await Promise.all(
    page.accounts.map(async (account) => [
      t(`role.${account.role}`),
      await nameStaff(areas, account.unitId),
      await nameStaff(rated, account.agencyId),
      carriers.find(({ id }) => id === account.carrierId)?.name,
    ]),
  )
  return (
    <div className="list-page">
      <div className="list-head">
        <h1>{t('accounts.title')}</h1>
        <search aria-label={t('accounts.search')} className="list-end flex flex-wrap items-end gap-3">
          <form
            action={pathFor(locale, '/admin/accounts')}
            method="get"
            className="flex flex-wrap items-end gap-3"
          >
            <div className="field">
              <label htmlFor="accounts-q">{t('accounts.sought')}</label>
              <input
                className="control"
                id="accounts-q"
                name="q"
                type="search"
                placeholder={t('accounts.sought')}
                maxLength={100}
                defaultValue={sought}
                autoComplete="off"
              />
            </div>
            <Button look="quiet">{t('accounts.search')}</Button>
          </form>
          <p className="flex flex-wrap gap-x-4 py-1">
            {locked || sought !== '' ? <Link href="/admin/accounts">{t('accounts.in_use')}</Link> : null}
            {locked ? null : (
              <Link href={{ pathname: '/admin/accounts', query: { locked: '1' } }}>
                {t('accounts.locked')}
              </Link>
            )}
          </p>
        </search>
      </div>
      <MayDecide>
        <InviteForm />
      </MayDecide>
      {page.accounts.length === 0 ? (
        <EmptyState title={t('accounts.none')} />
      ) : (
        <Table
          captionHidden
          caption={t(sought !== '' ? 'accounts.found' : locked ? 'accounts.locked' : 'accounts.list')}
          columns={[
            {
              head: t('accounts.name'),
              cell: ({ id, name }) => (
                <Link href={{ pathname: '/admin/accounts/[account]', params: { account: id } }}>{name}</Link>
              ),
            },
            { head: t('accounts.email'), cell: ({ email }) => email },
            { head: t('accounts.role'), cell: (_, index) => posts[index]?.filter(Boolean).join(', ') },
            { head: t('accounts.state'), cell: (account) => <AccountState account={account} /> },
          ]}
          rows={page.accounts}
          keyOf={({ id }) => id}
        />
      )}
      <OneAdmin staff={staff} />
      {page.next === null ? null : (
        <Pagination
          next={{
            pathname: '/admin/accounts',
            query: { ...(sought && { q: sought }), ...(locked && { locked: '1' }), after: page.next },
          }}
        />
      )}
    </div>
  )
}

/** Renders the form that invites a person, folded. The link is sent by mail. */
async function InviteForm() {
  const t = await getTranslations('admin.accounts')
  return (
    <ActionForm action={inviteAction} className="stack">
      <FoldedForm summary={t('invite')}>
        <p>{t('invite_lead')}</p>
        <div className="grid gap-4 md:grid-cols-2">
          <Field name="name" label={t('name')} />
          <Field name="email" label={t('email')} type="email" />
          <PostFields />
        </div>
        <StepUpField kind="always" />
        <p className="actions">
          <SubmitButton>{t('send')}</SubmitButton>
        </p>
      </FoldedForm>
    </ActionForm>
  )
}
