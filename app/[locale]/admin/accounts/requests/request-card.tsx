import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { SummaryList } from '#components/ui/summary-list.tsx'
import { Time } from '#components/ui/time.tsx'
import { accountWaitHours, type PendingRequest } from '#features/accounts/queries.ts'
import type { Post } from '#features/accounts/rules/post.ts'
import { allUnits } from '#features/areas/queries.ts'
import { carrierNames } from '#features/exchange/queries/relay.ts'
import { knownAgencies } from '#features/ratings/queries/rating.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { MayDecide } from '../../may-decide.tsx'
import { nameOf } from '../../name-of.ts'
import { StepUpField } from '../../step-up-field.tsx'
import { confirmRequestAction, refuseRequestAction, withdrawRequestAction } from './actions.ts'

interface Props {
  readonly staff: StaffActor
  readonly request: PendingRequest
}

/** Renders one request: whose account, what would change, who asked, and what a confirmation does. */
export async function RequestCard({ staff, request }: Props) {
  const { kind, account, requestedBy, requestedAt, expiresAt } = request
  const t = await getTranslations('admin.requests')
  const changed = kind === 'change' && account !== null
  const rows = [
    { key: 'address', term: t('address'), value: account?.email ?? request.email ?? '' },
    ...(kind === 'email' ? [{ key: 'new', term: t('new_address'), value: request.email ?? '' }] : []),
    ...(changed ? [{ key: 'now', term: t('now'), value: await postWords(account) }] : []),
    { key: 'then', term: t('then'), value: await postWords(request) },
    { key: 'asked', term: t('asked'), value: requestedBy.name },
    { key: 'asked_at', term: t('asked_at'), value: <Time at={requestedAt} form="moment" /> },
    { key: 'ends', term: t('ends'), value: <Time at={expiresAt} form="moment" /> },
  ]
  return (
    <Card>
      <h2>
        {t(`kind.${kind}`)}: {account?.name ?? request.name}
      </h2>
      <SummaryList rows={rows} />
      <Answer staff={staff} request={request} />
    </Card>
  )
}

/** Returns a role with its place, as on the page of all accounts. */
async function postWords({ role, unitId, agencyId, carrierId }: Post): Promise<string> {
  const [t, areas, rated, carriers] = await Promise.all([
    getTranslations('admin.role'),
    allUnits(),
    knownAgencies(new Date()),
    carrierNames(),
  ])
  const place = [
    await nameOf(areas, unitId),
    await nameOf(rated, agencyId),
    carriers.find(({ id }) => id === carrierId)?.name,
  ]
  return [t(role), ...place].filter(Boolean).join(', ')
}

async function Answer({ staff, request: { id, kind, accountId, requestedById } }: Props) {
  const t = await getTranslations('admin.requests')
  if (accountId === staff.id) return <p>{t('about_you')}</p>
  if (requestedById === staff.id) {
    return (
      <>
        <p>{t('yours')}</p>
        <MayDecide>
          <ActionForm action={withdrawRequestAction} scope={`withdraw-${id}`} className="stack">
            <HiddenField name="requestId" value={id} />
            <SubmitButton look="quiet">{t('withdraw')}</SubmitButton>
          </ActionForm>
        </MayDecide>
      </>
    )
  }
  return (
    <MayDecide>
      <p>
        {t(`does.${kind}`)} {t('waits', { hours: accountWaitHours() })}
      </p>
      <ActionForm action={confirmRequestAction} scope={`confirm-${id}`} className="stack">
        <HiddenField name="requestId" value={id} />
        <StepUpField kind="always" />
        <SubmitButton>{t('confirm')}</SubmitButton>
      </ActionForm>
      <ActionForm action={refuseRequestAction} scope={`refuse-${id}`} className="stack">
        <HiddenField name="requestId" value={id} />
        <SubmitButton look="quiet">{t('refuse')}</SubmitButton>
      </ActionForm>
    </MayDecide>
  )
}
