import '#server-only'
import type { Counts } from '#domain/survey/distribution.ts'
import { type Cell, EMPTY_CELL, STEP } from '#domain/survey/publication.ts'
import { db, type Tx } from '#server/platform/db.ts'

/**
 * Counts one more answer of an agency, and holds the agency's row until the transaction ends. True when ten wait: the
 * row is then set to have them public.
 */
export async function countOne(tx: Tx, agencyId: string, version: number): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ waiting: number }[]>`
    INSERT INTO survey_tallies AS t (agency_id, questionnaire_version, published, waiting)
    VALUES (${agencyId}, ${version}, 0, 1)
    ON CONFLICT (agency_id, questionnaire_version) DO UPDATE SET
      waiting = (t.waiting + 1) % ${STEP}::int,
      published = t.published + CASE WHEN t.waiting + 1 = ${STEP}::int THEN ${STEP}::int ELSE 0 END
    RETURNING waiting`
  return row?.waiting === 0
}

/** The answers that waited, now marked as counted. Call with the agency's tally held. */
export async function takeWaiting(
  tx: Tx,
  agencyId: string,
  version: number,
): Promise<Readonly<Record<string, string>>[]> {
  const rows = await tx.$queryRaw<{ answers: Record<string, string> }[]>`
    UPDATE survey_responses SET counted = true
    WHERE agency_id = ${agencyId} AND questionnaire_version = ${version} AND NOT counted
    RETURNING answers`
  return rows.map(({ answers }) => answers)
}

/** Changes the cells of some questions of an agency. Call with the agency's tally held. */
export async function changeCells(
  tx: Tx,
  agencyId: string,
  questionnaireVersion: number,
  change: (question: string, cell: Cell) => Cell,
  questions: readonly string[],
): Promise<void> {
  const rows = await tx.surveyCell.findMany({ where: { agencyId, questionnaireVersion } })
  for (const question of questions) {
    const row = rows.find((one) => one.question === question)
    const before = row ? { published: row.published as Counts, held: row.held as Counts } : EMPTY_CELL
    const { published, held } = change(question, before)
    const data = { published: { ...published }, held: { ...held } }
    await tx.surveyCell.upsert({
      where: { agencyId_questionnaireVersion_question: { agencyId, questionnaireVersion, question } },
      create: { agencyId, questionnaireVersion, question, ...data },
      update: data,
      select: { question: true },
    })
  }
}

/** What is public of one question at one agency. What is held is not read: nothing that is loaded can leak it. */
export interface PublicCell {
  readonly agencyId: string
  readonly version: number
  readonly question: string
  readonly counts: Counts
}

/** The public cells of one question at every agency, or of every question at one. */
export async function publicCells(
  of: { readonly question: string } | { readonly agencyId: string },
): Promise<PublicCell[]> {
  const rows = await db.surveyCell.findMany({
    where: of,
    select: { agencyId: true, questionnaireVersion: true, question: true, published: true },
  })
  return rows.map(({ questionnaireVersion, published, ...rest }) => ({
    ...rest,
    version: questionnaireVersion,
    counts: published as Counts,
  }))
}
