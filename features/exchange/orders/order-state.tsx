import { getTranslations } from 'next-intl/server'
import { Tag, type Tone } from '#components/ui/tag.tsx'
import type { WayOnPaper } from '../letters/rules.ts'
import type { OrderAction, OrderState } from './rules.ts'

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

const APPLIED = { block: 'applied', unblock: 'lifted', watch: 'watched' } as const satisfies Record<
  OrderAction,
  string
>

export async function OrderStateTag({
  order: { action, state, paper },
}: {
  readonly order: {
    readonly action: OrderAction
    readonly state: OrderState
    /** The stage reached; only for an order on paper. */
    readonly paper?: WayOnPaper | null
  }
}) {
  const t = await getTranslations('exchange.state')
  const onPaper = paper && (state === 'queued' || state === 'sent')
  const words = state === 'applied' ? APPLIED[action] : state
  return <Tag tone={TONES[state]}>{t(onPaper ? `${state}_letter` : words)}</Tag>
}
