import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { Time } from '#components/ui/time.tsx'
import { approvalFor } from '#features/approvals/data.ts'
import { SecondPersonNotice } from '#features/approvals/second-person-notice.tsx'
import { carrierSubject } from '#features/exchange/carriers/rules.ts'
import { carrierKeys, keysToTake } from '#features/exchange/keys/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { CarrierScope } from '#lib/access/scope.ts'
import { StepUpField } from '../../step-up-field.tsx'
import { issueKeyAction, takeKeyAction } from './actions.ts'

/** Renders a carrier's keys. Several may be live at once, so that it can change keys without a gap. */
export async function Keys({
  staff,
  scope,
  carrierId,
  onPaper,
}: {
  readonly staff: StaffActor
  readonly scope: CarrierScope
  readonly carrierId: string
  /** True while orders go by letter; then the keys give no access. */
  readonly onPaper: boolean
}) {
  const now = new Date()
  const [t, keys, asked, toTake] = await Promise.all([
    getTranslations('exchange.carrier'),
    carrierKeys(scope, carrierId),
    approvalFor(staff, carrierSubject('carrier.key', carrierId), now),
    keysToTake(staff, carrierId, now),
  ])
  const live = keys.filter((key) => key.revokedAt === null)
  return (
    <Card id="keys">
      <h2>{t('keys')}</h2>
      <p>{t('keys_text')}</p>
      {/* Stays after the last key was taken: it shows the key, which can be seen nowhere else. */}
      <ActionForm action={takeKeyAction} scope="take-key" className="stack">
        {toTake[0] === undefined ? null : (
          <>
            <HiddenField name="approvalId" value={toTake[0]} />
            <p>{t('key_ready')}</p>
            <StepUpField kind="always" />
            <SubmitButton>{t('take')}</SubmitButton>
          </>
        )}
      </ActionForm>
      {asked ? (
        <SecondPersonNotice name={asked.askedBy} />
      ) : (
        <ActionForm action={issueKeyAction} scope="issue" className="stack">
          <HiddenField name="carrierId" value={carrierId} />
          <StepUpField kind="always" />
          <SubmitButton look="quiet">{t('issue')}</SubmitButton>
        </ActionForm>
      )}
      {live.length === 0 ? <Notice title={t('no_keys')} /> : null}
      {onPaper ? <Notice title={t('keys_rest')} /> : null}
      {keys.length === 0 ? null : (
        <Table
          caption={t('keys')}
          captionHidden
          columns={[
            { head: t('created'), cell: (key) => <Time at={key.createdAt} form="stamp" /> },
            {
              head: t('used'),
              cell: (key) => (key.lastUsedAt ? <Time at={key.lastUsedAt} form="stamp" /> : t('never_used')),
            },
            {
              head: t('key_state'),
              cell: (key) =>
                key.revokedAt ? <Tag tone="plain">{t('revoked')}</Tag> : <Tag tone="ok">{t('live')}</Tag>,
            },
            {
              head: t('act'),
              phone: 'below',
              cell: (key) =>
                key.revokedAt ? null : (
                  <Link
                    href={{
                      pathname: '/admin/carriers/[carrier]/keys/[key]',
                      params: { carrier: carrierId, key: key.id },
                    }}
                  >
                    {t(live.length === 1 ? 'revoke_last' : 'revoke_one')}
                  </Link>
                ),
            },
          ]}
          rows={keys}
          keyOf={(key) => key.id}
        />
      )}
    </Card>
  )
}
