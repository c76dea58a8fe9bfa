import { z } from 'zod'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'

/** A carrier that is exempted from an order, for a reason that the citizen will read. */
export const exemption = z.object({
  orderId: z.uuid(),
  caseId: z.uuid(),
  carrierId: z.string(),
  reason: z.string(),
})

/** Returns the reason that an open exemption gives. */
export const reasonOf = ({ content }: { readonly content: unknown }): string =>
  exemption.parse(content).reason

export const exemptsOrders = (by: Pick<StaffActor, 'role'>): boolean => may(by.role, 'order:exempt')

/** Names what is open once an order: its exemption. */
const SUBJECT = 'exemption:'
export const exemptionSubject = (orderId: string): string => `${SUBJECT}${orderId}`
/** Returns the order that a subject names; null where it is another kind's. */
export const exemptedBy = (subject: string): string | null =>
  subject.startsWith(SUBJECT) ? subject.slice(SUBJECT.length) : null
