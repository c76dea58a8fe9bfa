import '#server-only'
import { type Approvable, askApproval } from '#features/approvals/acts.ts'
import { lockOpen } from '#features/approvals/data.ts'
import { noteErased } from '#features/audit/erasures/acts.ts'
import { findCaseIdToRead } from '#features/cases/file/page-data.ts'
import { moveCase } from '#features/cases/moves/acts.ts'
import type { CaseRefusal } from '#features/cases/moves/transition-rules.ts'
import { readWordsAt } from '#features/cases/record/page-data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { staffScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { inScope } from '#platform/scope.ts'
import { declineMove, type MoveRefusal, makeMove, ofCaseData } from '../second-move-acts.ts'
import { readLegalHold } from './data.ts'
import { type LegalHoldDecision, legalHoldSubject } from './rules.ts'

type LegalHoldRefusal = CaseRefusal | 'not_found' | 'taken' | 'no_legal_hold' | 'request_open'

/**
 * Requests a legal hold on a case's data, or its end, once per `submitKey`. Another person of city police confirms or declines;
 * the first may withdraw it.
 */
export async function askLegalHold(
  actor: StaffActor,
  input: {
    readonly number: string
    readonly version: number
    readonly submitKey: string
    readonly decision: LegalHoldDecision
    readonly basis: string
    readonly reason: string
  },
  now: Instant,
): Promise<Result<'proposed', LegalHoldRefusal>> {
  const scope = staffScope(actor)
  const caseId = scope && (await findCaseIdToRead(actor, input.number))
  if (!scope || !caseId) return err('not_found')
  const { version, decision, basis, reason: text } = input
  const places = decision === 'place_legal_hold'
  return inScope(scope, () =>
    actOnce<'proposed', LegalHoldRefusal>(input.submitKey, `case.legal_hold:${actor.id}`, now, async (tx) => {
      const subject = legalHoldSubject(caseId)
      const open = await lockOpen(tx, subject)
      const move = places ? 'propose_legal_hold' : 'propose_hold_end'
      const moved = await moveCase(tx, scope, actor, { caseId, version, move, text }, now)
      if (!moved.ok) return moved
      if (open) return err('request_open')
      const held = (await readLegalHold(caseId, tx)).hold !== null
      if (held === places) return err(held ? 'taken' : 'no_legal_hold')
      const asked = { subject, content: { caseId, basis, seq: version + 1 } }
      const done = places
        ? await askApproval(tx, actor, placing, asked, now)
        : await askApproval(tx, actor, lifting, asked, now)
      return done.ok ? ok('proposed') : err('forbidden')
    }),
  )
}

const ofLegalHolds = {
  ...ofCaseData,
  drop: (of: Parameters<typeof declineMove>[0]) => declineMove(of, 'decline_legal_hold'),
} as const

export const placing: Approvable<'case.legal_hold', MoveRefusal | 'taken'> = {
  ...ofLegalHolds,
  kind: 'case.legal_hold',
  async carryOut(of) {
    const { tx, request, actor, now } = of
    const { caseId, basis, seq } = request.content
    const moved = await makeMove(of, 'place_legal_hold', await readWordsAt(caseId, seq, tx))
    if (!moved.ok) return moved
    if ((await readLegalHold(caseId, tx)).hold) return err('taken')
    const { id, askedById } = request
    const data = { id, caseId, basis, askedById, placedById: actor.id, placedAt: now }
    await tx.legalHold.create({ data, select: { id: true } })
    await noteErased(tx, 'legal_hold', [caseId], now)
    return ok({})
  },
}

export const lifting: Approvable<'case.legal_hold_end', MoveRefusal | 'no_legal_hold'> = {
  ...ofLegalHolds,
  kind: 'case.legal_hold_end',
  async carryOut(of) {
    const { tx, request, actor, now } = of
    const { caseId, basis: liftBasis, seq } = request.content
    const moved = await makeMove(of, 'lift_legal_hold', await readWordsAt(caseId, seq, tx))
    if (!moved.ok) return moved
    const lift = { liftBasis, liftAskedById: request.askedById, liftedById: actor.id, liftedAt: now }
    const { count } = await tx.legalHold.updateMany({ where: { caseId, liftedAt: null }, data: lift })
    return count === 1 ? ok({}) : err('no_legal_hold')
  },
}
