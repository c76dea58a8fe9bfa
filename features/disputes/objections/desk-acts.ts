import '#server-only'
import { z } from 'zod'
import { act, logged, refuse } from '#features/audit/act.ts'
import { wroteDown } from '#features/cases/deciders/data.ts'
import type { DisclosureInput } from '#features/cases/disclosure/rules.ts'
import { moveCase } from '#features/cases/moves/acts.ts'
import type { CaseRefusal } from '#features/cases/moves/transition-rules.ts'
import type { GivenCheck } from '#features/cases/proof/rules.ts'
import { findCaseKey, hasFoundRight, readCaseSnapshot } from '#features/cases/record/page-data.ts'
import { type DisclosureRefusal, openProof } from '#features/disclosures/openings/acts.ts'
import { openedProof } from '#features/disclosures/openings/data.ts'
import { countEvidence, countScreensSince } from '#features/evidence/files/page-data.ts'
import type { StaffActor, StaffReader } from '#lib/access/actor.ts'
import { staffScope, systemScope } from '#lib/access/scope.ts'
import { parseImei } from '#lib/imei/imei.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { inScope, widenScope } from '#platform/scope.ts'
import { moveObjection } from './acts.ts'
import { findObjection, openObjectionFile } from './data.ts'
import type { ObjectionDecision, ObjectionRefusal } from './moves-rules.ts'
import { objectionNumbers } from './rules.ts'

interface ObjectionDecisionInput {
  readonly number: string
  readonly version: number
  readonly submitKey: string
  readonly decision: ObjectionDecision
  readonly reasonCode?: string | undefined
  readonly reason?: string | undefined
  /** For `uphold`: the officer's findings on the holder's evidence. */
  readonly check?: GivenCheck
}

export type ObjectionDecisionRefusal = ObjectionRefusal | CaseRefusal | 'not_found'

/**
 * Carries out a police decision on an objection, once per `submitKey`. Upholding it also moves the case that blocks the phone, in
 * the same transaction, to the step where a second person decides: nobody lifts a block alone.
 */
export async function decideOnObjection(
  actor: StaffActor,
  { number, version, submitKey, decision, reasonCode, reason, check = {} }: ObjectionDecisionInput,
  now: Instant,
): Promise<Result<true, ObjectionDecisionRefusal>> {
  const scope = staffScope(actor)
  if (!scope) return err('forbidden')
  const text = reason?.trim()
  return inScope(scope, () =>
    actOnce<true, ObjectionDecisionRefusal>(submitKey, `objection.decide:${actor.id}`, now, async (tx) => {
      const o = await findObjection(scope, { number }, tx)
      if (!o) return err('not_found')
      if (o.version !== version) return err('changed')
      const c = o.againstId === null ? null : await readCaseSnapshot(scope, o.againstId, tx)
      const request = {
        move: decision,
        text,
        // A code that the move does not take is left out of its history.
        ...((decision === 'refuse' || decision === 'inspect') && { reasonCode }),
        foundBlockRight: c !== null && (await hasFoundRight(c, actor.id, tx)),
        wroteDown: c !== null && (await wroteDown(c.id, actor.id, tx)),
        // A photo of the screen beside the current code word.
        ...(decision === 'uphold' && {
          shown: (await countScreensSince(o.id, (await openObjectionFile(o.id, tx)).wordAt, tx)) > 0,
        }),
      }
      const moved = await moveObjection(tx, o, actor, request, now)
      if (!moved.ok) return moved
      if (decision !== 'uphold') return ok(true)
      if (!c) return err('wrong_state')
      // The case's own move checks that the reporter's evidence was opened.
      if (!(await openedProof(tx, actor.id, o.id))?.openedAt) return err('proof_unseen')
      const move = 'uphold_objection' as const
      const uphold = { caseId: c.id, version: c.version, move, text, check, about: o.imei, objection: o }
      const upheld = await moveCase(tx, scope, actor, uphold, now)
      return upheld.ok ? ok(true) : upheld
    }),
  )
}

/** Opens papers and contacts for the officer who decides: the holder's, and the reporter's if there is a case. */
export const discloseObjection = (
  reader: StaffReader,
  input: DisclosureInput,
  now: Instant,
): Promise<Result<true, DisclosureRefusal>> =>
  openProof(
    reader,
    'objection',
    input,
    async (tx, scope) => {
      const o = await findObjection(scope, { number: input.number }, tx)
      if (!o) return null
      const { key } = await openObjectionFile(o.id, tx)
      const holder = { key, of: 'objection', files: await countEvidence(key.caseId, tx) } as const
      const reporter = o.againstId === null ? null : await findCaseKey(scope, o.againstId, tx)
      if (!reporter) return [holder]
      return [holder, { key: reporter, of: 'case', files: await countEvidence(reporter.caseId, tx) }]
    },
    now,
  )

/**
 * Records that a phone was shown at a police post. Any district will do, because the holder does not know which one blocks it.
 * The officer types what the screen shows, and learns of the objection only whether it is about that phone.
 */
export const inspectPhone = act({
  name: 'objection.inspect',
  permission: 'case:decide',
  faults: 'objection',
  input: z.object({
    objectionNumber: z.string().max(40, 'objection.not_found_anywhere'),
    imei: z
      .string()
      .max(60, 'report.imei.length')
      .transform((written, context) => {
        const seen = parseImei(written)
        if (seen.ok) return seen.value
        context.addIssue({ code: 'custom', message: `report.imei.${seen.error}` })
        return z.NEVER
      }),
    reason: z.string().max(5_000, 'case.text_too_long').default(''),
  }),
  page: (_, inspected) => ({ pathname: '/admin/objections', query: { inspected } }),
  async run({ tx, actor, input: { objectionNumber, imei, reason }, now }) {
    await widenScope(tx, systemScope())
    const number = objectionNumbers.parse(objectionNumber)
    const o = number.ok ? await findObjection(systemScope(), { number: number.value }, tx) : null
    if (!o) return refuse('not_found_anywhere', 'objectionNumber')
    const reasonCode = imei.key === o.imei.slice(0, 14) ? 'same' : 'differs'
    const request = { move: 'inspect', reasonCode, text: reason.trim() } as const
    const moved = await moveObjection(tx, o, actor, request, now)
    if (moved.ok) return logged(reasonCode)
    return refuse(moved.error, moved.error === 'text_missing' ? 'reason' : 'form')
  },
})
