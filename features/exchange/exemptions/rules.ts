import { z } from 'zod'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'

export const exemption = z.object({
  orderId: z.uuid(),
  caseId: z.uuid(),
  carrierId: z.string(),
  reason: z.string(),
})

export const reasonOf = ({ content }: { readonly content: unknown }): string =>
  exemption.parse(content).reason

export const exemptsOrders = (by: Pick<StaffActor, 'role'>): boolean => may(by.role, 'order:exempt')

/** An order has at most one open exemption request. */
const SUBJECT = 'exemption:'
export const exemptionSubject = (orderId: string): string => `${SUBJECT}${orderId}`
/** Returns the order of a subject; null if the subject is of another kind. */
export const exemptedBy = (subject: string): string | null =>
  subject.startsWith(SUBJECT) ? subject.slice(SUBJECT.length) : null
