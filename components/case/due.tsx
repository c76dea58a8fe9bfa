import { getTranslations } from 'next-intl/server'
import { Tag } from '#components/ui/tag.tsx'
import type { CaseHold, CaseState } from '#domain/case/state.ts'
import { HOUR, type Instant } from '#domain/time.ts'
import { lengthIn } from './length.ts'

/** What is due within this time stands out. */
const SOON = 4 * HOUR

/** States in which nobody owes anything. */
const AT_REST: readonly CaseState[] = ['blocked', 'rejected', 'withdrawn', 'expired', 'unblocked']

export interface DueProps {
  readonly state: CaseState
  readonly dueAt: Instant
  readonly withdrawEffectiveAt: Instant | null
  /** What keeps it waiting for city police, at rest as well. */
  readonly held: CaseHold | null
  readonly now: Instant
}

/** How long whoever has the case still has, in words; nothing where nobody owes anything. */
export async function Due({ state, dueAt, withdrawEffectiveAt, held, now }: DueProps) {
  const t = await getTranslations('case-staff.due')
  if (AT_REST.includes(state) && held === null) return null
  if (withdrawEffectiveAt) return <Tag tone="wait">{t('withdrawing')}</Tag>
  if (state === 'info_requested')
    return <span className="text-soft md:whitespace-nowrap">{t('citizen')}</span>
  const left = dueAt.getTime() - now.getTime()
  const time = lengthIn(Math.abs(left))
  const words = t(time.unit, { count: time.count })
  if (left < 0) return <Tag tone="bad">{t('overdue', { time: words })}</Tag>
  if (left < SOON) return <Tag tone="wait">{t('left', { time: words })}</Tag>
  return <span className="text-soft md:whitespace-nowrap">{t('left', { time: words })}</span>
}
