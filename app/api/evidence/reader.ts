import type { FileReader } from '#features/evidence/queries.ts'
import { objectionForEvidence } from '#features/objections/queries/draft.ts'
import { draftForEvidence } from '#features/reporting/queries.ts'
import { citizenCase } from '#http/citizen.ts'
import { draftCookie } from '#http/draft.ts'
import { objectionCookie, openObjection } from '#http/objection.ts'
import { currentStaff } from '#http/session.ts'
import { citizenScope, staffScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'

/**
 * Yields the readers that this browser may be, one after another. It may be signed in, have a case open and
 * write a draft at once.
 */
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
