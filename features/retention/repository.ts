import '#server-only'
import { systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'

/** Rows a statement: each is a transaction of its own, and none runs into the time a statement may take. */
const BATCH = 5_000

/** Deletes rows of each kind that nobody needs after the instant given for it; answers how many. */
export async function deleteOld(before: {
  readonly counter: Instant
  readonly code: Instant
  readonly lookup: Instant
  readonly session: Instant
  readonly submission: Instant
  /** Of acts that are remembered for longer, the instant of each. */
  readonly submissionOf: Readonly<Record<string, Instant>>
  readonly log: Instant
  readonly absence: Instant
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
    (limit: number) =>
      db.submission.deleteMany({
        where: { at: { lt: before.submission }, act: { notIn: Object.keys(before.submissionOf) } },
        limit,
      }),
    ...Object.entries(before.submissionOf).map(
      ([act, at]) =>
        (limit: number) =>
          db.submission.deleteMany({ where: { at: { lt: at }, act }, limit }),
    ),
    (limit: number) => db.listFacts.deleteMany({ where: { madeAt: { lt: before.submission } }, limit }),
    (limit: number) => db.staffAbsence.deleteMany({ where: { untilDay: { lt: before.absence } }, limit }),
    (limit: number) => db.carrierCall.deleteMany({ where: { slot: { lt: before.log } }, limit }),
    (limit: number) => db.pushTry.deleteMany({ where: { at: { lt: before.log } }, limit }),
  ]
  let done = 0
  for (const remove of kinds)
    for (;;) {
      const { count } = await remove(BATCH)
      done += count
      if (count < BATCH) break
    }
  return done
}

/** Returns those of `ids` that are cases with their person's data. */
export const casesStillThere = (ids: readonly string[]): Promise<string[]> =>
  inScope(systemScope(), async () => {
    const where = { id: { in: [...ids] }, erasedAt: null }
    return (await db.case.findMany({ where, select: { id: true } })).map(({ id }) => id)
  })

/** Returns those of `ids` that are cases whose files are not erased. */
export const casesWithFiles = (ids: readonly string[]): Promise<string[]> =>
  inScope(systemScope(), async () => {
    const where = { id: { in: [...ids] }, erasedAt: null, evidenceErasedAt: null }
    return (await db.case.findMany({ where, select: { id: true } })).map(({ id }) => id)
  })

/** Deletes the rows of files that are there; answers which were. */
export const takeEvidence = (
  tx: Tx,
  ids: readonly string[],
): Promise<{ readonly id: string; readonly caseId: string }[]> =>
  tx.$queryRaw`DELETE FROM evidence WHERE id = ANY (${[...ids]}::uuid[]) RETURNING id, case_id AS "caseId"`

/** Deletes the citizens' lists that are there; answers which were. */
export async function takeIdentities(tx: Tx, ids: readonly string[]): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    DELETE FROM identities WHERE id = ANY (${[...ids]}::uuid[]) RETURNING id`
  return rows.map(({ id }) => id)
}
