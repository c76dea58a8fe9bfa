import { getTranslations } from 'next-intl/server'
import { Tag } from '#components/ui/tag.tsx'
import type { Instant } from '#lib/time.ts'
import { SOON } from '../rules/queue.ts'
import { type CaseHold, type CaseState, stateOf } from '../rules/state.ts'
import { lengthIn } from './length.ts'

export interface DueProps {
  readonly state: CaseState
  readonly dueAt: Instant
  /** When another person should have confirmed a temporary block that waits; nothing where none does. */
  readonly holdWaitsUntil?: Instant | null
  readonly withdrawEffectiveAt: Instant | null
  /** The hold that keeps the case waiting for city police, at rest as well. */
  readonly held: CaseHold | null
  readonly now: Instant
}

/**
 * Shows how much time is left to those who have the case, in words, the clock of a temporary block first; shows nothing
 * where nobody owes anything.
 */
export async function Due({ holdWaitsUntil = null, ...props }: DueProps) {
  if (holdWaitsUntil === null) return <CaseDue {...props} />
  return (
    <span
      className="inline-flex flex-wrap justify-end gap-1.5 md:justify-start"
      data-hold-due={holdWaitsUntil.toISOString()}
    >
      <Left due={holdWaitsUntil} now={props.now} ofHold />
      <CaseDue {...props} />
    </span>
  )
}

async function CaseDue({ state, dueAt, withdrawEffectiveAt, held, now }: Omit<DueProps, 'holdWaitsUntil'>) {
  const t = await getTranslations('case-staff.due')
  if (stateOf(state).atRest && held === null) return null
  if (withdrawEffectiveAt) return <Tag tone="wait">{t('withdrawing')}</Tag>
  if (stateOf(state).clock === 'reply')
    return <span className="text-soft md:whitespace-nowrap">{t('citizen')}</span>
  return <Left due={dueAt} now={now} />
}

async function Left({ due, now, ofHold = false }: { due: Instant; now: Instant; ofHold?: boolean }) {
  const t = await getTranslations('case-staff.due')
  const left = due.getTime() - now.getTime()
  const time = lengthIn(Math.abs(left))
  const words = t(time.unit, { count: time.count })
  if (left < 0) return <Tag tone="bad">{t(ofHold ? 'hold_overdue' : 'overdue', { time: words })}</Tag>
  if (left < SOON || ofHold) return <Tag tone="wait">{t(ofHold ? 'hold_left' : 'left', { time: words })}</Tag>
  return <span className="text-soft md:whitespace-nowrap">{t('left', { time: words })}</span>
}
