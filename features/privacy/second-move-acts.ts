import '#server-only'
import type { Deciding } from '#features/approvals/acts.ts'
import type { ApprovalKind } from '#features/approvals/rules.ts'
import { moveCase } from '#features/cases/moves/acts.ts'
import type { Move } from '#features/cases/moves/rules.ts'
import type { CaseSnapshot } from '#features/cases/record/snapshot-rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { staffScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { inScope } from '#platform/scope.ts'

// A second person's decision on a case's data is also a move of the case, with its event, audit entry and message.

/** `changed`: the case no longer permits it. */
export type MoveRefusal = 'forbidden' | 'changed' | 'text_missing'

type OfCase = Pick<Deciding<Extract<ApprovalKind, `case.${string}`>>, 'tx' | 'actor' | 'now'> & {
  readonly request: { readonly content: { readonly caseId: string } }
}

export const ofCaseData = {
  logs: 'by_move',
  within: <T>(work: () => Promise<T>, actor: StaffActor): Promise<T> => {
    const scope = staffScope(actor)
    return scope ? inScope(scope, work) : work()
  },
} as const

export async function makeMove(
  { tx, actor, now, request }: OfCase,
  move: Move,
  text: string | null,
): Promise<Result<CaseSnapshot, MoveRefusal>> {
  const scope = staffScope(actor)
  if (!scope) return err('forbidden')
  const { caseId } = request.content
  const moved = await moveCase(tx, scope, actor, { caseId, version: null, move, text: text ?? '' }, now)
  if (moved.ok) return moved
  return err(moved.error === 'forbidden' || moved.error === 'text_missing' ? moved.error : 'changed')
}

/** Declines with the typed reason. If the case was erased meanwhile, the reason is not stored. */
export async function declineMove(
  of: OfCase & { readonly reason: string },
  move: Move,
): Promise<Result<unknown, MoveRefusal>> {
  const moved = await makeMove(of, move, of.reason)
  return moved.ok || moved.error === 'changed' ? ok(null) : moved
}
