import { z } from 'zod'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'

/** One person of another unit, lent to a case that nobody may decide; in a conflict, to each of its sides. */
export const caseLend = z.object({
  accountId: z.uuid(),
  question: z.string(),
  caseIds: z.array(z.uuid()).readonly(),
})

/** Tells whether a person may request or confirm a loan. Two admins do it, who can decide no case themselves. */
export const lendsPeople = (by: Pick<StaffActor, 'role'>): boolean => may(by.role, 'account:manage')
