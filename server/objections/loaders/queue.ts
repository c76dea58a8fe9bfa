import '#server-only'
import type { StaffActor } from '#domain/access/actor.ts'
import { type CaseScope, staffScope } from '#domain/access/scope.ts'
import type { Instant } from '#domain/time.ts'
import {
  againstCase,
  countOpen,
  type QueuedObjection,
  type QueuePlace,
  waitingAfter,
} from '../repository/queue.ts'

export type { QueuedObjection, QueuePlace }

const PAGE = 25

/** A page of the objections that wait in somebody's scope, what is due first on top. */
export async function objectionQueue(
  actor: StaffActor,
  after: QueuePlace | null,
): Promise<{ readonly rows: readonly QueuedObjection[]; readonly next: QueuePlace | null }> {
  const scope = staffScope(actor)
  if (!scope) return { rows: [], next: null }
  const found = await waitingAfter(scope, after, PAGE + 1)
  const rows = found.slice(0, PAGE)
  return { rows, next: found.length > PAGE ? (rows.at(-1) ?? null) : null }
}

/** How many objections wait for police in somebody's scope, and how many of them are overdue. */
export async function objectionsWaiting(
  actor: StaffActor,
  now: Instant,
): Promise<{ readonly open: number; readonly overdue: number }> {
  const scope = staffScope(actor)
  return scope ? countOpen(scope, now) : { open: 0, overdue: 0 }
}

/** The objections to the block of a case that its reader has reached already. */
export const objectionsAgainst = (scope: CaseScope, caseId: string) => againstCase(scope, caseId)
