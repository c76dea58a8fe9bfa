import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Table } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import { listOwnPasskeys, readPasskeyStanding } from '#features/accounts/passkeys/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { StepUpField } from '../step-up-field.tsx'
import { AddPasskey } from './add-passkey.tsx'
import { Part } from './part.tsx'
import { removePasskeyAction } from './passkey-actions.ts'

export async function Passkeys({
  staff,
  open,
  remove,
}: {
  readonly staff: StaffActor
  readonly open: boolean
  readonly remove: string | null
}) {
  const [t, passkeys] = await Promise.all([getTranslations('my-account.passkeys'), listOwnPasskeys(staff)])
  const { possible, required } = readPasskeyStanding(staff)
  const removed = passkeys.find(({ id }) => id === remove)
  return (
    <Part
      part="passkeys"
      title={t('title')}
      note={t('note', { count: passkeys.length })}
      open={open || removed !== undefined}
    >
      <p>{t('lead')}</p>
      {required ? <p>{t('required')}</p> : null}
      {passkeys.length === 0 ? null : (
        <Table
          caption={t('title')}
          captionHidden
          columns={[
            {
              head: t('called'),
              cell: ({ name, backedUp }) => (
                <>
                  {name}
                  {backedUp ? <span className="block text-sm text-soft">{t('backed_up')}</span> : null}
                </>
              ),
            },
            { head: t('added'), cell: ({ createdAt }) => <Time at={createdAt} form="stamp" /> },
            {
              head: t('used'),
              cell: ({ lastUsedAt }) =>
                lastUsedAt === null ? t('never') : <Time at={lastUsedAt} form="stamp" />,
            },
            {
              head: t('act'),
              cell: ({ id, name }) => (
                <Link href={{ pathname: '/admin/my-account', query: { passkey: id }, hash: 'passkeys' }}>
                  {t('remove')}
                  <span className="sr-only"> {name}</span>
                </Link>
              ),
            },
          ]}
          rows={passkeys}
          keyOf={({ id }) => id}
          marks={({ name }) => ({ 'data-passkey-row': name })}
        />
      )}
      {removed ? (
        <Notice title={t('remove_title', { name: removed.name })}>
          <p>{t('remove_does')}</p>
          <ActionForm action={removePasskeyAction} scope="remove-passkey" className="stack">
            <HiddenField name="passkeyId" value={removed.id} />
            <StepUpField kind="always" />
            <p className="actions">
              <SubmitButton look="danger">{t('remove_submit')}</SubmitButton>
              <Link href={{ pathname: '/admin/my-account', hash: 'passkeys' }}>{t('keep')}</Link>
            </p>
          </ActionForm>
        </Notice>
      ) : possible ? (
        <AddPasskey />
      ) : (
        <p className="text-soft">{t('impossible')}</p>
      )}
    </Part>
  )
}
