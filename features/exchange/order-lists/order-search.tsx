import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field, HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { type Tab, Tabs } from '#components/ui/tabs.tsx'
import type { FormAction } from '#lib/form-state.ts'
import type { Route } from '#messages/paths.ts'
import {
  COUNTED_UP_TO,
  type GroupCounts,
  ORDER_GROUPS,
  type OrderGroup,
  type OrderList,
} from '../orders/rules.ts'

/** Renders the search of a list of orders; the relay's also finds cases. It is posted, so that no IMEI is in an address. */
export async function OrderSearchBox({
  action,
  typed,
  of,
  carrierId,
}: {
  readonly action: FormAction
  readonly typed: string
  readonly of: 'relay' | 'carrier'
  readonly carrierId: string | null
}) {
  const t = await getTranslations('exchange.search')
  return (
    <search>
      <ActionForm
        action={action}
        scope="find"
        className="flex flex-wrap items-end gap-2"
        initial={{ q: typed }}
      >
        {carrierId === null ? null : <HiddenField name="carrier" value={carrierId} />}
        <Field
          name="q"
          type="search"
          label={t('label')}
          placeholder={t('label')}
          hint={t(of === 'relay' ? 'hint' : 'hint_carrier')}
          shortcut="/"
        />
        <SubmitButton look="quiet">{t('find')}</SubmitButton>
      </ActionForm>
    </search>
  )
}

export async function OrderTabs({
  counts,
  current,
  lists = [],
  route,
}: {
  readonly counts: GroupCounts
  readonly current: OrderGroup | OrderList | null
  readonly lists?: readonly OrderList[]
  readonly route: (view: OrderGroup | OrderList | null) => Route
}) {
  const t = await getTranslations('exchange')
  const all = ORDER_GROUPS.reduce((sum, group) => sum + counts[group], 0)
  const written = (count: number) => (count > COUNTED_UP_TO ? `${COUNTED_UP_TO}+` : count)
  const tabs: Tab[] = [null, ...ORDER_GROUPS].map((group) => ({
    key: group ?? 'all',
    href: route(group),
    label: t(`group.${group ?? 'all'}`),
    count: written(group === null ? all : counts[group]),
    current: group === current,
  }))
  const across: Tab[] = lists.map((list) => ({
    key: list,
    href: route(list),
    label: t(`list.${list}`),
    current: list === current,
  }))
  return <Tabs label={t('orders.views')} tabs={[...tabs, ...across]} />
}

export async function SearchNote({
  typed,
  unreadable,
  more,
  of,
}: {
  readonly typed: string
  readonly unreadable: boolean
  readonly more: boolean
  readonly of: 'relay' | 'carrier'
}) {
  const t = await getTranslations('exchange.search')
  if (unreadable)
    return <p role="status">{t(of === 'relay' ? 'unreadable' : 'unreadable_carrier', { typed })}</p>
  return more ? <p role="status">{t('more')}</p> : null
}
