import '#server-only'
import { systemScope } from '#lib/access/scope.ts'
import type { Result } from '#lib/result.ts'
import { addMilliseconds, HOUR, type Instant } from '#lib/time.ts'
import { retention } from '#platform/env.ts'
import { log } from '#platform/log.ts'
import { inScope } from '#platform/scope.ts'
import { casesOverSince, erasuresGranted, evidenceOverSince, type Place } from '../repository/erasure.ts'
import { caseCutOff, evidenceCutOff } from '../rules/retention.ts'
import { eraseCase, eraseEvidence } from './erase.ts'

const BATCH = 50
/** So long an erasure waits for the message that tells of it. */
const PATIENCE = 24 * HOUR

export interface RetentionRun {
  readonly cases: number
  readonly evidence: number
  readonly asked: number
}

/**
 * Erases the cases whose erasure was granted, and the cases and files whose time is over. Each case is a transaction of its
 * own, so that a run may stop anywhere and several may go on at once; a case that cannot be erased yet is passed over and
 * looked at by the next run.
 */
export const runRetention = (now: Instant, signal?: AbortSignal): Promise<RetentionRun> =>
  inScope(systemScope(), () => retain(now, signal))

async function retain(now: Instant, signal?: AbortSignal): Promise<RetentionRun> {
  const kept = retention()
  const asked = await erasuresGranted(addMilliseconds(now, -PATIENCE), BATCH)
  const files = (kind: 'rejected' | 'closed') =>
    walk(
      (after) => evidenceOverSince(kind, evidenceCutOff(kind, kept, now), after, BATCH),
      (id) => eraseEvidence(id, now),
      signal,
    )
  return {
    asked: await each(asked, (id) => eraseCase(id, 'asked', now), signal),
    cases: await walk(
      (after) => casesOverSince(caseCutOff(kept, now), after, BATCH),
      (id) => eraseCase(id, 'retention', now),
      signal,
    ),
    evidence: (await files('rejected')) + (await files('closed')),
  }
}

type Erase = (id: string) => Promise<Result<null, unknown>>

async function walk(
  page: (after: Place | null) => Promise<Place[]>,
  erase: Erase,
  signal?: AbortSignal,
): Promise<number> {
  let done = 0
  let after: Place | null = null
  for (;;) {
    const found: Place[] = await page(after)
    done += await each(found, erase, signal)
    after = found.at(-1) ?? null
    if (after === null || signal?.aborted) return done
  }
}

async function each(
  found: readonly { readonly id: string }[],
  erase: Erase,
  signal?: AbortSignal,
): Promise<number> {
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
