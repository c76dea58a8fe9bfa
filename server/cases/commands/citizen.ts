import '#server-only'
import type { CaseScope } from '#domain/access/scope.ts'
import type { CitizenAct } from '#domain/case/citizen-acts.ts'
import type { CaseRefusal } from '#domain/case/transition.ts'
import type { EvidenceKind } from '#domain/evidence/kind.ts'
import { err, ok, type Result } from '#domain/result.ts'
import type { Instant } from '#domain/time.ts'
import { discardFiles, keepEvidence, type ReceivedFile } from '#server/evidence/commands.ts'
import type { CaseKey } from '#server/platform/crypto.ts'
import { uniqueViolation } from '#server/platform/db.ts'
import { inScope } from '#server/platform/scope.ts'
import { actOnce } from '#server/submissions/commands.ts'
import { moveCase } from './move.ts'

export interface CitizenMove {
  /** The key of the case: whoever has it has received the files under it. */
  readonly key: CaseKey
  /** The version that the page showed. */
  readonly version: number
  readonly act: CitizenAct
  readonly message: string
  readonly submitKey: string
  readonly kind: EvidenceKind
  readonly files: readonly ReceivedFile[]
}

export type CitizenRefusal = CaseRefusal | 'too_many' | 'gone'

/**
 * Does one act of a citizen on their own case, with the files that came with it, once a `submitKey`. Needs the full
 * access that the secret gives. Files that are not kept, because the act was refused or done before or because the
 * case had them already, are removed from the store.
 */
export async function actAsCitizen(
  scope: CaseScope,
  move: CitizenMove,
  now: Instant,
): Promise<Result<null, CitizenRefusal>> {
  const done = await attempt(scope, move, now).catch((error: unknown) => {
    // Somebody got the phone's claim between our look and our write: looked at again, the appeal goes on as a
    // counter-claim.
    if (move.act === 'appeal' && uniqueViolation(error)) return attempt(scope, move, now)
    throw error
  })
  // After an unexpected failure nobody knows what was kept: the store's own sweep finds what belongs to nothing.
  const kept = done.ok ? done.value.kept : []
  await discardFiles(move.files.filter((file) => !kept.includes(file.id)).map(ok))
  return done.ok ? ok(null) : done
}

/** Answers the ids of the files that are kept: those of the first sending, when this is another. */
const attempt = (scope: CaseScope, move: CitizenMove, now: Instant) =>
  inScope(scope, () =>
    actOnce<{ kept: string[] }, CitizenRefusal>(
      move.submitKey,
      `case.${move.key.caseId}.citizen`,
      now,
      async (tx) => {
        if (scope.kind !== 'one' || scope.access !== 'full') return err('forbidden')
        const actor = { kind: 'citizen' } as const
        const { key, version, act, message, kind, files } = move
        const moved = await moveCase(
          tx,
          scope,
          actor,
          { caseId: key.caseId, version, move: act, text: message },
          now,
        )
        if (!moved.ok) return moved
        if (files.length === 0) return ok({ kept: [] })
        const stored = await keepEvidence(tx, { key, actor, kind, files, eventSeq: version + 1 }, now)
        if (!stored.ok) return stored
        return ok({
          kept: files.filter((file) => !stored.value.repeated.includes(file)).map((file) => file.id),
        })
      },
    ),
  )
