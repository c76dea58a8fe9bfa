import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { Contacts } from '#components/exchange/contacts.tsx'
import { DeliveryPanel } from '#components/exchange/delivery-panel.tsx'
import { DigitsForm } from '#components/exchange/digits-form.tsx'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Figures } from '#components/ui/figures.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { Time } from '#components/ui/time.tsx'
import { carrierScope } from '#domain/access/scope.ts'
import { missingPath } from '#messages/paths.ts'
import { requireStaff } from '#server/entry/session.ts'
import { carrierContacts } from '#server/exchange/loaders/contacts.ts'
import { deliveryOf } from '#server/exchange/loaders/delivery.ts'
import { keysOf } from '#server/exchange/loaders/keys.ts'
import { carrierStandings } from '#server/exchange/loaders/relay.ts'
import { StepUpField } from '../../step-up-field.tsx'
import { doneOf } from '../delivery-acts.ts'
import { issueKeyAction, revokeKeyAction, setDigitsAction } from './actions.ts'
import { addContactAction, changeContactAction, removeContactAction } from './contact-actions.ts'
import {
  endSecretAction,
  makeSecretAction,
  resumePushAction,
  setDeliveryAction,
  testPushAction,
} from './delivery-actions.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('exchange'))('carriers.title') }
}

const FIGURES = ['head', 'acked', 'waiting', 'failed', 'late'] as const

const DELIVERY_ACTIONS = {
  set: setDeliveryAction,
  resume: resumePushAction,
  test: testPushAction,
  makeSecret: makeSecretAction,
  endSecret: endSecretAction,
}

interface Props {
  readonly params: Promise<{ readonly carrier: string }>
  readonly searchParams: Promise<{ readonly done?: string | string[] }>
}

export default async function CarrierPage({ params, searchParams }: Props) {
  const staff = await requireStaff('carrier:manage')
  const [{ carrier: id }, query, t] = await Promise.all([params, searchParams, getTranslations('exchange')])
  const carrier = (await carrierStandings(new Date())).find((one) => one.id === id)
  const scope = carrierScope(staff)
  const delivery = carrier && scope ? await deliveryOf(scope, carrier.id) : null
  if (!carrier || !delivery) redirect(missingPath(await getLocale()))
  const done = doneOf(query.done)
  return (
    <div className="stack-l">
      <PageHeader kicker={t('carriers.title')} title={carrier.name}>
        {carrier.active ? null : <Tag tone="plain">{t('carriers.inactive')}</Tag>}
      </PageHeader>
      {done ? (
        <div role="status">
          <Notice tone="ok" title={(await getTranslations('delivery'))(done)} />
        </div>
      ) : null}
      <Figures
        items={FIGURES.map((key) => ({
          key,
          value: carrier[key],
          label: t(`carriers.${key}`),
          ...(key === 'late' && carrier.late > 0 && { tone: 'bad' as const }),
        }))}
      />
      <p>
        <Link href={{ pathname: '/admin/orders', query: { carrier: carrier.id } }}>
          {t('carrier.see_orders')}
        </Link>
      </p>
      <Contacts
        carrierId={carrier.id}
        contacts={await carrierContacts(staff, carrier.id)}
        actions={{ add: addContactAction, change: changeContactAction, remove: removeContactAction }}
      />
      <DeliveryPanel
        carrierId={carrier.id}
        delivery={delivery}
        actions={DELIVERY_ACTIONS}
        stepUp={<StepUpField />}
      />
      <Keys carrierId={carrier.id} />
      <DigitsForm action={setDigitsAction} carrierId={carrier.id} digits={carrier.digits} />
      <p>
        <Link href="/admin/carriers">{t('carrier.back')}</Link>
      </p>
    </div>
  )
}

async function Keys({ carrierId }: { readonly carrierId: string }) {
  const [t, keys] = await Promise.all([getTranslations('exchange.carrier'), keysOf(carrierId)])
  return (
    <Card>
      <h2>{t('keys')}</h2>
      <p>{t('keys_text')}</p>
      <ActionForm action={issueKeyAction} scope="issue" className="stack">
        <HiddenField name="carrierId" value={carrierId} />
        <StepUpField />
        <SubmitButton look="quiet">{t('issue')}</SubmitButton>
      </ActionForm>
      {keys.length === 0 ? <p>{t('no_keys')}</p> : null}
      {keys.length === 0 ? null : (
        <Table
          caption={t('keys')}
          captionHidden
          columns={[
            { key: 'created', label: t('created') },
            { key: 'state', label: t('key_state') },
            { key: 'act', label: t('act'), align: 'end' },
          ]}
          rows={keys.map((key) => ({
            key: key.id,
            cells: {
              created: <Time at={key.createdAt} />,
              state: key.revokedAt ? (
                <Tag tone="plain">{t('revoked')}</Tag>
              ) : (
                <Tag tone="ok">{t('live')}</Tag>
              ),
              act: key.revokedAt ? null : <Revoke keyId={key.id} />,
            },
          }))}
        />
      )}
    </Card>
  )
}

async function Revoke({ keyId }: { readonly keyId: string }) {
  const t = await getTranslations('exchange.carrier')
  return (
    <ActionForm action={revokeKeyAction} scope={`revoke-${keyId}`} className="stack">
      <HiddenField name="keyId" value={keyId} />
      <StepUpField />
      <SubmitButton look="danger" size="small">
        {t('revoke')}
      </SubmitButton>
    </ActionForm>
  )
}
