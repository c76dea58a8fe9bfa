import { getLocale, getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { Time } from '#components/ui/time.tsx'
import { type DrillReport, findDrill } from '#features/exchange/drills/data.ts'
import { DrillOrders } from '#features/exchange/drills/drill-orders.tsx'
import { drillState } from '#features/exchange/drills/rules.ts'
import { DrillStateTag } from '#features/exchange/orders/state-tags.tsx'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { carrierScope } from '#lib/access/scope.ts'
import { titled } from '#messages/page-title.ts'
import { stopDrillAction } from '../actions.ts'

export const access = 'drill:run' satisfies Access

export const generateMetadata = titled('drills', 'one')

export default async function DrillPage({ params }: PageProps<'/[locale]/admin/drills/[drill]'>) {
  const staff = await requireStaff(access)
  const id = z.uuid().safeParse((await params).drill)
  const scope = carrierScope(staff)
  const drill = scope && id.success ? await findDrill(scope, id.data) : null
  if (!drill) notFoundPage(await getLocale())
  const t = await getTranslations('drills')
  const state = drillState(drill)
  return (
    <div className="stack-l">
      <PageHeader
        kicker={<Link href="/admin/drills">{t('kicker', { carrier: drill.carrier.name })}</Link>}
        title={t('title_of', { count: drill.phones })}
      >
        <p className="flex flex-wrap gap-1.5" data-drill={drill.id} data-drill-state={state}>
          <Tag icon={null}>{t('tag')}</Tag>
          <DrillStateTag state={state} />
        </p>
      </PageHeader>
      <Standing drill={drill} />
      {state === 'ended' ? null : <Stop drillId={drill.id} />}
      {(['block', 'unblock'] as const).map((action) => {
        const orders = drill.orders.filter((order) => order.action === action)
        return orders.length === 0 ? null : <DrillOrders key={action} action={action} orders={orders} />
      })}
    </div>
  )
}

async function Standing({ drill }: { readonly drill: DrillReport }) {
  const t = await getTranslations('drills')
  const state = drillState(drill)
  const at = (time: Date) => () => <Time at={time} />
  return (
    <Notice tone="info" title={t(drill.stoppedById === null ? `standing.${state}` : 'standing.stopped')}>
      <p>{t.rich('began', { at: at(drill.startedAt) })}</p>
      <p>{t.rich(`until.${state}`, { at: at(drill.endedAt ?? drill.dueAt) })}</p>
    </Notice>
  )
}

async function Stop({ drillId }: { readonly drillId: string }) {
  const t = await getTranslations('drills')
  return (
    <Card>
      <h2>{t('stop_title')}</h2>
      <p>{t('stop_text')}</p>
      <ActionForm action={stopDrillAction} scope="stop" className="stack">
        <HiddenField name="drillId" value={drillId} />
        <SubmitButton look="quiet">{t('stop')}</SubmitButton>
      </ActionForm>
    </Card>
  )
}
