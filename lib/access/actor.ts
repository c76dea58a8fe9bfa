import type { StaffRole } from './roles.ts'

/**
 * The person or program that acts. A citizen acts on the one case their session opened; the system acts when a clock runs out.
 */
export type Actor =
  | { readonly kind: 'citizen' }
  | StaffActor
  | { readonly kind: 'carrier'; readonly id: string }
  /** A bank or wallet that is told of lost phones. */
  | { readonly kind: 'receiver'; readonly id: string }
  | { readonly kind: 'system' }

export interface StaffActor {
  readonly kind: 'staff'
  readonly id: string
  readonly name: string
  readonly role: StaffRole
  /** The police unit of an officer or supervisor; null for people without one. */
  readonly unitId: string | null
  /** The units whose work this person's unit does now, if it is not that unit alone: the unit has ended (ADR 69). */
  readonly serves?: readonly string[]
  /** The cases of other units that two admins lent to this person, until they are decided (ADR 113). */
  readonly lent?: readonly string[]
  /** The rated agency whose comments an agency viewer reads and answers. */
  readonly agencyId: string | null
  readonly carrierId: string | null
}

/** Returns the units whose cases a person has through their own unit; none for people without a unit. */
export const unitsServed = ({ unitId, serves }: Pick<StaffActor, 'unitId' | 'serves'>): readonly string[] =>
  unitId === null ? [] : (serves ?? [unitId])

/** A member of the staff in one session; what they open is open in that session only. */
export interface StaffReader extends StaffActor {
  /** The name of the session; it gives no access. */
  readonly sessionId: string
}
