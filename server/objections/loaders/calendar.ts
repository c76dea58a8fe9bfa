import '#server-only'
import type { ObjectionCalendar } from '#domain/objection/lifecycle.ts'
import type { Instant } from '#domain/time.ts'
import type { Tx } from '#server/platform/db.ts'
import { env } from '#server/platform/env.ts'
import { holidays } from '#server/reference/loaders.ts'

/** Returns what the clocks of an objection run by. */
export const objectionCalendar = async (now: Instant, tx?: Tx): Promise<ObjectionCalendar> => ({
  now,
  holidays: await holidays(tx),
  days: env().OBJECTION_WORKING_DAYS,
})

/** In how many working days police decide, and how many of them the reporter has to answer. */
export const objectionDays = () => ({
  decision: env().OBJECTION_WORKING_DAYS,
  hearing: env().OBJECTION_HEARING_DAYS,
})
