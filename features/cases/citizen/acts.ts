import '#server-only'
import { lockEvidence } from '#features/evidence/files/acts.ts'
import { CONSENTS } from '#features/reporting/steps/consents-rules.ts'
import { type CaseScope, systemScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { enqueue } from '#platform/queue.ts'
import { inScope, widenScope } from '#platform/scope.ts'
import { readGivenImeis } from '../imeis/acts.ts'
import type { GivenImei } from '../imeis/rules.ts'
import { discardUnkept, type FilesRefusal, type MoveWithFiles, moveWithFiles } from '../moves/acts.ts'
import { type Move, ruleOf } from '../moves/rules.ts'
import type { CitizenForm } from '../moves/spec-rules.ts'
import { wasConsentGiven } from '../record/data.ts'
import { readStated } from '../record/page-data.ts'
import { isClaimConflict } from '../submission/acts.ts'
import { addFacts, type FactsAdded, type TypedFacts } from './added-facts-rules.ts'
import { type CitizenAct, formOf } from './rules.ts'

export interface CitizenMove extends Omit<MoveWithFiles, 'move' | 'text'> {
  readonly act: CitizenAct
  readonly message: string
  readonly imei?: GivenImei | null
  readonly facts?: TypedFacts
  readonly submitKey: string
}

/** `faults` has a key of messages' `faults` per field; `facts_missing`: nothing was added. */
export type CitizenRefusal =
  | FilesRefusal
  | 'facts_missing'
  | { readonly faults: Readonly<Record<string, string>> }

/**
 * Does one act of a citizen on their own case, with the files sent with it, once per `submitKey`. Needs the full access that the
 * secret gives, except for acts that a code from the contact allows.
 */
export async function actAsCitizen(
  scope: CaseScope,
  move: CitizenMove,
  now: Instant,
): Promise<Result<null, CitizenRefusal>> {
  const first = await attempt(scope, move, now).catch((error: unknown) => {
    // Another case took the claim between this read and this write: the second try leaves the claim there.
    if (isClaimConflict(error)) return attempt(scope, move, now)
    throw error
  })
  // A carrier or a clock may have moved the case meanwhile: try once more. A change by a person is refused again.
  const done = !first.ok && first.error === 'changed' ? await attempt(scope, move, now) : first
  await discardUnkept(move.files, done)
  return done.ok ? ok(null) : done
}

/** Makes the move. Returns the ids of the files that are kept; for a form that was sent before, the ids of its first sending. */
const attempt = (
  scope: CaseScope,
  { act, message, imei, facts, submitKey, key, version, kind, files }: CitizenMove,
  now: Instant,
) =>
  inScope(scope, () =>
    actOnce<{ kept: string[] }, CitizenRefusal>(submitKey, `case.${key.caseId}.citizen`, now, async (tx) => {
      if (scope.kind !== 'one' || (scope.access !== 'full' && !ruleOf(act).byCode)) return err('forbidden')
      const form: CitizenForm = formOf(act)
      const imeis = ruleOf(act).setsImei ? await readGivenImeis(tx, scope.caseId, imei, 'citizen') : null
      if (imeis && !imeis.ok) return imeis
      // An IMEI that was only typed needs a proof, as in a report: without one it must not claim a phone.
      const proven = files.length > 0 || (imei && 'chosen' in imei) || !imeis
      if (form.asksForPaper && files.length === 0) return err('no_proof')
      if (!proven && (await lockEvidence(tx, scope.caseId)).length === 0) return err('no_proof')
      const added = form.asksForFacts ? await factsAdded(tx, scope, scope.caseId, facts ?? {}) : null
      if (added && !added.ok) return added
      if (added?.value.count === 0 && files.length === 0) return err('facts_missing')
      if (!(await mayConsent(tx, act, scope.caseId))) return err('wrong_state')
      // Takes only these fields: all acts share one form.
      const move = {
        ...{ key, version, kind, files },
        move: act,
        text: message,
        ...(imeis && { imeis: imeis.value }),
        ...(added && { particulars: added.value.particulars, changes: added.value.changes }),
      }
      const moved = await moveWithFiles(tx, scope, { kind: 'citizen' }, move, now)
      if (moved.ok) await takeConsent(tx, act, scope.caseId, now)
      return moved
    }),
  )

/** Tells whether the consent that an act gives was never given before; true for acts that give none. */
export async function mayConsent(tx: Tx, act: Move, caseId: string): Promise<boolean> {
  const { consents } = ruleOf(act)
  return consents === undefined || !(await wasConsentGiven(caseId, consents, tx))
}

/** Records the consent that an act gives, and starts the look-up that depends on it. */
export async function takeConsent(tx: Tx, act: Move, caseId: string, now: Instant): Promise<void> {
  const { consents } = ruleOf(act)
  if (consents === undefined) return
  await widenScope(tx, systemScope())
  const version = CONSENTS.find(({ purpose }) => purpose === consents)?.version ?? ''
  await tx.consent.create({ data: { caseId, purpose: consents, version, at: now } })
  await enqueue(tx, 'imei-lookup', { caseId })
}

async function factsAdded(
  tx: Tx,
  scope: CaseScope,
  caseId: string,
  facts: TypedFacts,
): Promise<Result<FactsAdded, CitizenRefusal>> {
  const stated = await readStated(scope, caseId, tx)
  if (stated === null) return err('forbidden')
  const added = addFacts(stated, facts)
  return added.ok ? added : err({ faults: added.error })
}
