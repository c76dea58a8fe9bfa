import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { type CaseScope, staffScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import {
  againstCase,
  countOpen,
  objectionsAfter,
  type QueuedObjection,
  type QueuePlace,
} from '../repository/queue.ts'
import { readObjectionSearch } from '../rules/search.ts'

export type { QueuedObjection, QueuePlace }

const PAGE = 25

export interface ObjectionPage {
  readonly rows: readonly QueuedObjection[]
  readonly next: QueuePlace | null
}

/** Returns a page of the objections that wait in a person's scope, the earliest due first. */
export async function objectionQueue(actor: StaffActor, after: QueuePlace | null): Promise<ObjectionPage> {
  const scope = staffScope(actor)
  if (!scope) return { rows: [], next: null }
  return pageOf(await objectionsAfter(scope, null, after, PAGE + 1))
}

/**
 * Finds the objections of a reader's scope that a text means, over or not, and returns a page of them; null when the
 * text can mean none.
 */
export async function findObjections(
  actor: StaffActor,
  text: string,
  after: QueuePlace | null,
  now: Instant,
): Promise<ObjectionPage | null> {
  const scope = staffScope(actor)
  const search = readObjectionSearch(text, now)
  return scope && search && pageOf(await objectionsAfter(scope, search, after, PAGE + 1))
}

function pageOf(found: readonly QueuedObjection[]): ObjectionPage {
  const rows = found.slice(0, PAGE)
  return { rows, next: found.length > PAGE ? (rows.at(-1) ?? null) : null }
}

/** Counts the objections that wait for police in a person's scope, and the overdue ones among them. */
export async function objectionsWaiting(
  actor: StaffActor,
  now: Instant,
): Promise<{ readonly open: number; readonly overdue: number }> {
  const scope = staffScope(actor)
  return scope ? countOpen(scope, now) : { open: 0, overdue: 0 }
}

/** Returns the objections to the block of a case that its reader has reached already. */
export const objectionsAgainst = (scope: CaseScope, caseId: string) => againstCase(scope, caseId)

export { grantedAgainst } from '../repository/objections.ts'
