import '#server-only'
import { systemScope } from '#lib/access/scope.ts'
import { err, ok } from '#lib/result.ts'
import { addMilliseconds, HOUR, type Instant } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import { runInTransaction } from '#platform/idempotency/commands.ts'
import { log } from '#platform/log.ts'
import { inScope } from '#platform/scope.ts'
import { moveCase } from '../moves/acts.ts'
import { OWNED } from '../moves/rules.ts'
import { followClaims, listUntoldFoundPhones, markTold } from './data.ts'

/**
 * Tells the owners of matched phones where to come, once each: only those whom police have verified, for before that
 * anybody may have typed the number. Each is a transaction of its own; what fails is tried again by the next run.
 */
export const tellOwners = (now: Instant, signal?: AbortSignal): Promise<number> =>
  inScope(systemScope(), () => tellEach(now, signal))

async function tellEach(now: Instant, signal?: AbortSignal): Promise<number> {
  // A phone that was added while its case was being sent was matched by neither transaction: match it now.
  await transaction((tx) => followClaims(tx, { addedSince: addMilliseconds(now, -HOUR) }))
  let told = 0
  let after: string | null = null
  for (;;) {
    const page = await listUntoldFoundPhones(OWNED, after)
    for (const { id } of page) {
      if (signal?.aborted) return told
      if (await tellOwner(id, now)) told++
    }
    after = page.at(-1)?.id ?? null
    if (after === null) return told
  }
}

async function tellOwner(id: string, now: Instant): Promise<boolean> {
  try {
    const done = await runInTransaction<true, string>(async (tx) => {
      const phone = await markTold(tx, id, now)
      if (!phone?.caseId) return err('told')
      const words = { caseId: phone.caseId, version: null, move: 'phone_found', text: phone.custody } as const
      const moved = await moveCase(tx, systemScope(), { kind: 'system' }, words, now)
      return moved.ok ? ok(true) : moved
    })
    // Another run told them, or the case was moved meanwhile; any other refusal comes again with each run.
    if (!done.ok && done.error !== 'told' && done.error !== 'stale')
      log().error({ found: id, refusal: done.error }, 'an owner was not told of a found phone')
    return done.ok
  } catch (error) {
    log().error({ err: error, found: id }, 'an owner could not be told of a found phone')
    return false
  }
}
