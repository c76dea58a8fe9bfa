import '#server-only'
import type { Instant } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import type { Job } from '#platform/queue.ts'
import { expireApproval, noteAltered } from './acts.ts'
import { endAltered, lockApproval, lockSubject } from './data.ts'

export async function expireApprovals(now: Instant): Promise<void> {
  const lapsed = { where: { state: 'asked', expiresAt: { lte: now } }, take: 200 } as const
  const select = { id: true, subject: true } as const
  for (const { id, subject } of await transaction((tx) => tx.approval.findMany({ ...lapsed, select }))) {
    await transaction(async (tx) => {
      const request = await lockApproval(tx, id)
      if (request) return expireApproval(tx, request, now)
      const open = await lockSubject(tx, subject)
      const expired = { state: 'expired', decidedById: null, decidedAt: now } as const
      if (open?.id === id && 'unread' in open && (await endAltered(tx, open, expired)))
        await noteAltered(tx, { kind: 'system' }, 'expire', open, now)
    })
  }
}

export const jobs: readonly Job[] = [
  { queue: 'approvals', schedule: '*/10 * * * *', run: (_, now) => expireApprovals(now) },
]
