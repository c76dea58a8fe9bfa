import '#server-only'
import type { Instant } from '#domain/time.ts'
import { db } from '#server/platform/db.ts'

/** Deletes rows of each kind that nobody needs after the instant given for it; answers how many. */
export async function deleteOld(before: {
  readonly counter: Instant
  readonly code: Instant
  readonly lookup: Instant
  readonly session: Instant
  readonly submission: Instant
  readonly log: Instant
}): Promise<number> {
  // One statement a table: each is its own transaction, and what one run does not reach the next one does.
  const done = [
    await db.rateLimit.deleteMany({ where: { endsAt: { lt: before.counter } } }),
    await db.codeSend.deleteMany({ where: { at: { lt: before.code } } }),
    await db.contactCode.deleteMany({ where: { expiresAt: { lt: before.code } } }),
    await db.signInFailure.deleteMany({ where: { lastAt: { lt: before.code } } }),
    await db.lookup.deleteMany({ where: { at: { lt: before.lookup } } }),
    await db.caseSession.deleteMany({ where: { expiresAt: { lt: before.session } } }),
    await db.identitySession.deleteMany({ where: { expiresAt: { lt: before.session } } }),
    await db.staffSession.deleteMany({ where: { expiresAt: { lt: before.session } } }),
    await db.invitation.deleteMany({ where: { expiresAt: { lt: before.submission } } }),
    await db.spentProof.deleteMany({ where: { expiresAt: { lt: before.counter } } }),
    await db.submission.deleteMany({ where: { at: { lt: before.submission } } }),
    await db.listFacts.deleteMany({ where: { madeAt: { lt: before.submission } } }),
    await db.pushTry.deleteMany({ where: { at: { lt: before.log } } }),
  ]
  return done.reduce((sum, { count }) => sum + count, 0)
}
