import '#server-only'
import type { StaffReader } from '#lib/access/actor.ts'
import { staffScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { type DecisionInput, type DecisionRefusal, decideCase } from '../decisions/acts.ts'
import { discloseCase } from '../disclosure/acts.ts'
import { reasonAtHand } from '../disclosure/rules.ts'
import { find } from '../record/data.ts'

/**
 * Takes a case and opens its evidence with the same press: two acts, each at most once for its key and each in the log.
 * Answers whether it lies open; a case that was taken stays so where it does not.
 */
export async function takeAndOpen(
  actor: StaffReader,
  input: DecisionInput & { readonly openKey: string },
  now: Instant,
): Promise<Result<boolean, DecisionRefusal>> {
  const taken = await decideCase(actor, { ...input, decision: 'take' }, now)
  if (!taken.ok) return taken
  const scope = staffScope(actor)
  const c = scope && (await find(scope, { number: input.number }))
  const reason = c && reasonAtHand(c, actor, now)
  if (!reason) return scope ? ok(false) : err('forbidden')
  const opening = { number: input.number, submitKey: input.openKey, reason, note: '' }
  return ok((await discloseCase(actor, opening, now)).ok)
}
