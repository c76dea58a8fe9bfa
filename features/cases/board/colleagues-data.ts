import '#server-only'
import { assignable, type Member } from '#features/accounts/police-data.ts'
import type { CaseScope } from '#lib/access/scope.ts'
import { endOfLocalDay, type Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { type Load, loadsOf, NO_LOAD } from './loads-data.ts'

/** A person who can be given cases of a unit, and what they have. */
export interface Colleague extends Member {
  readonly load: Load
}

/** Returns whom cases of some units can be given to, the lightest loaded first. */
export async function colleaguesOf(
  scope: CaseScope,
  unitIds: readonly string[],
  now: Instant,
  tx?: Tx,
): Promise<Colleague[]> {
  const people = await assignable(unitIds, now, tx)
  const ids = people.map(({ id }) => id)
  const loads = await inScope(scope, () => loadsOf(ids, now, endOfLocalDay(now), tx))
  return people
    .map((person) => ({
      ...person,
      load: loads.get(person.id) ?? NO_LOAD,
    }))
    .toSorted((a, b) => toDo(a) - toDo(b) || a.load.overdue - b.load.overdue)
}

/** Returns how much a colleague can go on with: what waits for others is no load. */
const toDo = ({ load }: Colleague): number => load.open - load.waiting
