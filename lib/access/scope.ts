import { type StaffActor, unitsServed } from './actor.ts'
import { may } from './roles.ts'

declare const minted: unique symbol

/**
 * The cases that a person may read and act on. A branded type: only the functions below make one, and every query for cases,
 * persons and evidence requires one, so a forgotten check does not compile.
 */
export type CaseScope = (
  | { readonly kind: 'one'; readonly caseId: string; readonly access: 'full' | 'status' }
  /** `lent`: single cases of other units that were lent to the person. */
  | { readonly kind: 'unit'; readonly unitIds: readonly string[]; readonly lent?: readonly string[] }
  | { readonly kind: 'city' }
  | { readonly kind: 'system' }
) & { readonly [minted]: true }

/** Returns the scope of a browser that has shown a case's secret (`full`) or a code from its contact (`status`). */
export const citizenScope = (caseId: string, access: 'full' | 'status'): CaseScope =>
  ({ kind: 'one', caseId, access }) as CaseScope

/** Returns the scope of a signed-in person over cases, or null when their role reads none. */
export function staffScope(actor: StaffActor): CaseScope | null {
  if (!may(actor.role, 'case:read')) return null
  if (actor.role === 'city_police') return { kind: 'city' } as CaseScope
  const unitIds = unitsServed(actor)
  if (unitIds.length === 0) return null
  return { kind: 'unit', unitIds, ...(actor.lent?.length && { lent: actor.lent }) } as CaseScope
}

export const reachesUnit = (scope: CaseScope, unitId: string): boolean =>
  scope.kind === 'city' || (scope.kind === 'unit' && scope.unitIds.includes(unitId))

/**
 * Returns the scope of the product itself, for work without a signed-in person: jobs, sending a report, matching across
 * districts. tests/scopes.test.ts lists the modules that may take it.
 */
export const systemScope = (): CaseScope => ({ kind: 'system' }) as CaseScope

/**
 * The scope of a signed-in citizen, over the cases in their list: it shows the list, and removes cases from it. The
 * content of a case is read in that case's own scope. Only a session makes one.
 */
export type IdentityScope = { readonly kind: 'identity'; readonly identityId: string } & {
  readonly [minted]: true
}
export const identityScope = (identityId: string): IdentityScope =>
  ({ kind: 'identity', identityId }) as IdentityScope

/** The scope of a browser that has entered a contact's code: the phones that are registered with that contact. */
export type PhonesScope = {
  readonly registrantId: string
  /** Keyed hash of that contact. */
  readonly openedBy: Uint8Array
} & { readonly [minted]: true }
export const phonesScope = (registrantId: string, openedBy: Uint8Array): PhonesScope =>
  ({ registrantId, openedBy }) as PhonesScope

/**
 * The scope of comments that a person may read: an agency's viewer reads the agency's own, released and masked; the survey
 * manager reads all.
 */
export type VoiceScope = (
  | { readonly kind: 'agency'; readonly agencyId: string }
  | { readonly kind: 'city' }
) & { readonly [minted]: true }

/** The scope of one agency; every query for its viewers requires it. */
export type AgencyVoiceScope = Extract<VoiceScope, { readonly kind: 'agency' }>

/** Returns the scope of a signed-in person over comments, or null when their role reads none. */
export function voiceScope(actor: StaffActor): VoiceScope | null {
  if (!may(actor.role, 'voice:read')) return null
  if (actor.role === 'survey_manager') return { kind: 'city' } as VoiceScope
  return actor.agencyId === null ? null : ({ kind: 'agency', agencyId: actor.agencyId } as VoiceScope)
}

/**
 * The carriers whose book, keys, contacts and deliveries a person may read and change: for the relay every carrier, for
 * a carrier's own person that carrier alone.
 */
export type CarrierScope = (
  | { readonly kind: 'carrier'; readonly carrierId: string }
  | { readonly kind: 'every' }
) & { readonly [minted]: true }

/** The scope of one carrier; every query for its own people requires it. */
type OwnCarrierScope = Extract<CarrierScope, { readonly kind: 'carrier' }>

/** Returns the scope of a signed-in person over carriers, or null when their role has none. */
export function carrierScope(actor: StaffActor): CarrierScope | null {
  return may(actor.role, 'carrier:manage') ? ({ kind: 'every' } as CarrierScope) : ownCarrierScope(actor)
}

/** Returns the scope of a carrier's own person over that carrier, or null for all others. */
export function ownCarrierScope(actor: StaffActor): OwnCarrierScope | null {
  if (!may(actor.role, 'carrier:own') || actor.carrierId === null) return null
  return { kind: 'carrier', carrierId: actor.carrierId } as OwnCarrierScope
}

/** Checks whether a scope includes a carrier. A carrier outside it is treated as if it did not exist. */
export const reachesCarrier = (scope: CarrierScope, carrierId: string): boolean =>
  scope.kind === 'every' || scope.carrierId === carrierId
