import '#server-only'
import { db } from './db.ts'

/** The background jobs that may have to stop and wait for a person. */
type TroubledJob =
  | 'audit-seal'
  | 'audit-tiles'
  | 'audit-witness'
  | 'evidence-sweep'
  | 'virus-scan'
  | 'figures-log'
  | 'report-files'

/** The reason why such a job had to stop: which of its own faults, with counts, hashes and times for the sentence. */
interface Trouble {
  readonly code: string
  readonly facts: Readonly<Record<string, string | number | null>>
  readonly since: Date
}

/** Writes down why a job has stopped; the first time of the same fault stays. */
export async function reportTrouble(job: TroubledJob, code: string, facts: Trouble['facts']): Promise<void> {
  const json = JSON.stringify(facts)
  await db.$executeRaw`
    INSERT INTO troubles (job, code, facts) VALUES (${job}, ${code}, ${json}::jsonb)
    ON CONFLICT (job) DO UPDATE SET code = excluded.code, facts = excluded.facts,
      since = CASE WHEN troubles.code = excluded.code THEN troubles.since ELSE excluded.since END`
}

/** Notes that a job goes on. */
export const clearTrouble = async (job: TroubledJob): Promise<void> =>
  void (await db.trouble.deleteMany({ where: { job } }))

/** Returns why a job has stopped; null while it goes on. */
export async function troubleOf(job: TroubledJob): Promise<Trouble | null> {
  const row = await db.trouble.findUnique({ where: { job } })
  return row && { code: row.code, facts: row.facts as Trouble['facts'], since: row.since }
}
