import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { staffScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { rawQuery, sql, transaction } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { countPages, reach } from '../files/page-data.ts'
import { type Quarters, quarters } from './rules.ts'

/**
 * Stores how a page (from 1) is turned for all later readers. `turns` counts quarters to the right of the stored picture
 * and not of the current view, so that sending it twice changes nothing. False if there is no such page, or the reader
 * has not opened its case.
 */
export async function turnPage(
  reader: StaffReader,
  id: string,
  { page, turns }: { readonly page: number; readonly turns: Quarters },
  now: Instant,
): Promise<boolean> {
  const scope = staffScope(reader)
  if (!scope || !may(reader.role, 'case:disclose')) return false
  const file = await reach({ scope, actor: reader }, id, now)
  if (!file || page > countPages(file).length) return false
  return inScope(scope, () =>
    transaction(async (tx) => {
      const lock = sql`SELECT turns FROM evidence WHERE id = ${id}::uuid FOR UPDATE`
      const [locked] = await rawQuery<{ turns: number[] }>(tx, lock)
      if (!locked) return false
      const stored = locked.turns
      if (quarters(stored[page - 1] ?? 0) === turns) return true
      const pages = Math.max(stored.length, page)
      const next = Array.from({ length: pages }, (_, at) => (at === page - 1 ? turns : (stored[at] ?? 0)))
      await tx.evidence.updateMany({ where: { id }, data: { turns: next } })
      await audit(tx, {
        actor: reader,
        act: 'evidence.turn',
        subject: { kind: 'evidence', id },
        caseId: file.caseId,
        facts: { page, turns },
        at: now,
      })
      return true
    }),
  )
}
