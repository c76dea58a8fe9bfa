import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import { systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import type { Job } from '#platform/queue.ts'
import { inScope } from '#platform/scope.ts'
import { isRecoveryOn } from './data.ts'
import { isCallable, lookDue } from './rules.ts'

/**
 * Starts the deadline for police to look at a phone that a carrier has seen, unless it already runs or the
 * holder is already asked.
 */
export const noteSeen = (caseId: string, now: Instant): Promise<void> =>
  inScope(systemScope(), () =>
    transaction(async (tx) => {
      if (!isRecoveryOn()) return
      const c = await tx.case.findFirst({ where: { id: caseId, erasedAt: null }, select: { state: true } })
      if (!c || !isCallable(c.state)) return
      const called = await tx.holderNotice.count({
        where: { caseId, expiresAt: { gt: now }, handedInAt: null },
      })
      if (called > 0) return
      const dueAt = lookDue(now)
      // Of two sightings at the same moment, only one creates the row.
      const { count } = await tx.recovery.createMany({
        data: [{ caseId, seenAt: now, dueAt }],
        skipDuplicates: true,
      })
      const again =
        count === 1 ||
        (await tx.recovery.updateMany({ where: { caseId, dueAt: null }, data: { dueAt } })).count === 1
      if (!again) return
      const subject = { kind: 'case', id: caseId } as const
      await audit(tx, { actor: { kind: 'system' }, act: 'case.seen', subject, caseId, at: now })
    }),
  )

export const jobs: readonly Job[] = [{ queue: 'phone-seen', run: ({ caseId }, now) => noteSeen(caseId, now) }]
