import type { Actor } from '#domain/access/actor.ts'
import { type CaseScope, citizenScope } from '#domain/access/scope.ts'
import type { Instant } from '#domain/time.ts'
import { draftCookie } from '#server/entry/draft.ts'
import { draftForEvidence } from '#server/reports/loaders.ts'

/** Somebody whom this browser may be, and the cases whose files they see. */
export interface Reader {
  readonly scope: CaseScope
  readonly actor: Actor
}

/** A browser may write a draft, have a case open and be signed in at once: each is asked in turn. */
export async function readersOf(now: Instant): Promise<readonly Reader[]> {
  const draft = await draftForEvidence(await draftCookie(), now)
  return draft ? [{ scope: citizenScope(draft.id, 'full'), actor: { kind: 'citizen' } }] : []
}
