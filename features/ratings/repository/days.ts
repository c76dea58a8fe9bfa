import '#server-only'
import { db } from '#platform/db.ts'

/** Adds to the answers of a local date. */
export async function addAnswers(day: string, answers: number): Promise<void> {
  await db.$executeRaw`
    INSERT INTO survey_days AS d (day, answers) VALUES (${day}::date, ${answers})
    ON CONFLICT (day) DO UPDATE SET answers = d.answers + excluded.answers`
}

/** Returns the answers of each day from one local date to before another; a day without any has no row. */
export async function answersBetween(
  from: string,
  before: string,
): Promise<{ readonly day: string; readonly answers: number }[]> {
  const rows = await db.surveyDay.findMany({
    where: { day: { gte: new Date(from), lt: new Date(before) } },
    orderBy: { day: 'asc' },
  })
  return rows.map(({ day, answers }) => ({ day: day.toISOString().slice(0, 10), answers }))
}
