import '#server-only'
import { z } from 'zod'
import { act, refuse } from '#features/audit/act.ts'
import { listAgencies } from '#features/ratings/rating/data.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { keepFlow, readAgencyDays } from './data.ts'
import { type FlowSign, signsOfFlow } from './rules.ts'

/** Stores unusual signs of today's answers for the survey manager. Returns the number of agencies with signs. */
export async function watchFlows(now: Instant): Promise<number> {
  const ids = (await listAgencies(now)).map(({ id }) => id)
  let odd = 0
  for (const [id, day] of await readAgencyDays(ids, now)) {
    const signs = signsOfFlow(day)
    if (signs.length === 0) continue
    await keepFlow(id, day, signs, now)
    odd++
  }
  return odd
}

/** Marks a day as seen by a manager. A new sign later the same day is reported again. */
export const seeFlow = act({
  name: 'survey.flow_seen',
  permission: 'survey:manage',
  faults: 'survey.flow',
  input: z.object({ agencyId: z.string().min(1).max(60), day: z.iso.date() }),
  page: () => ({ pathname: '/admin/survey', query: { done: 'flow' } }) as const,
  subject: {
    lock: async (tx, { agencyId, day }: { readonly agencyId: string; readonly day: string }) =>
      (await lockFlow(tx, agencyId, day)) ?? refuse('done'),
    entry: ({ agencyId }: { readonly agencyId: string }) => ({
      subject: { kind: 'catalogue', id: agencyId } as const,
    }),
  },
  async run({ tx, input: { agencyId, day }, subject: { signs }, now }) {
    await tx.surveyFlow.updateMany({ where: { agencyId, day: new Date(day) }, data: { seenAt: now } })
    return { agencyId, day, signs: signs.join(' ') }
  },
})

async function lockFlow(tx: Tx, agencyId: string, day: string) {
  const [row] = await tx.$queryRaw<{ agencyId: string; signs: FlowSign[] }[]>`
    SELECT agency_id AS "agencyId", signs FROM survey_flows
    WHERE agency_id = ${agencyId} AND day = ${day}::date AND seen_at IS NULL FOR UPDATE`
  return row ?? null
}
