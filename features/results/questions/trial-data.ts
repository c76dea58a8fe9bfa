import '#server-only'
import { firstDay, monthOf } from '#features/results/rules.ts'
import { MIN_PUBLIC_GROUP } from '#lib/statistics/groups.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import type { TriedAnswer } from './trial-rules.ts'

/** Adds to the forms that were given while a trial ran. */
export async function addForms(trial: number, version: number, forms: number): Promise<void> {
  await db.$executeRaw`
    INSERT INTO survey_trial_forms AS f (trial, version, forms) VALUES (${trial}::int, ${version}::int, ${forms}::int)
    ON CONFLICT (trial, version) DO UPDATE SET forms = f.forms + excluded.forms`
}

/** Returns how many forms of each version were given while a trial ran. */
export async function readForms(tx: Tx, trial: number): Promise<Map<number, number>> {
  const rows = await tx.trialForms.findMany({ where: { trial } })
  return new Map(rows.map(({ version, forms }) => [version, forms]))
}

/**
 * Returns the answers of people that a trial and its control got while it ran: of the trial what waits, of the control what is public.
 */
export const readTriedAnswers = (
  tx: Tx,
  { trial, control, since }: { readonly trial: number; readonly control: number; readonly since: Instant },
): Promise<TriedAnswer[]> => tx.$queryRaw<TriedAnswer[]>`
  SELECT agency_id AS "agencyId", questionnaire_version = ${trial}::int AS trial, answers FROM survey_responses
  WHERE trial = ${trial}::int AND NOT same_network AND received_month >= ${firstDay(monthOf(since))}::date
    AND (questionnaire_version = ${trial}::int OR questionnaire_version = ${control}::int AND counted)`

/** Counts the people who have answered a trial, at agencies where ten or more have: so many can be compared. */
export async function countTried(trial: number): Promise<number> {
  const rows = await db.$queryRaw<{ people: number }[]>`
    SELECT count(*)::int AS people FROM survey_responses
    WHERE trial = ${trial}::int AND questionnaire_version = ${trial}::int AND NOT same_network AND NOT counted
    GROUP BY agency_id HAVING count(*) >= ${MIN_PUBLIC_GROUP}`
  return rows.reduce((sum, { people }) => sum + people, 0)
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

/**
 * Counts the people whose answers were held at an agency, and locks its tally. Where they are ten, what waits is counted as published,
 * and true is returned; else they wait for others.
 */
export async function takeHeld(tx: Tx, agencyId: string, version: number): Promise<boolean> {
  await tx.$queryRaw`
    SELECT FROM survey_tallies WHERE agency_id = ${agencyId} AND questionnaire_version = ${version}::int FOR UPDATE`
  const people = await tx.surveyResponse.count({
    where: { agencyId, questionnaireVersion: version, counted: false, sameNetwork: false, repeated: false },
  })
  if (people === 0) return false
  const due = people >= MIN_PUBLIC_GROUP
  await tx.$executeRaw`
    UPDATE survey_tallies SET published = published + CASE WHEN ${due}::boolean THEN waiting ELSE 0 END,
      waiting = CASE WHEN ${due}::boolean THEN 0 ELSE waiting END, batches = batches + CASE WHEN ${due}::boolean THEN 1 ELSE 0 END,
      waiting_people = CASE WHEN ${due}::boolean THEN 0 ELSE ${people}::int END
    WHERE agency_id = ${agencyId} AND questionnaire_version = ${version}::int`
  return due
}
