import type { StaffActor } from './actor.ts'
import { may } from './roles.ts'

declare const minted: unique symbol

/**
 * Which cases somebody may read and act on. A branded type: nothing but the functions below makes one, and
 * every query for cases, persons and evidence demands one, so a forgotten check does not compile.
 */
export type CaseScope = (
  | { readonly kind: 'one'; readonly caseId: string; readonly access: 'full' | 'status' }
  | { readonly kind: 'area'; readonly areaId: string }
  | { readonly kind: 'city' }
) & { readonly [minted]: true }

/** The scope of a browser that has shown a case's secret (`full`) or a code from its contact (`status`). */
export const citizenScope = (caseId: string, access: 'full' | 'status'): CaseScope =>
  ({ kind: 'one', caseId, access }) as CaseScope

/** The scope of a signed-in person over cases, or null when their role reads none. */
export function staffScope(actor: StaffActor): CaseScope | null {
  if (!may(actor.role, 'case:read')) return null
  if (actor.role === 'city_police') return { kind: 'city' } as CaseScope
  return actor.areaId === null ? null : ({ kind: 'area', areaId: actor.areaId } as CaseScope)
}

/** The scope of the product's own jobs, which act on behalf of nobody. */
export const systemScope = (): CaseScope => ({ kind: 'city' }) as CaseScope
