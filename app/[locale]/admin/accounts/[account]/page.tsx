import { getLocale, getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field, HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { type AccountRow, findManagedAccount, getAccountWaitHours } from '#features/accounts/data.ts'
import { listSessions } from '#features/accounts/sign-in/data.ts'
import { approvalFor, type ListedApproval } from '#features/approvals/data.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { titled } from '#messages/page-title.ts'
import { MayDecide } from '../../may-decide.tsx'
import { SessionTable } from '../../my-account/session-table.tsx'
import { StepUpField } from '../../step-up-field.tsx'
import { AccountState } from '../account-state.tsx'
import {
  endAllSessionsAction,
  resetAction,
  setActiveAction,
  setEmailAction,
  setPostAction,
} from '../actions.ts'
import { PostFields } from '../post-fields.tsx'

export const access = 'account:manage' satisfies Access

export const generateMetadata = titled('admin', 'accounts.one')

export default async function AccountPage({
  params,
  searchParams,
}: PageProps<'/[locale]/admin/accounts/[account]'>) {
  const staff = await requireStaff(access)
  const [{ account: id }, { done }, locale, t] = await Promise.all([
    params,
    searchParams,
    getLocale(),
    getTranslations('admin.accounts'),
  ])
  const account = z.uuid().safeParse(id).success ? await findManagedAccount(staff, id) : null
  if (!account) notFoundPage(locale)
  const told = DONE.find((one) => one === done)
  const pending = await approvalFor(staff, `account:${account.id}`, new Date())
  return (
    <div className="stack-l">
      <PageHeader kicker={account.email} title={account.name}>
        <p>
          <AccountState account={account} />
        </p>
      </PageHeader>
      {told ? (
        <div role="status">
          <Notice tone="ok" title={t(told)} />
        </div>
      ) : null}
      {pending ? <Pending request={pending} /> : null}
      {account.id === staff.id ? (
        <p>
          {t('own')} <Link href="/admin/my-account">{(await getTranslations('my-account'))('title')}</Link>
        </p>
      ) : (
        <MayDecide>
          {pending ? null : (
            <>
              <PostSection account={account} />
              {account.active ? <ResetSection account={account} /> : null}
              <AddressSection account={account} />
            </>
          )}
          <SessionSection staff={staff} account={account} />
          {pending && !isDisabledByOne(account) ? null : <ActiveSection account={account} />}
        </MayDecide>
      )}
      <p>
        <Link href="/admin/accounts">{t('back')}</Link>
      </p>
    </div>
  )
}

/** One administrator can disable such an account, also while another request waits. */
const isDisabledByOne = ({ active, role }: AccountRow): boolean => active && role !== 'auditor'

const DONE = ['requested', 'saved', 'disabled'] as const

/** Shows the request that waits for a second person; until it is decided, no other can be made. */
async function Pending({ request }: { readonly request: ListedApproval }) {
  const [t, kinds] = await Promise.all([getTranslations('admin.accounts'), getTranslations('approvals.kind')])
  return (
    <Notice title={t('pending')}>
      <p>{t('pending_text', { kind: kinds(request.kind), name: request.askedBy })}</p>
      <p>
        <Link href="/admin/approvals">{t('to_requests')}</Link>
      </p>
    </Notice>
  )
}

async function WhatFollows() {
  const t = await getTranslations('admin.accounts')
  return <p>{t('second', { hours: getAccountWaitHours() })}</p>
}

interface Section {
  readonly account: AccountRow
}

async function PostSection({ account }: Section) {
  const t = await getTranslations('admin.accounts')
  const { role, unitId, agencyId, carrierId } = account
  return (
    <section className="card stack">
      <h2>{t('post')}</h2>
      <p>{t('post_does')}</p>
      <WhatFollows />
      <ActionForm
        action={setPostAction}
        initial={{ role, unitId: unitId ?? '', agencyId: agencyId ?? '', carrierId: carrierId ?? '' }}
        scope="post"
        className="stack"
      >
        <HiddenField name="accountId" value={account.id} />
        <div className="grid gap-4 md:grid-cols-2">
          <PostFields unitId={unitId} />
        </div>
        <StepUpField kind="always" />
        <p className="actions">
          <SubmitButton>{t('save')}</SubmitButton>
        </p>
      </ActionForm>
    </section>
  )
}

async function SessionSection({ staff, account }: Section & { readonly staff: StaffActor }) {
  const [t, own, sessions] = await Promise.all([
    getTranslations('admin.accounts'),
    getTranslations('my-account'),
    listSessions(staff, account.id, null, new Date()),
  ])
  return (
    <section className="card stack">
      <h2>{own('sessions.title')}</h2>
      <SessionTable sessions={sessions} />
      {sessions.length === 0 ? null : (
        <ActionForm action={endAllSessionsAction} scope="sessions" className="stack">
          <HiddenField name="accountId" value={account.id} />
          <p>{t('end_all_does')}</p>
          <SubmitButton look="quiet">{t('end_all')}</SubmitButton>
        </ActionForm>
      )}
    </section>
  )
}

async function AddressSection({ account }: Section) {
  const t = await getTranslations('admin.accounts')
  return (
    <section className="card stack">
      <h2>{t('address')}</h2>
      <p>{t('address_does')}</p>
      <WhatFollows />
      <ActionForm
        action={setEmailAction}
        initial={{ newEmail: account.email }}
        scope="address"
        className="stack"
      >
        <HiddenField name="accountId" value={account.id} />
        <Field name="newEmail" label={t('email')} type="email" width="medium" />
        <StepUpField kind="always" />
        <SubmitButton look="quiet">{t('address_save')}</SubmitButton>
      </ActionForm>
    </section>
  )
}

/** Renders the form that resets a person's sign-in. The link is mailed to the account's address. */
async function ResetSection({ account }: Section) {
  const t = await getTranslations('admin.accounts')
  return (
    <section className="card stack">
      <h2>{t('reset')}</h2>
      <p>{t('reset_does')}</p>
      <WhatFollows />
      <ActionForm action={resetAction} scope="reset" className="stack">
        <HiddenField name="accountId" value={account.id} />
        <StepUpField kind="always" />
        <SubmitButton look="quiet">{t('reset')}</SubmitButton>
      </ActionForm>
    </section>
  )
}

async function ActiveSection({ account }: Section) {
  const t = await getTranslations('admin.accounts')
  const act = account.active ? 'disable' : 'enable'
  const does = account.active && account.role === 'auditor' ? 'disable_auditor' : act
  return (
    <section className="card stack">
      <h2>{t(act)}</h2>
      <p>{t(`${does}_does`, { hours: getAccountWaitHours() })}</p>
      <ActionForm action={setActiveAction} scope="active" className="stack">
        <HiddenField name="accountId" value={account.id} />
        <HiddenField name="active" value={account.active ? 'no' : 'yes'} />
        <StepUpField kind="always" />
        <SubmitButton look={account.active ? 'danger' : 'quiet'}>{t(act)}</SubmitButton>
      </ActionForm>
    </section>
  )
}
