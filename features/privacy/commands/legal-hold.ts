import '#server-only'
import { randomUUID } from 'node:crypto'
import { noteErased } from '#features/audit/commands/erasures.ts'
import { moveCase } from '#features/cases/commands/move.ts'
import { wordsAt } from '#features/cases/queries/blocking.ts'
import { findCaseId } from '#features/cases/queries/case-file.ts'
import type { Move } from '#features/cases/rules/moves.ts'
import type { CaseRefusal } from '#features/cases/rules/transition.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { type CaseScope, staffScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { type Tx, uniqueViolation } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { inScope } from '#platform/scope.ts'
import {
  endLegalHoldRequest,
  insertLegalHold,
  insertLegalHoldRequest,
  legalHoldOf,
  legalHoldProposed,
  liftLegalHold,
} from '../repository/legal-holds.ts'
import {
  type LegalHoldDecision,
  type LegalHoldProposal,
  type ProposalRefusal,
  refuseConfirmation,
} from '../rules/requests.ts'

export interface LegalHoldInput {
  readonly number: string
  readonly version: number
  readonly submitKey: string
  readonly decision: LegalHoldDecision
  /** The letter or decision that it rests on; of a request, and not of its confirmation. */
  readonly basis?: string | undefined
  readonly reason?: string | undefined
  /** For a confirmation: the event with the words that the second person read. */
  readonly proposal?: number | undefined
}
export type LegalHoldRefusal =
  | CaseRefusal
  | ProposalRefusal
  | 'not_found'
  | 'held_already'
  | 'no_legal_hold'
  | 'hold_asked'
  | 'not_proposed'

/** `proposed`: another person confirms it. */
export type LegalHoldDone = 'proposed' | 'placed' | 'lifted' | 'declined'

/**
 * Keeps a case's data from erasure by order of the law, or lets it go again, once a `submitKey`. One person asks for either
 * and another confirms it or says no; the first may take it back.
 */
export async function changeLegalHold(
  actor: StaffActor,
  input: LegalHoldInput,
  now: Instant,
): Promise<Result<LegalHoldDone, LegalHoldRefusal>> {
  const scope = staffScope(actor)
  const caseId = scope && (await findCaseId(actor, input.number))
  if (!scope || !caseId) return err('not_found')
  try {
    return await inScope(scope, () =>
      actOnce<LegalHoldDone, LegalHoldRefusal>(
        input.submitKey,
        `case.legal_hold:${actor.id}`,
        now,
        async (tx) => {
          const of: Change = { tx, scope, actor, caseId, input, now }
          const waiting = await legalHoldProposed(caseId, tx)
          switch (input.decision) {
            case 'place_legal_hold':
              return ask(of, 'place', waiting)
            case 'lift_legal_hold':
              return ask(of, 'lift', waiting)
            case 'confirm_legal_hold':
              return confirm(of, waiting)
            case 'decline_legal_hold':
              return decline(of, waiting)
          }
        },
      ),
    )
  } catch (error) {
    if (uniqueViolation(error)) return err('held_already')
    throw error
  }
}

interface Change {
  readonly tx: Tx
  readonly scope: CaseScope
  readonly actor: StaffActor
  readonly caseId: string
  readonly input: LegalHoldInput
  readonly now: Instant
}
type Changed = Promise<Result<LegalHoldDone, LegalHoldRefusal>>

const make = ({ tx, scope, actor, caseId, input, now }: Change, move: Move, text: string | undefined) =>
  moveCase(tx, scope, actor, { caseId, version: input.version, move, text }, now)

async function ask(of: Change, change: 'place' | 'lift', waiting: LegalHoldProposal | null): Changed {
  const { tx, actor, caseId, input, now } = of
  const moved = await make(of, change === 'place' ? 'propose_legal_hold' : 'propose_hold_end', input.reason)
  if (!moved.ok) return moved
  if (waiting) return err('hold_asked')
  const held = (await legalHoldOf(caseId, tx)) !== null
  if (held === (change === 'place')) return err(held ? 'held_already' : 'no_legal_hold')
  await insertLegalHoldRequest(tx, {
    id: randomUUID(),
    caseId,
    change,
    basis: input.basis ?? '',
    eventSeq: input.version + 1,
    askedById: actor.id,
    askedAt: now,
  })
  return ok('proposed')
}

async function confirm(of: Change, waiting: LegalHoldProposal | null): Changed {
  const { tx, actor, caseId, input, now } = of
  if (!waiting) return err('not_proposed')
  const refusal = refuseConfirmation(waiting, actor, input.proposal)
  if (refusal) return err(refusal)
  const { id, change, basis, byId } = waiting
  const text = (await wordsAt(caseId, waiting.seq, tx)) ?? undefined
  const moved = await make(of, change === 'place' ? 'place_legal_hold' : 'lift_legal_hold', text)
  if (!moved.ok) return moved
  await endLegalHoldRequest(tx, id, { state: 'confirmed', decidedById: actor.id, decidedAt: now })
  if (change === 'lift') {
    const lift = { liftBasis: basis, liftAskedById: byId, liftedById: actor.id, liftedAt: now }
    return (await liftLegalHold(tx, caseId, lift)) ? ok('lifted') : err('no_legal_hold')
  }
  await insertLegalHold(tx, { id, caseId, basis, askedById: byId, placedById: actor.id, placedAt: now })
  await noteErased(tx, 'legal_hold', [caseId], now)
  return ok('placed')
}

async function decline(of: Change, waiting: LegalHoldProposal | null): Changed {
  if (!waiting) return err('not_proposed')
  const moved = await make(of, 'decline_legal_hold', of.input.reason)
  if (!moved.ok) return moved
  await endLegalHoldRequest(of.tx, waiting.id, {
    state: 'refused',
    decidedById: of.actor.id,
    decidedAt: of.now,
  })
  return ok('declined')
}
