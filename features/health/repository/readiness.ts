import '#server-only'
import { db } from '#platform/db.ts'
import { QUEUE_OPTIONS } from '#platform/queue.ts'

export const databaseAnswers = (): Promise<unknown> => db.$queryRaw`SELECT 1`

/** Throws unless the queues that this version of the code sends to are there. */
export async function queueAnswers(): Promise<void> {
  const names = Object.keys(QUEUE_OPTIONS)
  const [row] = await db.$queryRaw<{ found: bigint }[]>`
    SELECT count(*) AS found FROM pgboss.queue WHERE name = ANY (${names})`
  if (Number(row?.found ?? 0) !== names.length) throw new Error('a queue is missing: run npm run db:migrate')
}

export const auditAnswers = (): Promise<unknown> => db.auditEntry.findFirst({ select: { id: true } })

/**
 * Returns the missing data that every installation begins with. `npm run db:migrate` loads it, and the product never
 * deletes all of it.
 */
export async function missingReference(): Promise<string[]> {
  const [row] = await db.$queryRaw<Record<string, boolean>[]>`
    SELECT EXISTS (SELECT FROM carriers) AS carriers,
      EXISTS (SELECT FROM area_editions WHERE in_force) AND EXISTS (SELECT FROM police_areas) AS areas,
      EXISTS (SELECT FROM police_units) AS units, EXISTS (SELECT FROM agencies) AS agencies,
      EXISTS (SELECT FROM questionnaires WHERE published_at IS NOT NULL) AS questionnaire,
      EXISTS (SELECT FROM holidays) AS holidays, EXISTS (SELECT FROM banks) AS banks`
  return Object.entries(row ?? {})
    .filter(([, there]) => !there)
    .map(([name]) => name)
}
