import '#server-only'
import { db } from '#platform/db.ts'
import { QUEUE_OPTIONS } from '#platform/queue.ts'

export const databaseAnswers = (): Promise<unknown> => db.$queryRaw`SELECT 1`

/** The queues that this version of the code sends to are there. */
export async function queueAnswers(): Promise<void> {
  const names = Object.keys(QUEUE_OPTIONS)
  const [row] = await db.$queryRaw<{ found: bigint }[]>`
    SELECT count(*) AS found FROM pgboss.queue WHERE name = ANY (${names})`
  if (Number(row?.found ?? 0) !== names.length) throw new Error('a queue is missing: run npm run db:migrate')
}

export const auditAnswers = (): Promise<unknown> => db.auditEntry.findFirst({ select: { id: true } })
