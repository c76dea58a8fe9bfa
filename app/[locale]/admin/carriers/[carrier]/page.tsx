import type { Metadata } from 'next'
import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Radios, Select } from '#components/form/choices.tsx'
import { HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Figures } from '#components/ui/figures.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { approvalFor } from '#features/approvals/data.ts'
import { carrierSubject } from '#features/exchange/carriers/rules.ts'
import { Contacts } from '#features/exchange/contacts/contacts.tsx'
import { carrierContacts } from '#features/exchange/contacts/data.ts'
import { deliveryOf, findPendingWayChange } from '#features/exchange/delivery/data.ts'
import { DeliveryPanel } from '#features/exchange/delivery/delivery-panel.tsx'
import { wayOf } from '#features/exchange/delivery/rules.ts'
import { carrierFlags } from '#features/exchange/flags/data.ts'
import { Flags } from '#features/exchange/flags/flags.tsx'
import { secretsToTake } from '#features/exchange/keys/data.ts'
import { IMEI_DIGITS, type ImeiDigits } from '#features/exchange/lists/rules.ts'
import { carrierStanding, relayCarrierName } from '#features/exchange/relay/data.ts'
import { waitingWords } from '#features/exchange/shared-words/data.ts'
import { SHARED_VERDICTS } from '#features/exchange/shared-words/rules.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may } from '#lib/access/roles.ts'
import { carrierScope } from '#lib/access/scope.ts'
import type { FormAction } from '#lib/form-state.ts'
import { ApprovalCard } from '../../approvals/approval-card.tsx'
import { MayDecide } from '../../may-decide.tsx'
import { StepUpField } from '../../step-up-field.tsx'
import {
  askSharedWordsAction,
  clearFlagAction,
  endSecretAction,
  makeSecretAction,
  resumePushAction,
  setDeliveryAction,
  setDigitsAction,
  takeSecretAction,
  testPushAction,
} from './actions.ts'
import { CarrierHeader } from './carrier-header.tsx'
import { addContactAction, changeContactAction, removeContactAction } from './contact-actions.ts'
import { Keys } from './keys.tsx'

export const access = 'carrier:attend' satisfies Access

export async function generateMetadata({
  params,
}: PageProps<'/[locale]/admin/carriers/[carrier]'>): Promise<Metadata> {
  return { title: await relayCarrierName((await params).carrier) }
}

const FIGURES = ['head', 'acked', 'waiting', 'failed', 'late', 'veryLate'] as const
const DONE = [
  'requested',
  'resumed',
  'test_received',
  'test_failed',
  'test_under_way',
  'secret_ended',
] as const
const TONES: Partial<Record<(typeof DONE)[number], 'bad' | 'wait'>> = {
  test_failed: 'bad',
  test_under_way: 'wait',
}
const BAD: readonly string[] = ['late', 'veryLate']

const DELIVERY_ACTIONS = {
  set: setDeliveryAction,
  resume: resumePushAction,
  test: testPushAction,
  makeSecret: makeSecretAction,
  takeSecret: takeSecretAction,
  endSecret: endSecretAction,
}

export default async function CarrierPage({
  params,
  searchParams,
}: PageProps<'/[locale]/admin/carriers/[carrier]'>) {
  const staff = await requireStaff(access)
  const [{ carrier: id }, query, t] = await Promise.all([params, searchParams, getTranslations('exchange')])
  const scope = carrierScope(staff)
  const [carrier, delivery] = scope
    ? await Promise.all([carrierStanding(scope, id, new Date()), deliveryOf(scope, id)])
    : [null, null]
  const underWay = scope && carrier ? await findPendingWayChange(scope, id) : null
  if (!scope || !carrier || !delivery || !underWay) notFoundPage(await getLocale())
  const done = DONE.find((one) => one === query.done)
  const now = new Date()
  const isRelay = may(staff.role, 'carrier:manage')
  const words = await waitingWords(staff, carrier.id, now)
  return (
    <div className="stack-l">
      <CarrierHeader carrier={carrier} current="connection" />
      {done ? (
        <div role="status">
          <Notice tone={TONES[done] ?? 'ok'} title={(await getTranslations('delivery'))(done)} />
        </div>
      ) : null}
      <Flags flags={await carrierFlags(staff, carrier.id)} {...(isRelay && { clear: clearFlagAction })} />
      {words === null ? null : (
        <MayDecide>
          {words.asked === null ? null : <ApprovalCard staff={staff} request={words.asked} />}
          <SharedWords carrierId={carrier.id} words={words} ask={askSharedWordsAction} />
        </MayDecide>
      )}
      <Figures
        items={FIGURES.map((key) => ({
          key,
          value: carrier[key],
          label: t(`carriers.${key === 'veryLate' ? 'very_late' : key}`),
          ...(BAD.includes(key) && carrier[key] > 0 && { tone: 'bad' as const }),
        }))}
      />
      {isRelay ? null : (
        <p>
          {t('carrier.interface')} <a href="/api/openapi.json">/api/openapi.json</a>
        </p>
      )}
      <Contacts
        carrierId={carrier.id}
        contacts={await carrierContacts(staff, carrier.id)}
        actions={{ add: addContactAction, change: changeContactAction, remove: removeContactAction }}
      />
      <MayDecide>
        <DeliveryPanel
          carrierId={carrier.id}
          delivery={delivery}
          standing={underWay}
          asked={{
            way: await approvalFor(staff, carrierSubject('carrier.way', id), now),
            secret: await approvalFor(staff, carrierSubject('carrier.secret', id), now),
          }}
          toTake={await secretsToTake(staff, id, now)}
          actions={DELIVERY_ACTIONS}
          stepUp={<StepUpField kind="always" />}
        />
      </MayDecide>
      <Keys
        staff={staff}
        scope={scope}
        carrierId={carrier.id}
        onPaper={wayOf(delivery.way).answers === 'paper'}
      />
      <DigitsForm action={setDigitsAction} carrierId={carrier.id} digits={carrier.digits} />
      {isRelay ? (
        <p>
          <Link href="/admin/carriers">{t('carrier.back')}</Link>
        </p>
      ) : null}
    </div>
  )
}

async function DigitsForm({
  action,
  carrierId,
  digits,
}: {
  readonly action: FormAction
  readonly carrierId: string
  readonly digits: ImeiDigits
}) {
  const t = await getTranslations('exchange.files')
  return (
    <Card>
      <h2>{t('title')}</h2>
      <p>{t('text')}</p>
      <ActionForm action={action} scope="digits" className="stack" initial={{ imeiDigits: String(digits) }}>
        <HiddenField name="carrierId" value={carrierId} />
        <Select
          name="imeiDigits"
          label={t('digits')}
          options={IMEI_DIGITS.map((count) => ({ value: String(count), label: t(`digits_${count}`) }))}
        />
        <SubmitButton look="quiet">{t('save')}</SubmitButton>
      </ActionForm>
    </Card>
  )
}

/** Shows a carrier's waiting `shared_imei` answers, and the form that proposes a decision on them. */
async function SharedWords({
  carrierId,
  words,
  ask,
}: {
  readonly carrierId: string
  readonly words: { readonly count: number; readonly cases: readonly string[] }
  readonly ask: FormAction
}) {
  const t = await getTranslations('carrier-flags.words')
  return (
    <Card id="shared-words">
      <h2>{t('title')}</h2>
      <p>{t('text', { count: words.count })}</p>
      <p className="wrap-anywhere">{t('cases', { cases: words.cases.join(', ') })}</p>
      <ActionForm action={ask} scope={`shared-ask-${carrierId}`} className="stack">
        <HiddenField name="carrierId" value={carrierId} />
        <Radios
          name="verdict"
          label={t('verdict')}
          options={SHARED_VERDICTS.map((value) => ({ value, label: t(value) }))}
        />
        <TextArea name="note" label={t('note')} rows={2} />
        <p className="actions">
          <SubmitButton look="quiet">{t('ask')}</SubmitButton>
        </p>
      </ActionForm>
    </Card>
  )
}
