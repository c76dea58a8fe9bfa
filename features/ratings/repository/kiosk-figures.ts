import '#server-only'
import type { Tally } from '#features/results/rules/distribution.ts'
import { firstDay, type Month } from '#features/results/rules/month.ts'
import { MIN_KIOSK_GROUP } from '#lib/statistics/groups.ts'
import { db, rawQuery, sql, type Tx } from '#platform/db.ts'
import type { Cell, Given } from '../rules/publication.ts'
import type { FiguresKey } from './publication.ts'

/** Returns the agencies, by versions of the questions, whose kiosks have answers waiting of weeks up to one. */
export const kiosksWaiting = (week: string): Promise<FiguresKey[]> => db.$queryRaw<FiguresKey[]>`
  SELECT DISTINCT agency_id AS "agencyId", questionnaire_version AS "questionnaireVersion"
  FROM survey_kiosk_responses WHERE NOT counted AND week <= ${week}::date ORDER BY 1, 2`

export interface KioskFigures {
  readonly cells: Readonly<Record<string, Cell>>
  /** The part of each question's figures that became public with the week. */
  readonly weeks: Readonly<Record<string, Tally>>
}

/** Marks what waits up to a week as counted with it and returns it; nothing where fewer than thirty of it count. */
export const takeKioskAnswers = (
  tx: Tx,
  { agencyId, questionnaireVersion: version }: FiguresKey,
  week: string,
  month: Month,
): Promise<Given[]> =>
  rawQuery<Given>(
    tx,
    sql`SELECT answers, NOT person AS repeated
      FROM take_kiosk_weeks(${agencyId}, ${version}::int, ${week}::date, ${firstDay(month)}::date,
        ${MIN_KIOSK_GROUP}::int)`,
  )

/** Returns the figures of an agency's kiosks, by question. Call it after `takeKioskAnswers`, which locks their answers. */
export async function kioskFigures(
  tx: Tx,
  { agencyId, questionnaireVersion }: FiguresKey,
): Promise<Record<string, Cell>> {
  const rows = await tx.kioskCell.findMany({ where: { agencyId, questionnaireVersion } })
  return Object.fromEntries(
    rows.map((row) => [
      row.question,
      {
        published: { respondents: row.respondents, counts: row.published },
        held: { respondents: row.heldRespondents, counts: row.held },
        heldPeople: row.heldPeople,
      } as Cell,
    ]),
  )
}

export async function keepKioskFigures(
  tx: Tx,
  { agencyId, questionnaireVersion: version }: FiguresKey,
  week: string,
  { cells, weeks }: KioskFigures,
): Promise<void> {
  const rows = Object.entries(cells).map(([question, { published, held, heldPeople }]) => ({
    ...{ question, respondents: published.respondents, published: published.counts },
    ...{ held_respondents: held.respondents, held: held.counts, held_people: heldPeople },
  }))
  await rawQuery(
    tx,
    sql`INSERT INTO survey_kiosk_cells
      (agency_id, questionnaire_version, question, respondents, published, held_respondents, held, held_people)
    SELECT ${agencyId}, ${version}::int, question, respondents, published, held_respondents, held, held_people
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS cell (question text, respondents int, published jsonb, held_respondents int, held jsonb, held_people int)
    ON CONFLICT (agency_id, questionnaire_version, question) DO UPDATE SET
      respondents = EXCLUDED.respondents, published = EXCLUDED.published,
      held_respondents = EXCLUDED.held_respondents, held = EXCLUDED.held, held_people = EXCLUDED.held_people`,
  )
  const released = Object.entries(weeks).map(([question, tally]) => ({ question, ...tally }))
  await rawQuery(
    tx,
    sql`INSERT INTO survey_kiosk_weeks (agency_id, questionnaire_version, question, week, respondents, counts)
    SELECT ${agencyId}, ${version}::int, question, ${week}::date, respondents, counts
    FROM jsonb_to_recordset(${JSON.stringify(released)}::jsonb) AS tally (question text, respondents int, counts jsonb)`,
  )
}
