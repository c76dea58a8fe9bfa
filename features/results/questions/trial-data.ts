import '#server-only'
import { db } from '#platform/db.ts'

/** Adds to the forms that were given while a trial ran. */
export async function addForms(trial: number, version: number, forms: number): Promise<void> {
  await db.$executeRaw`
    INSERT INTO survey_trial_forms AS f (trial, version, forms) VALUES (${trial}::int, ${version}::int, ${forms}::int)
    ON CONFLICT (trial, version) DO UPDATE SET forms = f.forms + excluded.forms`
}

/** Returns the agencies where answers to a version wait that were held for its trial: people who are not counted as such yet. */
export async function findHeldAgencies(version: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT agency_id AS id FROM survey_tallies t WHERE questionnaire_version = ${version}::int AND waiting_people < (
      SELECT count(*) FROM survey_responses r WHERE r.agency_id = t.agency_id AND r.questionnaire_version = t.questionnaire_version
        AND NOT r.counted AND NOT r.same_network AND NOT r.repeated)
    ORDER BY 1`
  return rows.map(({ id }) => id)
}
