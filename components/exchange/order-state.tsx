import { getTranslations } from 'next-intl/server'
import { Tag, type Tone } from '#components/ui/tag.tsx'
import type { OrderAction, OrderState } from '#domain/exchange/order.ts'

const TONES: Readonly<Record<OrderState, Tone>> = {
  queued: 'wait',
  sent: 'wait',
  acknowledged: 'wait',
  applied: 'ok',
  failed: 'bad',
  exempt: 'neutral',
  superseded: 'plain',
  cancelled: 'plain',
}

/** Where an order stands, in a word or two. */
export async function OrderStateTag({
  action,
  state,
}: {
  readonly action: OrderAction
  readonly state: OrderState
}) {
  const t = await getTranslations('exchange.state')
  const words = state === 'applied' && action === 'unblock' ? 'lifted' : state
  return <Tag tone={TONES[state]}>{t(words)}</Tag>
}
