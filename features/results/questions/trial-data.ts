import '#server-only'
import { db, type Tx } from '#platform/db.ts'

/** Adds to the forms that were given while a trial ran. */
export async function addForms(trial: number, version: number, forms: number): Promise<void> {
  await db.$executeRaw`
    INSERT INTO survey_trial_forms AS f (trial, version, forms) VALUES (${trial}::int, ${version}::int, ${forms}::int)
    ON CONFLICT (trial, version) DO UPDATE SET forms = f.forms + excluded.forms`
}

/** Returns the agencies where answers to a version wait that were held for its trial: none of them is counted as a person yet. */
export async function findHeldAgencies(tx: Tx, version: number): Promise<string[]> {
  const rows = await tx.surveyTally.findMany({
    where: { questionnaireVersion: version, waiting: { gt: 0 }, waitingPeople: 0 },
    orderBy: { agencyId: 'asc' },
    select: { agencyId: true },
  })
  return rows.map(({ agencyId }) => agencyId)
}
