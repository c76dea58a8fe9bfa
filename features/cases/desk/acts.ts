import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { staffScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { inScope } from '#platform/scope.ts'
import { mayConsent, takeConsent } from '../citizen/acts.ts'
import type { CaseDeskAct } from '../citizen/rules.ts'
import { moveCase } from '../moves/acts.ts'
import type { CaseRefusal } from '../moves/transition-rules.ts'
import { findCase } from '../record/data.ts'
import { isClaimConflict } from '../submission/acts.ts'

export interface DeskActInput {
  readonly number: string
  readonly version: number
  readonly submitKey: string
  readonly act: CaseDeskAct
  readonly message: string
}

type DeskActRefusal = CaseRefusal | 'not_found'

/**
 * Records what a citizen who came to police says or asks for, at most once per `submitKey`. The contact of the case is told, as
 * for an act on the page.
 */
export async function recordDeskAct(
  actor: StaffActor,
  { number, version, submitKey, act, message }: DeskActInput,
  now: Instant,
): Promise<Result<true, DeskActRefusal>> {
  const scope = staffScope(actor)
  if (!scope) return err('forbidden')
  const text = message.trim()
  if (text === '') return err('text_missing')
  const attempt = () =>
    inScope(scope, () =>
      actOnce<true, DeskActRefusal>(submitKey, `case.desk:${actor.id}`, now, async (tx) => {
        const c = await findCase(scope, { number }, tx)
        if (!c) return err('not_found')
        if (!(await mayConsent(tx, act, c.id))) return err('wrong_state')
        // The usual words say that somebody has the secret.
        const told = act === 'withdraw' ? { template: 'withdraw_at_desk' as const } : {}
        const moved = await moveCase(
          tx,
          scope,
          actor,
          { caseId: c.id, version, move: act, text, ...told },
          now,
        )
        if (!moved.ok) return moved
        await takeConsent(tx, act, c.id, now)
        return ok(true)
      }),
    )
  return attempt().catch((error: unknown) => {
    // Another case took the phone's claim between this read and this write: the second try leaves it there.
    if (isClaimConflict(error)) return attempt()
    throw error
  })
}
