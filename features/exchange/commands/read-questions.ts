import '#server-only'
import { audit } from '#features/audit/commands.ts'
import { systemScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { transaction } from '#platform/db.ts'
import { isDraining } from '#platform/draining.ts'
import { inScope } from '#platform/scope.ts'
import { nextSignal } from '#platform/signals.ts'
import type { ChangesQuery } from '../queries/changes.ts'
import { giveQuestions, questionHead } from '../repository/questions.ts'
import type { Questions } from '../rules/interface.ts'

/** The time after which a new question is noticed when no signal comes through, in milliseconds. */
const POLL_MS = 1_000

/**
 * Gives out a carrier's questions after a sequence that wait for an answer. Where none was asked since it waits, as
 * `changes` does. Unlike a book it has gaps: an answered or expired question is not given out again. And it is an act:
 * what was given is marked and audited.
 */
export async function readQuestions(
  carrierId: string,
  query: ChangesQuery,
  hungUp: AbortSignal,
): Promise<Result<Questions, 'beyond_head'>> {
  const until = performance.now() + query.wait * 1000
  for (let waited = false; ; waited = true) {
    const head = await questionHead(carrierId)
    if (query.after > head) return err('beyond_head')
    if (head > query.after) return ok(await give(carrierId, query, head))
    const left = until - performance.now()
    const over = left <= 0 || hungUp.aborted || (waited && isDraining())
    if (over) return ok({ after: query.after, next: head, head, entries: [] })
    await nextSignal('questions', carrierId, Math.min(POLL_MS, left), hungUp)
  }
}

/** Gives a carrier the numbers that it is asked about: each time that any leave the sealed files, it is audited. */
async function give(carrierId: string, { after, limit }: ChangesQuery, head: number): Promise<Questions> {
  const now = new Date()
  const entries = await inScope(systemScope(), () =>
    transaction(async (tx) => {
      const given = await giveQuestions(tx, carrierId, { after, upTo: head, limit }, now)
      const [first, last] = [given.at(0), given.at(-1)]
      if (first && last) {
        await audit(tx, {
          actor: { kind: 'carrier', id: carrierId },
          act: 'question.read',
          subject: { kind: 'carrier', id: carrierId },
          facts: { questions: given.length, first: first.seq, last: last.seq },
          at: now,
        })
      }
      return given
    }),
  )
  const last = entries.at(-1)
  return { after, next: last && entries.length === limit ? last.seq : head, head, entries }
}
