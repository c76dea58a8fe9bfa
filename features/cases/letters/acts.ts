import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { staffScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { inScope } from '#platform/scope.ts'
import { moveCase } from '../moves/acts.ts'
import type { CaseRefusal } from '../moves/transition-rules.ts'
import { findCase } from '../record/data.ts'
import { listDecisionsMade, listServedLetters } from './data.ts'
import { decisionOf, type Served } from './rules.ts'

export interface Serving {
  readonly number: string
  readonly version: number
  readonly submitKey: string
  /** The event that decided. */
  readonly decisionSeq: number
  readonly outcome: Served['outcome']
  /** Why it was not taken; its person reads it. */
  readonly reason: string
}

type ServeRefusal = CaseRefusal | 'not_found' | 'no_letter' | 'noted'

/** Writes down that the letter of a decision was handed over at the desk, or not taken: once a letter and a `submitKey`. */
export async function serveLetter(
  actor: StaffActor,
  { number, version, submitKey, decisionSeq, outcome, reason }: Serving,
  now: Instant,
): Promise<Result<true, ServeRefusal>> {
  const scope = staffScope(actor)
  if (!scope) return err('forbidden')
  return inScope(scope, () =>
    actOnce<true, ServeRefusal>(submitKey, `case.letter:${actor.id}`, now, async (tx) => {
      const c = await findCase(scope, { number }, tx)
      if (!c) return err('not_found')
      const [made, served] = [await listDecisionsMade(c.id, tx), await listServedLetters(c.id, tx)]
      const decision = made.find(({ seq }) => seq === decisionSeq)
      if (!decision) return err('no_letter')
      const done = new Set(served.map((one) => one.decisionSeq))
      if (done.has(decisionSeq)) return err('noted')
      // An end that an answer took back is not told any more.
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
          c.unheardSeq !== null && decisionSeq >= c.unheardSeq && decisionOf(decision.move) === 'rejected',
      }
      const text = reason.trim()
      const move = { caseId: c.id, version, move: 'serve_letter', reasonCode: outcome, text, letter } as const
      const moved = await moveCase(tx, scope, actor, move, now)
      if (!moved.ok) return moved
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
      return ok(true)
    }),
  )
}
