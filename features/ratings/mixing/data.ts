import '#server-only'
import type { Instant } from '#lib/time.ts'
import { db } from '#platform/db.ts'

/** Every table that an answer's transaction writes to, including the figures. */
export const SHUFFLED = [
  'survey_responses',
  'survey_kiosk_responses',
  'survey_invited_responses',
  'survey_invitations',
  'survey_excluded_responses',
  'survey_comments',
  'survey_suggestions',
  'survey_receipts',
  'survey_dossier_codes',
  'submissions',
  'survey_tallies',
  'survey_cells',
  'survey_months',
  'survey_code_splits',
  'survey_channel_splits',
  'survey_parts',
  'survey_kiosk_cells',
  'survey_kiosk_weeks',
  'survey_same_network',
  'survey_exclusions',
  'survey_exclusion_totals',
] as const
export type Shuffled = (typeof SHUFFLED)[number]

/** Counts the rows of a table to rewrite: those of the months from `from` on, and waiting ones. */
export async function countRowsToShuffle(table: Shuffled, from: Instant): Promise<number> {
  const [row] = await db.$queryRaw<{ count: number }[]>`
    SELECT survey_to_shuffle(${table}, ${from}::date) AS count`
  return row?.count ?? 0
}

/** Rewrites one random part of the rows in random order (see the SQL function's comment). Returns how many. */
export async function shufflePart(
  table: Shuffled,
  from: Instant,
  { part, parts, salt }: { readonly part: number; readonly parts: number; readonly salt: string },
): Promise<number> {
  const [row] = await db.$queryRaw<{ done: number }[]>`
    SELECT survey_shuffle(${table}, ${from}::date, ${part}::int, ${parts}::int, ${salt}) AS done`
  return row?.done ?? 0
}

/** Removes the rows' former places. A role without PostgreSQL's MAINTAIN privilege leaves it to autovacuum. */
export const vacuumAnswers = (table: Shuffled): Promise<number> => db.$executeRawUnsafe(`VACUUM ${table}`)

export async function addAnswers(day: string, answers: number): Promise<void> {
  await db.$executeRaw`
    INSERT INTO survey_days AS d (day, answers) VALUES (${day}::date, ${answers})
    ON CONFLICT (day) DO UPDATE SET answers = d.answers + excluded.answers`
}

/** Returns the count of answers per day, from one local date to before another. A day without answers has no row. */
export async function countAnswersBetween(
  from: string,
  before: string,
): Promise<{ readonly day: string; readonly answers: number }[]> {
  const rows = await db.surveyDay.findMany({
    where: { day: { gte: new Date(from), lt: new Date(before) } },
    orderBy: { day: 'asc' },
  })
  return rows.map(({ day, answers }) => ({ day: day.toISOString().slice(0, 10), answers }))
}
