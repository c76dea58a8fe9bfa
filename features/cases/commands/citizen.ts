import '#server-only'
import { holdEvidence } from '#features/evidence/commands.ts'
import type { CaseScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { uniqueViolation } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { inScope } from '#platform/scope.ts'
import type { CitizenAct } from '../rules/citizen-acts.ts'
import type { GivenImei } from '../rules/given-imei.ts'
import { needs, ruleOf } from '../rules/moves.ts'
import { imeisGiven } from './imei.ts'
import { discardUnkept, type FilesRefusal, type MoveWithFiles, moveWithFiles } from './move-with-files.ts'

export interface CitizenMove extends Omit<MoveWithFiles, 'move' | 'text'> {
  readonly act: CitizenAct
  readonly message: string
  /** For `give_imei`. */
  readonly imei?: GivenImei | null
  readonly submitKey: string
}

export type CitizenRefusal = FilesRefusal

/**
 * Does one act of a citizen on their own case, with the files that came with it, once a `submitKey`. Needs the full
 * access that the secret gives.
 */
export async function actAsCitizen(
  scope: CaseScope,
  move: CitizenMove,
  now: Instant,
): Promise<Result<null, CitizenRefusal>> {
  const first = await attempt(scope, move, now).catch((error: unknown) => {
    // Somebody got the phone's claim between our look and our write: looked at again, the appeal goes on as a
    // counter-claim.
    if (needs(move.act, 'claimTaken') && uniqueViolation(error)) return attempt(scope, move, now)
    throw error
  })
  // So may a carrier or a clock have been faster there, and the act goes on; what people have changed stays refused.
  const done = !first.ok && first.error === 'stale' ? await attempt(scope, move, now) : first
  await discardUnkept(move.files, done)
  return done.ok ? ok(null) : done
}

/** Answers the ids of the files that are kept: those of the first sending, when this is another. */
const attempt = (scope: CaseScope, { act, message, imei, submitKey, ...files }: CitizenMove, now: Instant) =>
  inScope(scope, () =>
    actOnce<{ kept: string[] }, CitizenRefusal>(
      submitKey,
      `case.${files.key.caseId}.citizen`,
      now,
      async (tx) => {
        if (scope.kind !== 'one' || scope.access !== 'full') return err('forbidden')
        const imeis = ruleOf(act).setsImei ? await imeisGiven(tx, scope.caseId, imei, 'citizen') : null
        if (imeis && !imeis.ok) return imeis
        // A number that somebody only says is theirs holds a phone for nobody: it comes with a proof, as in a report.
        const proven = files.files.length > 0 || (imei && 'chosen' in imei) || !imeis
        if (!proven && (await holdEvidence(tx, scope.caseId)) === 0) return err('no_proof')
        const move = { ...files, move: act, text: message, ...(imeis && { imeis: imeis.value }) }
        return moveWithFiles(tx, scope, { kind: 'citizen' }, move, now)
      },
    ),
  )
