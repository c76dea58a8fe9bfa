import '#server-only'
import { OVER_STATES } from '#features/cases/record/state-rules.ts'
import type { RatingAct } from '#features/ratings/rating/rules.ts'
import type { Prisma } from '#generated/prisma/client.ts'
import { systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { db, sql } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'

/** Rows per statement. Each statement is its own transaction and stays within the statement timeout. */
const BATCH = 5_000
/** Statements per kind in one run. The next run continues, so that no kind makes the others wait. */
const BATCHES = 200

/**
 * Deletes rows of each kind older than its instant, and returns their number.
 *
 * @throws AggregateError with the errors of the failed kinds, after all kinds were tried
 */
export async function deleteOld(before: {
  readonly counter: Instant
  readonly code: Instant
  readonly lookup: Instant
  readonly session: Instant
  readonly submission: Instant
  readonly rating: Readonly<Record<RatingAct, Instant>>
  readonly log: Instant
  readonly absence: Instant
  readonly booked: Instant
  /** For cases that have been over since then. */
  readonly device: Instant
}): Promise<number> {
  const kinds = [
    (limit: number) => db.rateLimit.deleteMany({ where: { endsAt: { lt: before.counter } }, limit }),
    (limit: number) => db.codeSend.deleteMany({ where: { at: { lt: before.code } }, limit }),
    (limit: number) => db.contactCode.deleteMany({ where: { expiresAt: { lt: before.code } }, limit }),
    (limit: number) => db.signInFailure.deleteMany({ where: { lastAt: { lt: before.code } }, limit }),
    (limit: number) => db.lookup.deleteMany({ where: { at: { lt: before.lookup } }, limit }),
    (limit: number) => db.caseSession.deleteMany({ where: { expiresAt: { lt: before.session } }, limit }),
    (limit: number) => db.identitySession.deleteMany({ where: { expiresAt: { lt: before.session } }, limit }),
    (limit: number) => db.staffSession.deleteMany({ where: { expiresAt: { lt: before.session } }, limit }),
    (limit: number) =>
      db.passkeyChallenge.deleteMany({ where: { expiresAt: { lt: before.session } }, limit }),
    (limit: number) => db.invitation.deleteMany({ where: { expiresAt: { lt: before.submission } }, limit }),
    (limit: number) => db.spentProof.deleteMany({ where: { expiresAt: { lt: before.counter } }, limit }),
    (limit: number) => deleteSubmissions(OTHER_ACTS, before.submission, limit),
    ...Object.entries(before.rating).map(
      ([act, at]) =>
        (limit: number) =>
          deleteSubmissions(sql`${RATING_ACTS} AND act = ${act}`, at, limit),
    ),
    (limit: number) => db.listFacts.deleteMany({ where: { madeAt: { lt: before.submission } }, limit }),
    (limit: number) => db.staffAbsence.deleteMany({ where: { untilDay: { lt: before.absence } }, limit }),
    (limit: number) => db.bookedPhone.deleteMany({ where: { at: { lt: before.booked } }, limit }),
    (limit: number) => {
      const over = { state: { in: [...OVER_STATES] }, stateSince: { lt: before.device } }
      return inScope(systemScope(), () => db.pushDevice.deleteMany({ where: { key: { case: over } }, limit }))
    },
    (limit: number) =>
      inScope(systemScope(), () => db.shopLead.deleteMany({ where: { at: { lt: before.booked } }, limit })),
    (limit: number) => db.carrierCall.deleteMany({ where: { slot: { lt: before.log } }, limit }),
  ]
  let done = 0
  const failed: unknown[] = []
  for (const remove of kinds)
    try {
      done += await removeAll(remove)
    } catch (error) {
      failed.push(error)
    }
  if (failed.length > 0)
    throw new AggregateError(failed, `${failed.length} of ${kinds.length} kinds could not be deleted`)
  return done
}

async function removeAll(remove: (limit: number) => Promise<{ readonly count: number }>): Promise<number> {
  let done = 0
  for (let batch = 0; batch < BATCHES; batch++) {
    const { count } = await remove(BATCH)
    done += count
    if (count < BATCH) break
  }
  return done
}

/** Exactly the conditions of the two partial indexes: with other text PostgreSQL would not use them and would read every key. */
const RATING_ACTS = sql`act = ANY (ARRAY['survey.rate'::text, 'survey.rate_at_kiosk'::text])`
const OTHER_ACTS = sql`act <> ALL (ARRAY['survey.rate'::text, 'survey.rate_at_kiosk'::text])`

const deleteSubmissions = async (of: Prisma.Sql, before: Instant, limit: number) => ({
  count: await db.$executeRaw`
    DELETE FROM submissions WHERE key IN (
      SELECT key FROM submissions WHERE ${of} AND at < ${before} ORDER BY at LIMIT ${limit})`,
})

export const findCasesLeft = (ids: readonly string[], of: { readonly files: boolean }): Promise<string[]> =>
  inScope(systemScope(), async () => {
    const where = { id: { in: [...ids] }, erasedAt: null, ...(of.files && { evidenceErasedAt: null }) }
    return (await db.case.findMany({ where, select: { id: true } })).map(({ id }) => id)
  })
