import type { Metadata } from 'next'
import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field, HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { Time } from '#components/ui/time.tsx'
import { findReceiver, receiverName } from '#features/alerts/receivers/data.ts'
import { receiverSubject } from '#features/alerts/receivers/rules.ts'
import { approvalFor } from '#features/approvals/data.ts'
import { SecondPersonNotice } from '#features/approvals/second-person-notice.tsx'
import type { PushFault } from '#features/exchange/push/rules.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff, type SignedInStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import type { FormAction } from '#lib/form-state.ts'
import type { Instant } from '#lib/time.ts'
import { MayDecide } from '../../may-decide.tsx'
import { StepUpField } from '../../step-up-field.tsx'
import {
  askAddressAction,
  askKeyAction,
  askSecretAction,
  endSecretAction,
  resumeAction,
  revokeKeyAction,
  setActiveAction,
  takeKeyAction,
  takeSecretAction,
  testAction,
} from './actions.ts'

export const access = 'carrier:manage' satisfies Access

export async function generateMetadata({
  params,
}: PageProps<'/[locale]/admin/receivers/[receiver]'>): Promise<Metadata> {
  return { title: await receiverName((await params).receiver) }
}

const DONE = ['requested', 'changed', 'key_revoked', 'secret_ended', 'resumed', 'tested'] as const

interface PartProps {
  readonly staff: SignedInStaff
  readonly receiver: NonNullable<Awaited<ReturnType<typeof findReceiver>>>
  readonly now: Instant
}

export default async function ReceiverPage({
  params,
  searchParams,
}: PageProps<'/[locale]/admin/receivers/[receiver]'>) {
  const staff = await requireStaff(access)
  const now = new Date()
  const [{ receiver: id }, query, t] = await Promise.all([
    params,
    searchParams,
    getTranslations('alerts.receiver'),
  ])
  const receiver = await findReceiver(staff, id, now)
  if (receiver === null) return notFoundPage(await getLocale())
  const done = DONE.find((one) => one === query.done)
  return (
    <div className="stack-l" data-receiver={receiver.id}>
      <PageHeader title={receiver.name} lead={t('lead')} />
      {done ? (
        <div role="status">
          <Notice tone={done === 'tested' ? 'info' : 'ok'} title={t(`done.${done}`)} />
        </div>
      ) : null}
      <MayDecide>
        <Keys staff={staff} receiver={receiver} now={now} />
        <Address staff={staff} receiver={receiver} now={now} />
        <Secrets staff={staff} receiver={receiver} now={now} />
        <Card>
          <h2>{t('active')}</h2>
          <p>{t(receiver.active ? 'active_text' : 'stopped_text')}</p>
          <ActionForm action={setActiveAction} scope="active" className="">
            <HiddenField name="receiverId" value={receiver.id} />
            <HiddenField name="active" value={receiver.active ? 'off' : 'on'} />
            <SubmitButton look={receiver.active ? 'danger' : 'quiet'}>
              {t(receiver.active ? 'stop' : 'start')}
            </SubmitButton>
          </ActionForm>
        </Card>
      </MayDecide>
      <p>
        <Link href="/admin/receivers">{t('back')}</Link>
      </p>
    </div>
  )
}

async function Keys({ staff, receiver, now }: PartProps) {
  const [t, words, asked] = await Promise.all([
    getTranslations('alerts.receiver'),
    getTranslations('exchange.carrier'),
    approvalFor(staff, receiverSubject('receiver.key', receiver.id), now),
  ])
  return (
    <Card id="keys">
      <h2>{words('keys')}</h2>
      <p>{t('keys_text')}</p>
      <Taking
        action={takeKeyAction}
        scope="take-key"
        ready={words('key_ready')}
        take={words('take')}
        id={receiver.keyToTake}
      />
      <Asking
        action={askKeyAction}
        scope="key"
        by={asked?.askedBy ?? null}
        id={receiver.id}
        words={words('issue')}
      />
      <Things
        caption={words('keys')}
        rows={receiver.keys}
        used
        end={{ action: revokeKeyAction, field: 'keyId', words: t('revoke') }}
        receiverId={receiver.id}
      />
    </Card>
  )
}

async function Secrets({ staff, receiver, now }: PartProps) {
  const [t, words, asked] = await Promise.all([
    getTranslations('alerts.receiver'),
    getTranslations('delivery'),
    approvalFor(staff, receiverSubject('receiver.secret', receiver.id), now),
  ])
  return (
    <Card id="secrets">
      <h2>{words('secrets')}</h2>
      <p>{t('secrets_text')}</p>
      <Taking
        action={takeSecretAction}
        scope="take-secret"
        ready={words('ready')}
        take={words('take')}
        id={receiver.secretToTake}
      />
      <Asking
        action={askSecretAction}
        scope="secret"
        by={asked?.askedBy ?? null}
        id={receiver.id}
        words={words('make')}
      />
      <Things
        caption={words('secrets')}
        rows={receiver.secrets}
        end={{ action: endSecretAction, field: 'secretId', words: words('end') }}
        receiverId={receiver.id}
      />
    </Card>
  )
}

async function Address({ staff, receiver, now }: PartProps) {
  const [t, words, asked] = await Promise.all([
    getTranslations('alerts.receiver'),
    getTranslations('delivery'),
    approvalFor(staff, receiverSubject('receiver.address', receiver.id), now),
  ])
  const { url, state, failures, lastFault, failingSince, lastSuccessAt } = receiver
  const { testedAt, testFault, testStatus } = receiver
  return (
    <Card id="address">
      <h2>{t('address')}</h2>
      <p>{t('address_text')}</p>
      <p data-push-state={url === null ? 'reads' : state}>
        <strong>{url ?? t('reads')}</strong>
      </p>
      {url === null ? null : (
        <p className="text-sm text-soft">
          {words('last_success')}: {lastSuccessAt ? <Time at={lastSuccessAt} form="stamp" /> : words('never')}
          ; {t('pushed', { pushed: receiver.pushedSeq, head: receiver.head })}
        </p>
      )}
      {failures === 0 || failingSince === null ? null : (
        <Notice title={state === 'live' ? words('failing') : words(`${state}_title`)}>
          <p>
            {words('failing_since')} <Time at={failingSince} form="stamp" />.{' '}
            {lastFault === null ? null : words(`fault.${lastFault as PushFault}`, { status: 'none' })}
          </p>
        </Notice>
      )}
      {state === 'live' || url === null ? null : (
        <ActionForm action={resumeAction} scope="resume" className="">
          <HiddenField name="receiverId" value={receiver.id} />
          <SubmitButton look="quiet">{words('resume')}</SubmitButton>
        </ActionForm>
      )}
      {testedAt === null ? null : (
        <p className="text-sm" data-receiver-test={testFault === null ? 'received' : 'failed'}>
          {t.rich('tested', {
            at: () => <Time at={testedAt} form="stamp" />,
            result: testFault === null ? 'received' : (testStatus ?? 0) >= 500 ? 'broken' : 'failed',
            status: testStatus ?? '',
          })}{' '}
          {testFault === null || (testStatus ?? 0) >= 500
            ? null
            : words(`fault.${testFault as PushFault | 'no_secret'}`, { status: String(testStatus ?? '') })}
        </p>
      )}
      {url === null || !receiver.secrets.some(({ revokedAt }) => revokedAt === null) ? null : (
        <ActionForm action={testAction} scope="test" className="">
          <HiddenField name="receiverId" value={receiver.id} />
          <SubmitButton look="quiet">{t('test')}</SubmitButton>
        </ActionForm>
      )}
      {asked ? (
        <SecondPersonNotice name={asked.askedBy} />
      ) : (
        <ActionForm action={askAddressAction} scope="address" className="stack" initial={{ url: url ?? '' }}>
          <HiddenField name="receiverId" value={receiver.id} />
          <HiddenField name="version" value={String(receiver.version)} />
          <Field name="url" label={words('url')} hint={t('url_hint')} optional inputMode="text" />
          <StepUpField kind="always" />
          <SubmitButton look="quiet">{t('address_ask')}</SubmitButton>
        </ActionForm>
      )}
    </Card>
  )
}

/** Stays after the last one was taken: it shows the value, which can be seen nowhere else. */
function Taking({
  action,
  scope,
  ready,
  take,
  id,
}: {
  readonly action: FormAction
  readonly scope: string
  readonly ready: string
  readonly take: string
  readonly id: string | undefined
}) {
  return (
    <ActionForm action={action} scope={scope} className="stack">
      {id === undefined ? null : (
        <>
          <HiddenField name="approvalId" value={id} />
          <p>{ready}</p>
          <StepUpField kind="always" />
          <SubmitButton>{take}</SubmitButton>
        </>
      )}
    </ActionForm>
  )
}

function Asking({
  action,
  scope,
  by,
  id,
  words,
}: {
  readonly action: FormAction
  readonly scope: string
  readonly by: string | null
  readonly id: string
  readonly words: string
}) {
  if (by !== null) return <SecondPersonNotice name={by} />
  return (
    <ActionForm action={action} scope={scope} className="stack">
      <HiddenField name="receiverId" value={id} />
      <StepUpField kind="always" />
      <SubmitButton look="quiet">{words}</SubmitButton>
    </ActionForm>
  )
}

async function Things({
  caption,
  rows,
  used = false,
  end,
  receiverId,
}: {
  readonly caption: string
  readonly rows: readonly {
    readonly id: string
    readonly createdAt: Instant
    readonly revokedAt: Instant | null
    readonly lastUsedAt?: Instant | null
  }[]
  readonly used?: boolean
  readonly end: { readonly action: FormAction; readonly field: string; readonly words: string }
  readonly receiverId: string
}) {
  const t = await getTranslations('exchange.carrier')
  if (rows.length === 0) return null
  return (
    <Table
      caption={caption}
      captionHidden
      columns={[
        { head: t('created'), cell: ({ createdAt }) => <Time at={createdAt} form="stamp" /> },
        used && {
          head: t('used'),
          cell: ({ lastUsedAt }) => (lastUsedAt ? <Time at={lastUsedAt} form="stamp" /> : t('never_used')),
        },
        {
          head: t('key_state'),
          cell: ({ revokedAt }) =>
            revokedAt ? <Tag tone="plain">{t('revoked')}</Tag> : <Tag tone="ok">{t('live')}</Tag>,
        },
        {
          head: t('act'),
          phone: 'below',
          cell: ({ id, revokedAt }) =>
            revokedAt ? null : (
              <ActionForm action={end.action} scope={`end-${id}`} className="stack">
                <HiddenField name="receiverId" value={receiverId} />
                <HiddenField name={end.field} value={id} />
                <StepUpField kind="always" />
                <SubmitButton look="danger" size="small">
                  {end.words}
                </SubmitButton>
              </ActionForm>
            ),
        },
      ]}
      rows={rows}
      keyOf={({ id }) => id}
    />
  )
}
