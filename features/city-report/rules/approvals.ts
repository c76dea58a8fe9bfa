import { z } from 'zod'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'

/** The reason that everybody will read. */
const words = { reasonVi: z.string(), reasonEn: z.string().nullable() }

/** Excluded answers that count after all. */
export const reversal = z.object({ exclusionId: z.uuid(), ...words })
/** A published report that is taken back. */
export const withdrawal = z.object({ reportId: z.uuid(), ...words })

export const managesSurvey = (by: Pick<StaffActor, 'role'>): boolean => may(by.role, 'survey:manage')
