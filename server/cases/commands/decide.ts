import '#server-only'
import type { StaffActor } from '#domain/access/actor.ts'
import { type CaseScope, staffScope } from '#domain/access/scope.ts'
import { type CaseDecision, moveOf } from '#domain/case/decisions.ts'
import { ruleOf } from '#domain/case/moves.ts'
import type { GivenCheck } from '#domain/case/proof.ts'
import type { CaseSnapshot } from '#domain/case/snapshot.ts'
import type { CaseRefusal } from '#domain/case/transition.ts'
import { err, ok, type Result } from '#domain/result.ts'
import type { Instant } from '#domain/time.ts'
import { tellOwner } from '#server/accounts/commands/tell-owner.ts'
import { assignable } from '#server/accounts/loaders.ts'
import { sealingFails } from '#server/audit/loaders.ts'
import { ordersSettled } from '#server/exchange/loaders/case.ts'
import { type Tx, uniqueViolation } from '#server/platform/db.ts'
import { inScope } from '#server/platform/scope.ts'
import { actOnce } from '#server/submissions/commands.ts'
import { find } from '../repository.ts'
import { acceptCounterclaim, resolveConflict } from './conflict.ts'
import { type CaseMove, moveCase } from './move.ts'

export interface DecisionInput {
  readonly number: string
  /** The version that was read. */
  readonly version: number
  readonly submitKey: string
  readonly decision: CaseDecision
  readonly reasonCode?: string | undefined
  readonly reason?: string | undefined
  readonly note?: string | undefined
  /** For `uphold`: the number of the case that is upheld. */
  readonly upheld?: string | undefined
  /** What the person found on the evidence. */
  readonly check?: GivenCheck
  /** For `reassign`: the colleague's account. */
  readonly assigneeId?: string | undefined
}

export type DecisionRefusal = CaseRefusal | 'not_found' | 'note_missing' | 'unsealed'

/**
 * What orders a block, or settles whose phone it is: nobody decides that while the audit log cannot be sealed. Lifting a
 * block that two people agree on goes on, for waiting would harm somebody innocent.
 */
const NEEDS_SEALING: readonly CaseDecision[] = ['approve', 'confirm_hold', 'uphold']

/**
 * Carries out what somebody of the police decided on a case, at most once for a `submitKey`. The one place where it
 * is settled whether they may: through the scope of their account and the rules of the lifecycle.
 */
export async function decideCase(
  actor: StaffActor,
  input: DecisionInput,
  now: Instant,
): Promise<Result<true, DecisionRefusal>> {
  const scope = staffScope(actor)
  if (!scope) return err('forbidden')
  try {
    return await inScope(scope, () =>
      actOnce<true, DecisionRefusal>(input.submitKey, `case.decide:${actor.id}`, now, async (tx) => {
        const c = await find(scope, { number: input.number }, tx)
        if (!c) return err('not_found')
        if (NEEDS_SEALING.includes(input.decision) && (await sealingFails(tx))) return err('unsealed')
        const decided = await carryOut(tx, scope, actor, c, input, now)
        return decided.ok ? ok(true) : decided
      }),
    )
  } catch (error) {
    // Somebody took the phone's one claim between our look and our write; the database has the last word.
    if (uniqueViolation(error)?.includes('key14') || uniqueViolation(error)?.includes('one_primary_claim')) {
      return err('claim_taken')
    }
    throw error
  }
}

async function carryOut(
  tx: Tx,
  scope: CaseScope,
  actor: StaffActor,
  c: CaseSnapshot,
  input: DecisionInput,
  now: Instant,
): Promise<Result<unknown, DecisionRefusal>> {
  const { version, decision } = input
  const caseId = c.id
  const { check = {} } = input
  const words = { caseId, version, text: input.reason?.trim(), note: input.note?.trim(), check }
  switch (decision) {
    case 'accept_counterclaim':
      return acceptCounterclaim(tx, scope, actor, words, now)
    case 'uphold':
      return resolveConflict(tx, scope, actor, { ...words, upheld: input.upheld ?? '' }, now)
    case 'note':
      if (!words.note) return err('note_missing')
  }
  const move: CaseMove = { ...words, move: moveOf(decision, c.state) }
  const moved = await moveCase(tx, scope, actor, { ...move, ...(await particulars(tx, c, input)) }, now)
  const { assigneeId } = input
  // Who gives a case to themselves knows it.
  if (moved.ok && decision === 'reassign' && assigneeId && assigneeId !== actor.id)
    await tellOwner(tx, assigneeId, 'case_given')
  return moved
}

/** What some moves need to be looked up first. A code that a move does not ask for is left out of its history. */
async function particulars(tx: Tx, c: CaseSnapshot, input: DecisionInput): Promise<Partial<CaseMove>> {
  const { decision, reasonCode } = input
  const asked = ruleOf(moveOf(decision)).codes !== undefined
  const settled = decision === 'refuse_unblock' && (await ordersSettled(tx, c.id, 'block'))
  return {
    ...(asked && { reasonCode }),
    ...(decision === 'refuse_unblock' && { carriersSettled: settled }),
    ...(decision === 'reassign' && { assignee: await colleague(tx, c, input) }),
  }
}

async function colleague(tx: Tx, c: CaseSnapshot, input: DecisionInput) {
  const people = await assignable(c.areaId, tx)
  return people.find((person) => person.id === input.assigneeId)
}
