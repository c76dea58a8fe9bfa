import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import { monthsBefore } from '#features/privacy/erasure/rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { staffScope, systemScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { compactCode } from '#lib/text-normalization.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { retention } from '#platform/env.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { inScope } from '#platform/scope.ts'
import { moveCase } from '../moves/acts.ts'
import { mayCollect, ruleOf } from '../moves/rules.ts'
import type { CaseRefusal } from '../moves/transition-rules.ts'
import { openFile } from '../particulars/data.ts'
import { closeFound, type FoundRecord, findFound, removeOldFound } from './data.ts'

export interface CloseInput {
  readonly phoneId: string
  readonly submitKey: string
}

export type CloseRefusal =
  | CaseRefusal
  | 'not_found'
  | 'closed'
  | 'not_matched'
  | 'matched'
  | 'not_approved'
  | 'wrong_id'

/**
 * Hands a phone over to the person whose block two people have approved and whose papers carry the number of the case's
 * person. The officer who keeps the phone, in any district, types that number and is told whether it matches, never the
 * number itself. Two people lift the block.
 */
export const returnPhone = (
  actor: StaffActor,
  input: CloseInput & { readonly nationalId: string },
  now: Instant,
): Promise<Result<true, CloseRefusal>> =>
  close(actor, 'returned', input, now, async (tx, phone) => {
    const c = phone.case
    if (c === null) return err('not_matched')
    if (c.held !== null) return err('held')
    if (!mayCollect(c.state)) return err('not_approved')
    const { particulars } = await openFile(c, tx)
    const shown = compactCode(input.nationalId).toUpperCase()
    if (shown === '' || particulars.nationalId !== shown) return err('wrong_id')
    // Its unblock has begun already: there is nothing to start.
    if (!ruleOf('phone_returned').from.includes(c.state)) return ok(true)
    const move = { caseId: c.id, version: null, move: 'phone_returned', text: phone.custody } as const
    const moved = await moveCase(tx, systemScope(), actor, move, now)
    return moved.ok ? ok(true) : moved
  })

/** Ends the keeping of a phone that nobody came for and that is in no case. */
export const closeUnclaimed = (
  actor: StaffActor,
  input: CloseInput,
  now: Instant,
): Promise<Result<true, CloseRefusal>> =>
  close(actor, 'unclaimed', input, now, async (_, phone) => (phone.case === null ? ok(true) : err('matched')))

async function close(
  actor: StaffActor,
  state: 'returned' | 'unclaimed',
  { phoneId, submitKey }: CloseInput,
  now: Instant,
  settle: (tx: Tx, phone: FoundRecord) => Promise<Result<true, CloseRefusal>>,
): Promise<Result<true, CloseRefusal>> {
  const scope = staffScope(actor)
  if (!scope || !may(actor.role, 'found:manage')) return err('forbidden')
  return inScope(systemScope(), () =>
    actOnce<true, CloseRefusal>(submitKey, `found.${state}:${actor.id}`, now, async (tx) => {
      const phone = await findFound(scope, phoneId, tx)
      if (!phone) return err('not_found')
      if (phone.closedAt !== null) return err('closed')
      const settled = await settle(tx, phone)
      // Of two people who hand the phone over at once, the later one finds that its case has moved.
      if (!settled.ok) return (await findFound(scope, phoneId, tx))?.closedAt ? err('closed') : settled
      if (!(await closeFound(tx, phoneId, state, now))) return err('closed')
      const subject = { kind: 'found', id: phoneId } as const
      const facts = { case: phone.case?.id ?? null }
      await audit(tx, { actor, act: `found.${state}`, subject, facts, at: now })
      return ok(true)
    }),
  )
}

/** Deletes records that were closed long ago, and files that were not confirmed. */
export const forgetFound = (now: Instant): Promise<number> =>
  removeOldFound(now, monthsBefore(now, retention().foundMonths))
