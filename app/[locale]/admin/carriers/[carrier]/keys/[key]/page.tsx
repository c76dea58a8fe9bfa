import type { Metadata } from 'next'
import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Checkbox } from '#components/form/choices.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { carrierKeys } from '#features/exchange/queries/keys.ts'
import { carrierStanding } from '#features/exchange/queries/relay.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { carrierScope } from '#lib/access/scope.ts'
import { missingPath, pathFor } from '#messages/paths.ts'
import { MayDecide } from '../../../../may-decide.tsx'
import { StepUpField } from '../../../../step-up-field.tsx'
import { revokeKeyAction } from '../../actions.ts'
import { CarrierHeader } from '../../carrier-header.tsx'

export const access = 'carrier:attend' satisfies Access

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('exchange.carrier'))('last.title') }
}

/** Says what follows when a carrier's last key is revoked, before it is. */
export default async function LastKeyPage({
  params,
}: {
  params: Promise<{ readonly carrier: string; readonly key: string }>
}) {
  const staff = await requireStaff(access)
  const [{ carrier: id, key: keyId }, t, locale] = await Promise.all([
    params,
    getTranslations('exchange.carrier'),
    getLocale(),
  ])
  const scope = carrierScope(staff)
  const carrier = scope && (await carrierStanding(scope, id, new Date()))
  if (!scope || !carrier) redirect(missingPath(locale))
  const live = (await carrierKeys(scope, id)).filter((key) => key.revokedAt === null)
  const page = { pathname: '/admin/carriers/[carrier]', params: { carrier: id } } as const
  if (live.length !== 1 || live[0]?.id !== keyId) redirect(pathFor(locale === 'en' ? 'en' : 'vi', page))
  return (
    <div className="stack-l">
      <CarrierHeader carrier={carrier} current="connection" />
      <Card>
        <h2>{t('last.title')}</h2>
        <Notice title={t('last.cut_off', { carrier: carrier.name })}>
          <p>{t('last.follows', { count: carrier.waiting })}</p>
        </Notice>
        <p>
          {t('last.better')} <Link href={{ ...page, hash: 'keys' }}>{t('last.make')}</Link>
        </p>
        <MayDecide>
          <ActionForm action={revokeKeyAction} className="stack">
            <HiddenField name="keyId" value={keyId} />
            <Checkbox name="evenIfLast" value="yes" label={t('last.meant', { carrier: carrier.name })} />
            <StepUpField kind="always" />
            <SubmitButton look="danger">{t('last.revoke')}</SubmitButton>
          </ActionForm>
        </MayDecide>
      </Card>
    </div>
  )
}
