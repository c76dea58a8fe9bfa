import '#server-only'
import { db } from '#platform/db.ts'

/** Returns how many people of each agency can sign in. */
export async function viewersAt(agencies: readonly string[]): Promise<Map<string, number>> {
  const rows = await db.staffAccount.groupBy({
    by: ['agencyId'],
    where: { agencyId: { in: [...agencies] }, active: true },
    _count: true,
  })
  return new Map(rows.map(({ agencyId, _count }) => [agencyId ?? '', _count]))
}
