import '#server-only'
import type { Actor } from '#lib/access/actor.ts'
import { carrierScope, reachesCarrier } from '#lib/access/scope.ts'
import {
  type DifferenceRow,
  differencesAfter,
  findReconciliation,
  type Reconciliation,
  reconciliationsOf,
} from '../repository/reconciliations.ts'
import { type DifferenceKind, fullImei } from '../rules/reconciliation.ts'

export type { Reconciliation } from '../repository/reconciliations.ts'

const SHOWN = 20

const reaches = (actor: Actor, carrierId: string): boolean => {
  if (actor.kind === 'carrier') return actor.id === carrierId
  const scope = actor.kind === 'staff' ? carrierScope(actor) : null
  return scope !== null && reachesCarrier(scope, carrierId)
}

/** Returns a carrier's last reconciliations, for those who look after it. */
export const carrierReconciliations = async (actor: Actor, carrierId: string): Promise<Reconciliation[]> =>
  reaches(actor, carrierId) ? reconciliationsOf(carrierId, SHOWN) : []

/** Returns one reconciliation; null outside the scope. */
export async function reconciliation(actor: Actor, id: string): Promise<Reconciliation | null> {
  const one = await findReconciliation(id)
  return one && reaches(actor, one.carrierId) ? one : null
}

export interface DifferencesPage {
  readonly differences: readonly (DifferenceRow & { readonly imei: string })[]
  /** The phone after which the next page begins; null on the last. */
  readonly next: string | null
}

/** Returns a page of what differs, of one kind, in order of phones; of a reconciliation that its reader has reached. */
export async function differences(
  { id }: Reconciliation,
  kind: DifferenceKind,
  after: string,
  limit: number,
): Promise<DifferencesPage> {
  const rows = await differencesAfter(id, kind, after, limit + 1)
  const shown = rows.slice(0, limit)
  return {
    differences: shown.map((row) => ({ ...row, imei: fullImei(row.key14) })),
    next: rows.length > limit ? (shown.at(-1)?.key14 ?? null) : null,
  }
}
