import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field, HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { SummaryList } from '#components/ui/summary-list.tsx'
import { Time } from '#components/ui/time.tsx'
import { type KeyEnd, keyEnd } from '#features/exchange/keys/data.ts'
import { type CarrierStanding, carrierStanding } from '#features/exchange/relay/data.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { carrierScope } from '#lib/access/scope.ts'
import { titled } from '#messages/page-title.ts'
import { pathFor } from '#messages/paths.ts'
import { MayDecide } from '../../../../may-decide.tsx'
import { StepUpField } from '../../../../step-up-field.tsx'
import { considerKeyAction, revokeKeyAction } from '../../actions.ts'
import { CarrierHeader } from '../../carrier-header.tsx'

export const access = 'carrier:attend' satisfies Access

export const generateMetadata = titled('exchange.key_end', 'title')

/** Shows the effects of revoking a key first: one press to continue, and one with a code to revoke it. */
export default async function KeyEndPage({
  params,
  searchParams,
}: PageProps<'/[locale]/admin/carriers/[carrier]/keys/[key]'>) {
  const staff = await requireStaff(access)
  const [{ carrier: id, key: keyId }, { step }, t, locale] = await Promise.all([
    params,
    searchParams,
    getTranslations('exchange.key_end'),
    getLocale(),
  ])
  const now = new Date()
  const scope = carrierScope(staff)
  const carrier = scope && (await carrierStanding(scope, id, now))
  if (!scope || !carrier) notFoundPage(locale)
  const end = await keyEnd(scope, id, keyId, now)
  const page = { pathname: '/admin/carriers/[carrier]', params: { carrier: id } } as const
  if (!end) redirect(pathFor(locale === 'en' ? 'en' : 'vi', page))
  const isLast = end.others.length === 0
  return (
    <div className="stack-l" data-last-key={isLast}>
      <CarrierHeader carrier={carrier} current="connection" />
      <h2>{t(isLast ? 'title_last' : 'title')}</h2>
      {isLast ? (
        <Notice tone="bad" title={t('cut_off', { carrier: carrier.name })}>
          <p>{t('cut_off_text', { count: carrier.waiting })}</p>
          <p>
            {t('better')} <Link href={{ ...page, hash: 'keys' }}>{t('make')}</Link>
          </p>
        </Notice>
      ) : null}
      <Ends end={end} carrier={carrier} />
      <MayDecide>
        {step === 'confirm' ? (
          <Confirm keyId={keyId} carrierName={isLast ? carrier.name : null} />
        ) : (
          <Consider carrierId={id} keyId={keyId} />
        )}
      </MayDecide>
      <p>
        <Link href={{ ...page, hash: 'keys' }}>{t('keep')}</Link>
      </p>
    </div>
  )
}

async function Ends({ end, carrier }: { readonly end: KeyEnd; readonly carrier: CarrierStanding }) {
  const t = await getTranslations('exchange.key_end')
  const { key, calls, others, standing } = end
  const used = key.lastUsedAt ? <Time at={key.lastUsedAt} form="stamp" /> : t('never')
  const other = others.filter(({ calls }) => calls > 0).length
  return (
    <Card>
      <h3>{t('ends')}</h3>
      <SummaryList
        rows={[
          { key: 'made', term: t('made'), value: <Time at={key.createdAt} form="stamp" /> },
          { key: 'used', term: t('used'), value: used },
          {
            key: 'calls',
            term: t('calls'),
            value: <span data-calls={calls}>{t('calls_value', { count: calls })}</span>,
          },
          {
            key: 'others',
            term: t('others'),
            value: t('others_value', { count: others.length, used: other }),
          },
          { key: 'waiting', term: t('waiting'), value: t('waiting_value', { count: carrier.waiting }) },
          { key: 'pending', term: t('pending'), value: t('pending_value', { count: standing.pending }) },
        ]}
      />
      {calls > 0 ? (
        <Notice tone="wait" title={t('in_use')}>
          <p>{t(other > 0 ? 'in_use_others' : 'in_use_text')}</p>
        </Notice>
      ) : null}
      <p>{t('no_return')}</p>
    </Card>
  )
}

async function Consider({ carrierId, keyId }: { readonly carrierId: string; readonly keyId: string }) {
  const t = await getTranslations('exchange.key_end')
  return (
    <ActionForm action={considerKeyAction} scope="consider" className="stack">
      <HiddenField name="carrierId" value={carrierId} />
      <HiddenField name="keyId" value={keyId} />
      <SubmitButton look="quiet">{t('go_on')}</SubmitButton>
    </ActionForm>
  )
}

/** Asks for the second press that revokes a key. For the carrier's last key, its name must be typed. */
async function Confirm({
  keyId,
  carrierName,
}: {
  readonly keyId: string
  readonly carrierName: string | null
}) {
  const t = await getTranslations('exchange.key_end')
  return (
    <Card>
      <h3>{t('sure')}</h3>
      <ActionForm action={revokeKeyAction} scope="revoke" className="stack">
        <HiddenField name="keyId" value={keyId} />
        {carrierName === null ? null : (
          <Field
            name="carrierName"
            label={t('name', { carrier: carrierName })}
            hint={t('name_hint')}
            width="medium"
          />
        )}
        <StepUpField kind="always" />
        <SubmitButton look="danger">{t(carrierName === null ? 'revoke' : 'revoke_last')}</SubmitButton>
      </ActionForm>
    </Card>
  )
}
