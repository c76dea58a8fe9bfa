import '#server-only'
import { LAST_NAME } from '#features/agencies/data.ts'
import { HEADLINE } from '#features/questionnaires/questions/rules.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import type { KioskRemoval } from './rules.ts'

/** Locks an agency's kiosk answers in some weeks, public or waiting. Returns the number of each. */
export async function lockKioskWeeks(
  tx: Tx,
  { agencyId, from, to }: Pick<KioskRemoval, 'agencyId' | 'from' | 'to'>,
) {
  const weeks = await tx.$queryRaw<{ question: string; respondents: number }[]>`
    SELECT question, respondents FROM survey_kiosk_weeks
    WHERE agency_id = ${agencyId} AND week BETWEEN ${from}::date AND ${to}::date AND removal_id IS NULL
    ORDER BY questionnaire_version, question, week FOR UPDATE`
  const waiting = await tx.$queryRaw<unknown[]>`
    SELECT FROM survey_kiosk_responses WHERE agency_id = ${agencyId} AND week BETWEEN ${from}::date AND ${to}::date
      AND NOT counted AND removal_id IS NULL ORDER BY id FOR UPDATE`
  const headline = weeks.filter(({ question }) => question === HEADLINE)
  return {
    published: headline.reduce((sum, { respondents }) => sum + respondents, 0),
    waiting: waiting.length,
  }
}

/** Removes the weeks from each cell, which is then the sum of the others. The answers are kept, with the removal's id. */
export async function takeOutWeeks(
  tx: Tx,
  { id, agencyId, from, to, reasonVi, reasonEn }: KioskRemoval & { readonly id: string },
  answers: number,
  at: Instant,
): Promise<void> {
  await tx.kioskRemoval.create({
    data: {
      ...{ id, agencyId, answers, reason: reasonVi, reasonEn, removedAt: at },
      ...{ firstWeek: new Date(from), lastWeek: new Date(to) },
    },
    select: { id: true },
  })
  await tx.$executeRaw`
    UPDATE survey_kiosk_weeks SET removal_id = ${id}::uuid
    WHERE agency_id = ${agencyId} AND week BETWEEN ${from}::date AND ${to}::date AND removal_id IS NULL`
  await tx.$executeRaw`
    UPDATE survey_kiosk_responses SET removal_id = ${id}::uuid
    WHERE agency_id = ${agencyId} AND week BETWEEN ${from}::date AND ${to}::date AND removal_id IS NULL`
  await tx.$executeRaw`
    UPDATE survey_kiosk_cells c SET held_respondents = 0, held_people = 0, held = '{}',
      respondents = coalesce((SELECT sum(w.respondents) FROM survey_kiosk_weeks w
        WHERE w.agency_id = c.agency_id AND w.questionnaire_version = c.questionnaire_version
          AND w.question = c.question AND w.removal_id IS NULL), 0),
      published = coalesce((SELECT jsonb_object_agg(code, people) FROM (
        SELECT option.code, sum(option.people::int)::int AS people
        FROM survey_kiosk_weeks w, jsonb_each_text(w.counts) AS option (code, people)
        WHERE w.agency_id = c.agency_id AND w.questionnaire_version = c.questionnaire_version
          AND w.question = c.question AND w.removal_id IS NULL GROUP BY option.code) AS left_over), '{}')
    WHERE c.agency_id = ${agencyId}`
}

const REMOVALS_SHOWN = 50

export async function listKioskRemovals() {
  const rows = await db.kioskRemoval.findMany({
    orderBy: [{ removedAt: 'desc' }, { id: 'asc' }],
    take: REMOVALS_SHOWN,
    include: { agency: LAST_NAME },
  })
  return rows.map(({ agency, ...row }) => ({
    ...row,
    agency: agency.versions[0] ?? { nameVi: row.agencyId, nameEn: row.agencyId },
  }))
}
