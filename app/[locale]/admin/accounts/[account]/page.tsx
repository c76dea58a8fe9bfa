import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import type { StaffActor } from '#domain/access/actor.ts'
import { missingPath } from '#messages/paths.ts'
import { type AccountRow, managedAccount, sessionsOf } from '#server/accounts/loaders.ts'
import { requireStaff } from '#server/entry/session.ts'
import { SessionTable } from '../../my-account/session-table.tsx'
import { StepUpField } from '../../step-up-field.tsx'
import { AccountState } from '../account-state.tsx'
import { endAllSessionsAction, resetAction, setActiveAction, setPostAction } from '../actions.ts'
import { PostFields } from '../post-fields.tsx'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('admin'))('accounts.one') }
}

/** One account: its post, its sessions, and whether it is in use. */
export default async function AccountPage({ params }: { params: Promise<{ account: string }> }) {
  const staff = await requireStaff('account:manage')
  const [{ account: id }, locale, t] = await Promise.all([
    params,
    getLocale(),
    getTranslations('admin.accounts'),
  ])
  const account = z.uuid().safeParse(id).success ? await managedAccount(staff, id) : null
  if (!account) redirect(missingPath(locale))
  return (
    <div className="stack-l">
      <PageHeader kicker={account.email} title={account.name}>
        <p>
          <AccountState account={account} />
        </p>
      </PageHeader>
      {account.id === staff.id ? (
        <p>
          {t('own')} <Link href="/admin/my-account">{(await getTranslations('my-account'))('title')}</Link>
        </p>
      ) : (
        <>
          <PostSection account={account} />
          <SessionSection staff={staff} account={account} />
          {account.active ? <ResetSection account={account} /> : null}
          <ActiveSection account={account} />
        </>
      )}
      <p>
        <Link href="/admin/accounts">{t('back')}</Link>
      </p>
    </div>
  )
}

interface Section {
  readonly account: AccountRow
}

async function PostSection({ account }: Section) {
  const t = await getTranslations('admin.accounts')
  const { role, areaId, agencyId, carrierId } = account
  return (
    <section className="card stack">
      <h2>{t('post')}</h2>
      <p>{t('post_does')}</p>
      <ActionForm
        action={setPostAction}
        initial={{ role, areaId: areaId ?? '', agencyId: agencyId ?? '', carrierId: carrierId ?? '' }}
        scope="post"
        className="stack"
      >
        <HiddenField name="accountId" value={account.id} />
        <div className="grid gap-4 md:grid-cols-2">
          <PostFields />
        </div>
        <StepUpField />
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
    sessionsOf(staff, account.id, null, new Date()),
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

/** Its answer shows the new link, once. */
async function ResetSection({ account }: Section) {
  const t = await getTranslations('admin.accounts')
  return (
    <section className="card stack">
      <h2>{t('reset')}</h2>
      <p>{t('reset_does')}</p>
      <ActionForm action={resetAction} scope="reset" className="stack">
        <HiddenField name="accountId" value={account.id} />
        <StepUpField />
        <SubmitButton look="quiet">{t('reset')}</SubmitButton>
      </ActionForm>
    </section>
  )
}

async function ActiveSection({ account }: Section) {
  const t = await getTranslations('admin.accounts')
  const act = account.active ? 'disable' : 'enable'
  return (
    <section className="card stack">
      <h2>{t(act)}</h2>
      <p>{t(`${act}_does`)}</p>
      <ActionForm action={setActiveAction} scope="active" className="stack">
        <HiddenField name="accountId" value={account.id} />
        <HiddenField name="active" value={account.active ? 'no' : 'yes'} />
        <StepUpField />
        <SubmitButton look={account.active ? 'danger' : 'quiet'}>{t(act)}</SubmitButton>
      </ActionForm>
    </section>
  )
}
