import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'

/** The periods that a board can show, in days up to today. */
export const PERIODS = [7, 30] as const
export type Period = (typeof PERIODS)[number]

/**
 * Tells whose figures a person sees beside their own: every unit's, those of the unit that they supervise, or none (ADR
 * 78).
 */
export function supervises(reader: StaffActor): 'every' | 'own' | 'nobody' {
  if (!may(reader.role, 'unit:supervise')) return 'nobody'
  if (reader.role === 'city_police') return 'every'
  return reader.unitId === null ? 'nobody' : 'own'
}
