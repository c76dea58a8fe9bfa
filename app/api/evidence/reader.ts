import { citizenScope, staffScope } from '#domain/access/scope.ts'
import type { Instant } from '#domain/time.ts'
import { citizenCase } from '#server/entry/citizen.ts'
import { draftCookie } from '#server/entry/draft.ts'
import { objectionCookie, openObjection } from '#server/entry/objection.ts'
import { currentStaff } from '#server/entry/session.ts'
import type { FileReader } from '#server/evidence/loaders.ts'
import { objectionForEvidence } from '#server/objections/loaders/draft.ts'
import { draftForEvidence } from '#server/reports/loaders.ts'

/** A browser may be signed in, have a case open and write a draft at once: each is asked in turn. */
export async function* readersOf(now: Instant): AsyncGenerator<FileReader> {
  const staff = await currentStaff()
  const scope = staff && staffScope(staff)
  if (staff && scope) yield { scope, actor: staff }
  const opened = await citizenCase(now)
  if (opened) yield { scope: opened.scope, actor: { kind: 'citizen' } }
  const draft = await draftForEvidence(await draftCookie(), now)
  if (draft) yield { scope: citizenScope(draft.id, 'full'), actor: { kind: 'citizen' } }
  const objection = await openObjection(now)
  if (objection) yield { scope: objection.scope, actor: { kind: 'citizen' } }
  const begun = await objectionForEvidence(await objectionCookie(), now)
  if (begun) yield { scope: citizenScope(begun.id, 'full'), actor: { kind: 'citizen' } }
}
