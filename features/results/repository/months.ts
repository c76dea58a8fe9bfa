import '#server-only'
import { db } from '#platform/db.ts'
import type { Counts } from '../rules/distribution.ts'
import { firstDay, type Month, monthOfDay } from '../rules/month.ts'
import type { MonthCounts } from '../rules/trend.ts'

/** Returns the first month in which anything of a question became public; null while nothing has. */
export async function firstMonth(question: string): Promise<Month | null> {
  const first = await db.surveyMonth.findFirst({
    where: { question },
    orderBy: { month: 'asc' },
    select: { month: true },
  })
  return first && monthOfDay(first.month)
}

export interface AgencyMonth extends MonthCounts {
  readonly agencyId: string
}

const select = { agencyId: true, month: true, counts: true } as const

const asMonth = (row: { agencyId: string; month: Date; counts: unknown }): AgencyMonth => ({
  agencyId: row.agencyId,
  month: monthOfDay(row.month),
  counts: row.counts as Counts,
})

/** Returns one question at some agencies, month by month, over every version of the questions. */
export async function monthsOfAgencies(
  agencyIds: readonly string[],
  question: string,
  from: Month,
): Promise<AgencyMonth[]> {
  const rows = await db.surveyMonth.findMany({
    where: { agencyId: { in: [...agencyIds] }, question, month: { gte: firstDay(from) } },
    select,
  })
  return rows.map(asMonth)
}

/** Returns one question at every agency in one month. */
export async function agenciesInMonth(question: string, month: Month): Promise<AgencyMonth[]> {
  const rows = await db.surveyMonth.findMany({ where: { question, month: firstDay(month) }, select })
  return rows.map(asMonth)
}

/**
 * Returns one question over all agencies, month by month, added up where the rows are. Without versions, over all of
 * them.
 */
export async function monthsOfCity(
  question: string,
  from: Month,
  versions?: readonly number[],
): Promise<MonthCounts[]> {
  const some = versions === undefined ? null : [...versions]
  const rows = await db.$queryRaw<{ month: Date; counts: Counts }[]>`
    SELECT month, jsonb_object_agg(code, people) AS counts FROM (
      SELECT month, code, sum(people::int)::int AS people
      FROM survey_months, jsonb_each_text(counts) AS option (code, people)
      WHERE question = ${question} AND month >= ${firstDay(from)}::date
        AND (${some}::int[] IS NULL OR questionnaire_version = ANY(${some}::int[]))
      GROUP BY month, code
    ) AS told GROUP BY month`
  return rows.map(({ month, counts }) => ({ month: monthOfDay(month), counts }))
}
