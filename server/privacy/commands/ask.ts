import '#server-only'
import { randomUUID } from 'node:crypto'
import type { CaseScope } from '#domain/access/scope.ts'
import type { DataAct } from '#domain/case/citizen-acts.ts'
import type { CaseRefusal } from '#domain/case/transition.ts'
import { answerDue, type DataRequestKind } from '#domain/privacy/requests.ts'
import { type KeptBecause, keptBecause } from '#domain/privacy/retention.ts'
import { err, ok, type Result } from '#domain/result.ts'
import type { Instant } from '#domain/time.ts'
import { moveCase } from '#server/cases/commands/move.ts'
import { closeQuestions } from '#server/exchange/commands/ask.ts'
import { type Tx, uniqueViolation } from '#server/platform/db.ts'
import { retention } from '#server/platform/env.ts'
import { inScope } from '#server/platform/scope.ts'
import { actOnce } from '#server/submissions/commands.ts'
import { insertRequest, takeBackConsent } from '../repository/requests.ts'
import { tiesOf } from './erase.ts'

export interface DataAsked {
  readonly caseId: string
  readonly version: number
  readonly act: DataAct
  readonly message: string
  readonly submitKey: string
}
export type AskRefusal = CaseRefusal | KeptBecause | 'asked_already' | 'no_consent'

/**
 * What a citizen asks of their own data: a correction or an erasure, which police answer within the legal days, or the
 * end of a consent, at once. Needs the full access that the secret gives.
 */
export async function askAboutData(
  scope: CaseScope,
  asked: DataAsked,
  now: Instant,
): Promise<Result<null, AskRefusal>> {
  if (scope.kind !== 'one' || scope.access !== 'full') return err('forbidden')
  try {
    const done = await inScope(scope, () =>
      actOnce<true, AskRefusal>(asked.submitKey, `case.${asked.caseId}.data`, now, (tx) =>
        ask(tx, scope, asked, now),
      ),
    )
    return done.ok ? ok(null) : done
  } catch (error) {
    if (uniqueViolation(error)) return err('asked_already')
    throw error
  }
}

/** A request that police answer, or the end of a consent. */
const ASKED: Readonly<Record<DataAct, DataRequestKind | 'consent'>> = {
  ask_correction: 'correct',
  ask_erasure: 'erase',
  withdraw_consent: 'consent',
}

async function ask(
  tx: Tx,
  scope: CaseScope,
  { caseId, version, act, message }: DataAsked,
  now: Instant,
): Promise<Result<true, AskRefusal>> {
  const moved = await moveCase(
    tx,
    scope,
    { kind: 'citizen' },
    { caseId, version, move: act, text: message },
    now,
  )
  if (!moved.ok) return ASKED[act] === 'erase' && moved.error === 'wrong_state' ? err('not_over') : moved
  const kind = ASKED[act]
  if (kind === 'consent') {
    if (!(await takeBackConsent(tx, caseId, 'sim_question', now))) return err('no_consent')
    await closeQuestions(tx, caseId)
    return ok(true)
  }
  const kept = kind === 'erase' ? keptBecause(moved.value, await tiesOf(caseId, tx)) : null
  if (kept) return err(kept)
  const { areaId } = moved.value
  const dueAt = answerDue(kind, now, retention())
  await insertRequest(tx, {
    id: randomUUID(),
    caseId,
    areaId,
    kind,
    eventSeq: version + 1,
    askedAt: now,
    dueAt,
  })
  return ok(true)
}
