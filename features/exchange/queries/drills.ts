import '#server-only'
import type { CarrierScope } from '#lib/access/scope.ts'
import { type DrillRow, drillWithOrders, newestDrills } from '../repository/drills.ts'

export type { DrillRow } from '../repository/drills.ts'

const DRILLS_A_PAGE = 20

/** The last drill of a page: the next page begins after it. Written into its address. */
const CURSOR = /^(\d{1,14})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/

export interface DrillsPage {
  readonly drills: readonly DrillRow[]
  /** The cursor of the next page; null on the last. */
  readonly next: string | null
}

/** Returns a page of drills, newest first. A cursor that is none of ours begins anew. */
export async function drillsPage(scope: CarrierScope, cursor = ''): Promise<DrillsPage> {
  const [, at, id] = CURSOR.exec(cursor) ?? []
  const after = at && id ? { at: new Date(Number(at)), id } : null
  const found = await newestDrills(scope, after, DRILLS_A_PAGE + 1)
  const drills = found.slice(0, DRILLS_A_PAGE)
  const last = drills.at(-1)
  return {
    drills,
    next: found.length > DRILLS_A_PAGE && last ? `${last.startedAt.getTime()}.${last.id}` : null,
  }
}

export type DrillReport = NonNullable<Awaited<ReturnType<typeof drillWithOrders>>>

/** Returns one drill with every order, or null where it is not in this scope. */
export const drillReport = (scope: CarrierScope, id: string): Promise<DrillReport | null> =>
  drillWithOrders(scope, id)
