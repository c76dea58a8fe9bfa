import { type CaseState, stateOf } from '../record/state-rules.ts'
import type { Chapter } from '../standing/rules.ts'

/** The steps of the picture on top of the case page: to the block, back from it, or to an early end. */
export const WAY_STEPS = [
  'received',
  'verify',
  'approve',
  'carriers',
  'blocked',
  'unblock_review',
  'unblock_carriers',
  'unblocked',
  'withdrawing',
  'withdrawn',
  'rejected',
  'expired',
] as const
export type WayStep = (typeof WAY_STEPS)[number]

export interface WayEntry {
  readonly step: WayStep
  readonly when: 'done' | 'now' | 'next'
}

const TO_BLOCK = ['received', 'verify', 'approve', 'carriers', 'blocked'] as const
const TO_UNBLOCK = ['blocked', 'unblock_review', 'unblock_carriers', 'unblocked'] as const

/**
 * The step that each state is at, and the sequence of steps that it belongs to; past the last step where all are done.
 */
const PLACE: Readonly<Record<CaseState, { readonly way: readonly WayStep[]; readonly at: number }>> = {
  submitted: { way: TO_BLOCK, at: 0 },
  under_review: { way: TO_BLOCK, at: 1 },
  info_requested: { way: TO_BLOCK, at: 1 },
  verified: { way: TO_BLOCK, at: 2 },
  blocking: { way: TO_BLOCK, at: 3 },
  blocked: { way: TO_BLOCK, at: 5 },
  unblock_review: { way: TO_UNBLOCK, at: 1 },
  unblocking: { way: TO_UNBLOCK, at: 2 },
  unblocked: { way: TO_UNBLOCK, at: 4 },
  rejected: { way: ['received', 'verify', 'rejected'], at: 3 },
  withdrawn: { way: ['received', 'withdrawn'], at: 2 },
  expired: { way: ['received', 'verify', 'expired'], at: 3 },
}

/** Returns the steps of a case as its picture shows them: those done, the present one, and those to come. */
export function wayOf(state: CaseState, chapter: Chapter): readonly WayEntry[] {
  const { way, at } = PLACE[state]
  if (chapter === 'withdrawing' && stateOf(state).active)
    return [
      ...way.slice(0, at).map(done),
      { step: 'withdrawing', when: 'now' },
      { step: 'withdrawn', when: 'next' },
    ]
  return way.map((step, index) => ({ step, when: index < at ? 'done' : index === at ? 'now' : 'next' }))
}

const done = (step: WayStep): WayEntry => ({ step, when: 'done' })
