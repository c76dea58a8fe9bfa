import '#server-only'
import { ok } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { runInTransaction } from '#platform/idempotency/commands.ts'
import type { Job } from '#platform/queue.ts'
import { expireApproval } from './acts.ts'
import { lapsedApprovals, lockApproval } from './data.ts'

/** Ends the requests whose time is up. */
export async function expireApprovals(now: Instant): Promise<void> {
  for (const id of await lapsedApprovals(now)) {
    await runInTransaction(async (tx) => {
      const request = await lockApproval(tx, id)
      if (request?.expiresAt && request.expiresAt <= now) await expireApproval(tx, request, now)
      return ok(null)
    })
  }
}

export const jobs: readonly Job[] = [
  { queue: 'approvals', schedule: '*/10 * * * *', run: (_, now) => expireApprovals(now) },
]
