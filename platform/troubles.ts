import '#server-only'
import { db } from './db.ts'

/** The background jobs that may have to stop until a person acts. */
type TroubledJob =
  | 'audit-seal'
  | 'audit-tiles'
  | 'audit-witness'
  | 'evidence-sweep'
  | 'virus-scan'
  | 'figures-log'
  | 'report-files'

/** Why a job had to stop: one of its own fault codes, with counts, hashes and times for the message. */
interface Trouble {
  readonly code: string
  readonly facts: Readonly<Record<string, string | number | null>>
  readonly since: Date
}

/** Records why a job has stopped; repeating the same fault keeps its first time. */
export async function reportTrouble(job: TroubledJob, code: string, facts: Trouble['facts']): Promise<void> {
  const json = JSON.stringify(facts)
  await db.$executeRaw`
    INSERT INTO troubles (job, code, facts) VALUES (${job}, ${code}, ${json}::jsonb)
    ON CONFLICT (job) DO UPDATE SET code = excluded.code, facts = excluded.facts,
      since = CASE WHEN troubles.code = excluded.code THEN troubles.since ELSE excluded.since END`
}

export const clearTrouble = async (job: TroubledJob): Promise<void> =>
  void (await db.trouble.deleteMany({ where: { job } }))

export async function troubleOf(job: TroubledJob): Promise<Trouble | null> {
  const row = await db.trouble.findUnique({ where: { job } })
  return row && { code: row.code, facts: row.facts as Trouble['facts'], since: row.since }
}
