import '#server-only'
import { lockOpen } from '#features/approvals/data.ts'
import { noteErased } from '#features/audit/erasures/acts.ts'
import { moveCase } from '#features/cases/moves/acts.ts'
import { removeEvidenceFiles } from '#features/evidence/files/acts.ts'
import { systemScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR, type Instant } from '#lib/time.ts'
import { retention } from '#platform/env.ts'
import { runInTransaction } from '#platform/idempotency/commands.ts'
import { log } from '#platform/log.ts'
import { inScope } from '#platform/scope.ts'
import { LEGAL_HOLD_REQUEST_KEEPS, legalHoldSubject } from '../legal-holds/rules.ts'
import {
  type CasePlace,
  destroyPersonalData,
  listCasesOver,
  listEvidenceOver,
  listGrantedErasures,
  readTies,
} from './data.ts'
import { caseCutOff, type KeptBecause, keptBecause, type Retention } from './rules.ts'

type Kept = KeptBecause | 'changed'

/**
 * Erases a case, or only its files, in one transaction with the event and the audit entry; the files leave the store afterwards.
 * A case that must be kept is left whole. Safe to repeat.
 */
async function eraseOne(
  caseId: string,
  move: 'erase' | 'erase_evidence',
  reasonCode: 'asked' | 'retention',
  now: Instant,
): Promise<Result<null, Kept>> {
  const erased = await inScope(systemScope(), () =>
    runInTransaction<readonly string[], Kept>(async (tx) => {
      // A confirmation takes its locks in the same order: first the request, then its case.
      const open = await lockOpen(tx, legalHoldSubject(caseId))
      const askedSince = addMilliseconds(now, -LEGAL_HOLD_REQUEST_KEEPS)
      const holdAsked = open?.kind === 'case.legal_hold' && open.askedAt > askedSince
      // This locks the case: it cannot change between the check and the erasure.
      const erasure = { caseId, version: null, move, reasonCode }
      const moved = await moveCase(tx, systemScope(), { kind: 'system' }, erasure, now)
      if (!moved.ok) return err(moved.error === 'wrong_state' ? 'not_over' : 'changed')
      const kept = keptBecause(moved.value, await readTies(caseId, tx))
      if (kept) return err(kept)
      if (holdAsked) return err('legal_hold')
      const rows = await tx.$queryRaw<{ id: string }[]>`
        DELETE FROM evidence WHERE case_id = ${caseId}::uuid RETURNING id`
      const files = rows.map(({ id }) => id)
      await tx.case.update({ where: { id: caseId }, data: { evidenceErasedAt: now }, select: { id: true } })
      if (move === 'erase') await destroyPersonalData(tx, caseId)
      const kind = move === 'erase' ? (reasonCode === 'asked' ? 'case_asked' : 'case') : 'case_files'
      await noteErased(tx, kind, [caseId], now)
      await noteErased(tx, 'evidence', files, now)
      return ok(files)
    }),
  )
  if (!erased.ok) return erased
  await removeEvidenceFiles(erased.value)
  return ok(null)
}

/** Destroys a case's key and all its personal data (ADR 24). */
export const eraseCase = (caseId: string, reason: 'asked' | 'retention', now: Instant) =>
  eraseOne(caseId, 'erase', reason, now)

export const eraseEvidence = (caseId: string, now: Instant) =>
  eraseOne(caseId, 'erase_evidence', 'retention', now)

const BATCH = 50
/** The longest time that an erasure waits for the message about it. */
const PATIENCE = 24 * HOUR

interface RetentionRun {
  readonly cases: number
  readonly evidence: number
  readonly asked: number
}

/**
 * Erases cases whose erasure was granted, and cases and files past their retention time. Each case has its own transaction, so
 * that a run may stop anywhere and several may run at once. A case that cannot be erased yet is skipped and tried again by the
 * next run.
 */
export const runRetention = (now: Instant, signal?: AbortSignal): Promise<RetentionRun> =>
  inScope(systemScope(), () => retain(now, signal))

async function retain(now: Instant, signal?: AbortSignal): Promise<RetentionRun> {
  const kept = retention()
  const asked = await listGrantedErasures(addMilliseconds(now, -PATIENCE), BATCH)
  const files = (kind: 'rejected' | 'closed') =>
    walk(
      (after) => listEvidenceOver(kind, evidenceCutOff(kind, kept, now), after, BATCH),
      (id) => eraseEvidence(id, now),
      signal,
    )
  return {
    asked: await each(asked, (id) => eraseCase(id, 'asked', now), signal),
    cases: await walk(
      (after) => listCasesOver(caseCutOff(kept, now), after, BATCH),
      (id) => eraseCase(id, 'retention', now),
      signal,
    ),
    evidence: (await files('rejected')) + (await files('closed')),
  }
}

/** Returns the cut-off: the files of a case that has been over since then, or longer, are deleted. */
const evidenceCutOff = (state: 'rejected' | 'closed', kept: Retention, now: Instant): Instant =>
  addMilliseconds(now, -DAY * (state === 'rejected' ? kept.evidenceRejectedDays : kept.evidenceClosedDays))

type Erase = (id: string) => Promise<Result<null, unknown>>

async function walk(
  page: (after: CasePlace | null) => Promise<CasePlace[]>,
  erase: Erase,
  signal?: AbortSignal,
) {
  let done = 0
  let after: CasePlace | null = null
  for (;;) {
    const found: CasePlace[] = await page(after)
    done += await each(found, erase, signal)
    after = found.at(-1) ?? null
    if (after === null || signal?.aborted) return done
  }
}

async function each(found: readonly { readonly id: string }[], erase: Erase, signal?: AbortSignal) {
  let done = 0
  for (const { id } of found) {
    if (signal?.aborted) break
    try {
      if ((await erase(id)).ok) done++
    } catch (err) {
      log().error({ err, caseId: id }, 'a case could not be erased')
    }
  }
  return done
}
