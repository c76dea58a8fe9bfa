import '#server-only'
import { LAST_NAME } from '#features/agencies/data.ts'
import { HEADLINE } from '#features/questionnaires/questions/rules.ts'
import { firstDay, monthOf, monthsLater } from '#features/results/rules.ts'
import type { Prisma } from '#generated/prisma/client.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { addMilliseconds, DAY, type Instant, localDate } from '#lib/time.ts'
import { db, sql } from '#platform/db.ts'
import { type Counter, onceADay } from '#platform/rate-limits/commands.ts'
import { type AgencyDay, FLOW_KEPT, FLOW_LEAST, type FlowSign, writtenFlow } from './rules.ts'

/** More answers than an agency gets in a day: a counter stops above its amount. */
const UNLIMITED = 1_000_000

/** Returns the counters of an agency's answers and networks today, apart from the answers. They expire at midnight. */
export const flowCounters = (agencyId: string, now: Instant): readonly [Counter, Counter] => [
  { ...onceADay('survey_flow', agencyId, now), amount: UNLIMITED },
  { ...onceADay('survey_flow_networks', agencyId, now), amount: UNLIMITED },
]

/** The number of months before this one that give the average of a day. */
const USUAL_MONTHS = 3

interface DayRow {
  readonly agencyId: string
  readonly all: number
  readonly equal: number
}

/** Counts, for some agencies, the answers about a day and the largest group of identical ones, from the web or from kiosks. */
const alikeOf = (answers: Prisma.Sql, ids: readonly string[], day: string) =>
  db.$queryRaw<DayRow[]>`
    SELECT agency_id AS "agencyId", sum(alike)::int AS "all", max(alike)::int AS equal FROM (
      SELECT r.agency_id, r.answers, count(*) AS alike
      FROM agency_versions v JOIN ${answers} r ON r.agency_version_id = v.id AND r.service_date = ${day}::date
      WHERE v.agency_id = ANY(${[...ids]}::text[]) GROUP BY 1, 2) AS told GROUP BY 1`

/** Returns today's figures of each agency. Agencies with fewer than `FLOW_LEAST` answers are left out. */
export async function readAgencyDays(
  ids: readonly string[],
  now: Instant,
): Promise<ReadonlyMap<string, AgencyDay>> {
  const counters = ids.map((id) => flowCounters(id, now).map(({ keyHash }) => keyHash))
  const keys = counters.flat().map((key) => Buffer.from(key))
  const from = firstDay(monthsLater(monthOf(now), -USUAL_MONTHS))
  const [hits, web, kiosks, months] = await Promise.all([
    db.rateLimit.findMany({
      where: { keyHash: { in: keys }, endsAt: { gt: now } },
      select: { keyHash: true, hits: true },
    }),
    alikeOf(sql`survey_responses`, ids, localDate(now)),
    alikeOf(sql`survey_kiosk_responses`, ids, localDate(now)),
    db.surveyMonth.groupBy({
      by: ['agencyId'],
      where: { question: HEADLINE, month: { gte: from, lt: firstDay(monthOf(now)) } },
      _sum: { respondents: true },
    }),
  ])
  const countOf = new Map(
    hits.map(({ keyHash, hits: count }) => [Buffer.from(keyHash).toString('hex'), count]),
  )
  const days = (addMilliseconds(firstDay(monthOf(now)), 0).getTime() - from.getTime()) / DAY
  return new Map(
    ids.flatMap((id, at) => {
      const [answers = 0, networks = 0] = (counters[at] ?? []).map(
        (key) => countOf.get(Buffer.from(key).toString('hex')) ?? 0,
      )
      const alike = (rows: readonly DayRow[]) => {
        const row = rows.find(({ agencyId }) => agencyId === id)
        return { all: row?.all ?? 0, equal: row?.equal ?? 0 }
      }
      const published = months.find(({ agencyId }) => agencyId === id)?._sum.respondents ?? 0
      const day = { answers, networks, web: alike(web), kiosks: alike(kiosks), usual: published / days }
      return Math.max(answers, day.web.all, day.kiosks.all) < FLOW_LEAST ? [] : [[id, day] as const]
    }),
  )
}

/** Stores the unusual signs of a day. A new sign makes a day unseen again. */
export async function keepFlow(agencyId: string, day: AgencyDay, signs: readonly FlowSign[], now: Instant) {
  const { answers, networks, equalAnswers } = writtenFlow(day)
  await db.$executeRaw`
    INSERT INTO survey_flows AS f (agency_id, day, answers, networks, equal_answers, signs, told_at)
    VALUES (${agencyId}, ${localDate(now)}::date, ${answers}, ${networks}, ${equalAnswers}, ${[...signs]}::text[], ${now})
    ON CONFLICT (agency_id, day) DO UPDATE SET
      answers = EXCLUDED.answers, networks = EXCLUDED.networks, equal_answers = EXCLUDED.equal_answers,
      signs = (SELECT array_agg(DISTINCT sign) FROM unnest(f.signs || EXCLUDED.signs) AS sign),
      seen_at = CASE WHEN f.signs @> EXCLUDED.signs THEN f.seen_at END`
}

export async function listFlows(actor: StaffActor) {
  if (!may(actor.role, 'survey:manage')) return []
  const rows = await db.surveyFlow.findMany({
    where: { seenAt: null },
    orderBy: [{ day: 'desc' }, { answers: 'desc' }, { agencyId: 'asc' }],
    take: 50,
    include: { agency: LAST_NAME },
  })
  return rows.map(({ agency, day, signs, ...row }) => ({
    ...row,
    day: day.toISOString().slice(0, 10),
    signs: signs as FlowSign[],
    name: agency.versions[0] ?? { nameVi: row.agencyId, nameEn: row.agencyId },
  }))
}

export const forgetFlows = async (now: Instant): Promise<number> =>
  (await db.surveyFlow.deleteMany({ where: { day: { lt: addMilliseconds(now, -FLOW_KEPT) } } })).count
