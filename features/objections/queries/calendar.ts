import '#server-only'
import { holidays } from '#features/lookup-tables/queries.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import type { ObjectionCalendar } from '../rules/lifecycle.ts'

/** Returns what the clocks of an objection run by. */
export const objectionCalendar = async (now: Instant, tx?: Tx): Promise<ObjectionCalendar> => ({
  now,
  holidays: await holidays(tx),
  days: env().OBJECTION_WORKING_DAYS,
  hearingDays: env().OBJECTION_HEARING_DAYS,
})

/** Returns in how many working days police decide, and how many of them the reporter has to answer. */
export const objectionDays = () => ({
  decision: env().OBJECTION_WORKING_DAYS,
  hearing: env().OBJECTION_HEARING_DAYS,
})
