import '#server-only'
import type { Instant } from '#lib/time.ts'
import { hashOf } from './commands.ts'
import { type CaseAccess, findObjectionOpen, findOpen, findPhonesOpen, type VisitRow } from './repository.ts'

export type { CaseAccess, VisitRow }

/** Returns the visit that a browser's token stands for, or null where it has run out or never was. */
export const visitOf = (token: string, now: Instant): Promise<VisitRow | null> => findOpen(hashOf(token), now)

/** Returns the same for a visit to an objection. */
export const objectionVisitOf = (token: string, now: Instant): Promise<VisitRow | null> =>
  findObjectionOpen(hashOf(token), now)

/** Returns the same for a visit to a list of phones. */
export const phonesVisitOf = (token: string, now: Instant) => findPhonesOpen(hashOf(token), now)
