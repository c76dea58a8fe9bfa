import '#server-only'
import type { CodeSplit } from '#domain/survey/code-split.ts'
import { NO_SPLIT } from '#domain/survey/code-split.ts'
import { type Counts, NO_TALLY, type Tally } from '#domain/survey/distribution.ts'
import { firstDay, type Month } from '#domain/survey/month.ts'
import { type Cell, EMPTY_CELL } from '#domain/survey/publication.ts'
import type { Answers } from '#domain/survey/questionnaire.ts'
import type { Tx } from '#server/platform/db.ts'

/** The figures of one agency's answers to one version of the questions: what is changed together, under one lock. */
export interface FiguresKey {
  readonly agencyId: string
  readonly questionnaireVersion: number
}

/**
 * Counts one more answer, and holds the agency's tally until the transaction ends: everything else here is called
 * under it. True when ten wait: the tally is then set to have them public.
 */
export async function countOne(
  tx: Tx,
  { agencyId, questionnaireVersion: version }: FiguresKey,
): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ due: boolean }[]>`SELECT count_rating(${agencyId}, ${version}) AS due`
  return row?.due === true
}

export interface Waiting {
  readonly answers: Answers
  readonly withCode: boolean
}

/** The answers that waited, now marked as counted in a month: the one of receipt would tell the only one of a new month. */
export const takeWaiting = (
  tx: Tx,
  { agencyId, questionnaireVersion }: FiguresKey,
  month: Month,
): Promise<Waiting[]> =>
  tx.$queryRaw<Waiting[]>`
    UPDATE survey_responses SET counted = true, received_month = ${firstDay(month)}::date
    WHERE agency_id = ${agencyId} AND questionnaire_version = ${questionnaireVersion} AND NOT counted
    RETURNING answers, with_code AS "withCode"`

/** What there is of each question, by its key. */
export async function cellsOf(tx: Tx, key: FiguresKey): Promise<(question: string) => Cell> {
  const rows = await tx.surveyCell.findMany({ where: key })
  const cells = new Map(
    rows.map((row) => [
      row.question,
      {
        published: { respondents: row.respondents, counts: row.published as Counts },
        held: { respondents: row.heldRespondents, counts: row.held as Counts },
      },
    ]),
  )
  return (question) => cells.get(question) ?? EMPTY_CELL
}

/** Writes cells, each by its question's key. */
export async function keepCells(
  tx: Tx,
  { agencyId, questionnaireVersion: version }: FiguresKey,
  cells: ReadonlyMap<string, Cell>,
): Promise<void> {
  const rows = [...cells].map(([question, { published, held }]) => ({
    question,
    respondents: published.respondents,
    published: published.counts,
    held_respondents: held.respondents,
    held: held.counts,
  }))
  await tx.$executeRaw`
    INSERT INTO survey_cells
      (agency_id, questionnaire_version, question, respondents, published, held_respondents, held)
    SELECT ${agencyId}, ${version}, question, respondents, published, held_respondents, held
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      AS cell (question text, respondents int, published jsonb, held_respondents int, held jsonb)
    ON CONFLICT (agency_id, questionnaire_version, question) DO UPDATE SET
      respondents = EXCLUDED.respondents, published = EXCLUDED.published,
      held_respondents = EXCLUDED.held_respondents, held = EXCLUDED.held`
}

/** What of each question belongs to a month so far, by the question's key. */
export async function monthOf(tx: Tx, key: FiguresKey, month: Month): Promise<(question: string) => Tally> {
  const rows = await tx.surveyMonth.findMany({ where: { ...key, month: firstDay(month) } })
  const tallies = new Map(
    rows.map(({ question, respondents, counts }) => [question, { respondents, counts: counts as Counts }]),
  )
  return (question) => tallies.get(question) ?? NO_TALLY
}

/** Writes a month's tallies, each by its question's key. */
export async function keepMonth(
  tx: Tx,
  { agencyId, questionnaireVersion: version }: FiguresKey,
  month: Month,
  tallies: ReadonlyMap<string, Tally>,
): Promise<void> {
  const rows = [...tallies].map(([question, tally]) => ({ question, ...tally }))
  await tx.$executeRaw`
    INSERT INTO survey_months (agency_id, questionnaire_version, question, month, respondents, counts)
    SELECT ${agencyId}, ${version}, question, ${firstDay(month)}::date, respondents, counts
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS tally (question text, respondents int, counts jsonb)
    ON CONFLICT (agency_id, question, month, questionnaire_version) DO UPDATE SET
      respondents = EXCLUDED.respondents, counts = EXCLUDED.counts`
}

export async function splitOf(tx: Tx, key: FiguresKey): Promise<CodeSplit> {
  const row = await tx.surveyCodeSplit.findUnique({ where: { agencyId_questionnaireVersion: key } })
  if (row === null) return { published: NO_SPLIT, held: NO_SPLIT }
  return {
    published: { withCode: row.withCode as Counts, withoutCode: row.withoutCode as Counts },
    held: { withCode: row.heldWithCode as Counts, withoutCode: row.heldWithoutCode as Counts },
  }
}

export async function keepSplit(tx: Tx, key: FiguresKey, { published, held }: CodeSplit): Promise<void> {
  const data = {
    withCode: { ...published.withCode },
    withoutCode: { ...published.withoutCode },
    heldWithCode: { ...held.withCode },
    heldWithoutCode: { ...held.withoutCode },
  }
  await tx.surveyCodeSplit.upsert({
    where: { agencyId_questionnaireVersion: key },
    create: { ...key, ...data },
    update: data,
    select: { agencyId: true },
  })
}
