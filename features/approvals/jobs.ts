import '#server-only'
import { ok } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { runInTransaction } from '#platform/idempotency/commands.ts'
import type { Job } from '#platform/queue.ts'
import { noteApproval } from './acts.ts'
import { endApproval, lapsedApprovals, lockApproval } from './data.ts'

/** Ends requests without an answer in time, and removes what they say of a person. */
export async function expireApprovals(now: Instant): Promise<void> {
  for (const id of await lapsedApprovals(now)) {
    await runInTransaction(async (tx) => {
      const request = await lockApproval(tx, id)
      if (request?.expiresAt && request.expiresAt <= now) {
        await endApproval(tx, request, { state: 'expired', decidedById: null, decidedAt: now })
        await noteApproval(tx, { kind: 'system' }, 'expire', request, {}, now)
      }
      return ok(null)
    })
  }
}

export const jobs: readonly Job[] = [
  { queue: 'approvals', schedule: '*/10 * * * *', run: (_, now) => expireApprovals(now) },
]
