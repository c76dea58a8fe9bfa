import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { Time } from '#components/ui/time.tsx'
import { Written } from '#components/ui/written.tsx'
import { namesOf } from '#features/accounts/data.ts'
import { alertPage, type LookupAlert } from '#features/disclosures/lookups/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { writeCursor } from '#lib/cursor.ts'
import { logWords } from '#messages/log-words.ts'
import { acknowledgeAction } from './actions.ts'

/**
 * Shows people who looked up more persons in an hour than their duty explains, and account changes that can lead to a block.
 * Newest first; null if there are none.
 */
export async function AlertList({
  staff,
  below,
}: {
  readonly staff: StaffActor
  readonly below: Parameters<typeof alertPage>[1]
}) {
  const [t, { alerts, next }] = await Promise.all([
    getTranslations('disclosure.alert'),
    alertPage(staff, below),
  ])
  if (alerts.length === 0) return null
  const names = await namesOf(
    alerts.flatMap(({ accountId, seenById, subjectId }) =>
      [accountId, seenById, subjectId].filter((id) => id !== null),
    ),
  )
  const key = next && writeCursor({ at: next.raisedAt, id: next.id })
  return (
    <section className="stack" id="alerts">
      <h2>{t('title')}</h2>
      <ul className="stack list-none">
        {alerts.map((alert) => (
          <li key={alert.id} className="max-w-none" data-alert={alert.id} data-lookups={alert.count}>
            <Alert alert={alert} names={names} />
          </li>
        ))}
      </ul>
      {key === null ? null : <Pagination next={{ pathname: '/admin/audit', query: { alerts: key } }} />}
    </section>
  )
}

async function Alert({
  alert,
  names,
}: {
  readonly alert: LookupAlert
  readonly names: ReadonlyMap<string, string>
}) {
  const [t, words] = await Promise.all([getTranslations('disclosure.alert'), logWords()])
  const { id, accountId, count, since, lastAt, seenAt, seenById, seenNote, act, subjectId } = alert
  const name = names.get(accountId) ?? accountId
  return (
    <Card>
      <p className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <Tag tone={seenAt ? 'plain' : 'bad'}>{t(seenAt ? 'seen' : 'open')}</Tag>
        <b>{act === null ? t('many', { name, count }) : t('account', { name, act: words.act(act) })}</b>
        {subjectId === null || subjectId === accountId ? null : (
          <span>{t('of', { name: names.get(subjectId) ?? subjectId })}</span>
        )}
        <span className="text-soft">
          {act === null ? (
            <>
              <Time at={since} form="moment" /> –{' '}
            </>
          ) : null}
          <Time at={lastAt} form="moment" />
        </span>
        <Link href={{ pathname: '/admin/audit', query: { actor: accountId } }}>{t('entries')}</Link>
      </p>
      {seenAt ? (
        <p className="wrap-anywhere whitespace-pre-line">
          <span className="text-soft">
            {names.get(seenById ?? '')}, <Time at={seenAt} form="moment" />:
          </span>{' '}
          <Written>{seenNote}</Written>
        </p>
      ) : (
        <ActionForm action={acknowledgeAction} scope={`alert-${id}`} className="stack">
          <HiddenField name="alertId" value={id} />
          <TextArea name="alertNote" label={t('note')} hint={t('note_hint')} rows={2} />
          <SubmitButton look="quiet" size="small">
            {t('button')}
          </SubmitButton>
        </ActionForm>
      )}
    </Card>
  )
}
