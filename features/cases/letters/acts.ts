import '#server-only'
import { z } from 'zod'
import { act, logged, refuse } from '#features/audit/act.ts'
import { staffScope } from '#lib/access/scope.ts'
import { shownVersion } from '#lib/shown-version.ts'
import { inOwnScope } from '#platform/scope.ts'
import { moveCase } from '../moves/acts.ts'
import { findCase } from '../record/data.ts'
import { listDecisionsMade, listServedLetters } from './data.ts'
import { decisionOf } from './rules.ts'

/** Records that the letter of a decision was handed over at the desk, or was refused there. Once per letter. */
export const serveLetter = act({
  name: 'case.serve_letter',
  once: (actorId) => `case.letter:${actorId}`,
  permission: 'case:decide',
  faults: 'case',
  within: inOwnScope,
  page: ({ number, decisionSeq }) => ({
    pathname: '/admin/cases/[number]/letters/[seq]',
    params: { number, seq: String(decisionSeq) },
    query: { done: 'served' },
  }),
  input: z.object({
    number: z.string().max(40, 'general.invalid'),
    version: shownVersion,
    /** The sequence number of the decision's event. */
    decisionSeq: z.coerce.number('general.invalid').int('general.invalid').min(1, 'general.invalid'),
    outcome: z.enum(['signed', 'refused'], 'case.served_outcome'),
    /** Why the letter was refused; the person of the case reads it. */
    reason: z.string().max(5_000, 'case.text_too_long').default(''),
  }),
  async run({ tx, actor, input: { number, version, decisionSeq, outcome, reason }, now }) {
    const scope = staffScope(actor)
    if (!scope) return refuse('forbidden')
    const c = await findCase(scope, { number }, tx)
    if (!c) return refuse('not_found')
    const [made, served] = [await listDecisionsMade(c.id, tx), await listServedLetters(c.id, tx)]
    const decision = made.find(({ seq }) => seq === decisionSeq)
    if (!decision) return refuse('no_letter')
    const done = new Set(served.map((one) => one.decisionSeq))
    if (done.has(decisionSeq)) return refuse('done')
    // A closing without an answer that a later answer reversed is not told any more.
    const stands = ({ move }: { readonly move: string }) => move !== 'expire' || c.state === 'expired'
    const unheard = made.find(
      (one) =>
        c.unheardSeq !== null &&
        one.seq >= c.unheardSeq &&
        one.seq !== decisionSeq &&
        !done.has(one.seq) &&
        stands(one),
    )
    const letter = {
      stillUnheard: unheard?.seq ?? null,
      tellsOfRejection:
        c.unheardSeq !== null &&
        decisionSeq >= c.unheardSeq &&
        decisionOf(decision.move, decision.to) === 'rejected',
    }
    const text = reason.trim()
    const move = { caseId: c.id, version, move: 'serve_letter', reasonCode: outcome, text, letter } as const
    const moved = await moveCase(tx, scope, actor, move, now)
    if (!moved.ok) return refuse(moved.error, moved.error === 'text_missing' ? 'reason' : 'form')
    await tx.servedLetter.create({
      data: {
        caseId: c.id,
        decisionSeq,
        eventSeq: moved.value.version + 1,
        outcome,
        servedById: actor.id,
        servedAt: now,
      },
      select: { caseId: true },
    })
    return logged(true)
  },
})
