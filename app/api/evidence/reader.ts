import type { Actor } from '#domain/access/actor.ts'
import { type CaseScope, citizenScope } from '#domain/access/scope.ts'
import type { Instant } from '#domain/time.ts'
import { citizenCase } from '#server/entry/citizen.ts'
import { draftCookie } from '#server/entry/draft.ts'
import { draftForEvidence } from '#server/reports/loaders.ts'

/** Somebody whom this browser may be, and the cases whose files they see. */
export interface Reader {
  readonly scope: CaseScope
  readonly actor: Actor
}

/** A browser may write a draft, have a case open and be signed in at once: each is asked in turn. */
export async function readersOf(now: Instant): Promise<readonly Reader[]> {
  const [draft, visit] = await Promise.all([
    draftCookie().then((cookie) => draftForEvidence(cookie, now)),
    citizenCase(now),
  ])
  const actor = { kind: 'citizen' } as const
  return [
    ...(draft ? [{ scope: citizenScope(draft.id, 'full'), actor }] : []),
    ...(visit?.access === 'full' ? [{ scope: visit.scope, actor }] : []),
  ]
}
