import '#server-only'
import { db, type Tx } from '#platform/db.ts'

/** Returns the first cases behind an id that somebody may still have to act on and whose unit is not in force, by id. */
export async function strayCases(after: string | null, limit: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT c.id FROM cases c
    WHERE c.unit_id IN (
        SELECT u.id FROM police_units u JOIN area_editions e ON e.id = u.edition_id WHERE NOT e.in_force
      ) AND c.erased_at IS NULL AND (
        c.state_text <> ALL('{withdrawn,expired,unblocked}'::text[])
        OR EXISTS (SELECT 1 FROM data_requests r WHERE r.case_id = c.id AND r.state = 'open')
      )
      AND (${after}::uuid IS NULL OR c.id > ${after}::uuid)
    ORDER BY c.id LIMIT ${limit}`
  return rows.map(({ id }) => id)
}

/** Returns the phones that police keep at a unit which is not in force, with that unit. */
export const strayPhones = (tx: Tx): Promise<{ id: string; unitId: string }[]> =>
  tx.$queryRaw`
    SELECT f.id, f.unit_id AS "unitId" FROM found_phones f
    JOIN police_units u ON u.id = f.unit_id JOIN area_editions e ON e.id = u.edition_id
    WHERE NOT e.in_force AND f.closed_at IS NULL ORDER BY f.id FOR UPDATE OF f`

export const setKeeper = (tx: Tx, id: string, unitId: string): Promise<unknown> =>
  tx.foundPhone.update({ where: { id }, data: { unitId }, select: { id: true } })
