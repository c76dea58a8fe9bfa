import '#server-only'
import type { LateWords } from '#features/cases/commands/tell-late.ts'
import { notify } from '#features/notices/acts.ts'
import { systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { find, openFile } from '../data.ts'
import type { ObjectionSnapshot } from '../rules/state.ts'

/** Locks an objection that was sent until the transaction ends, and returns it; null where it is gone. */
export async function lockObjection(tx: Tx, id: string): Promise<ObjectionSnapshot | null> {
  await tx.$queryRaw`SELECT 1 FROM objections WHERE id = ${id}::uuid FOR NO KEY UPDATE`
  return find(systemScope(), { id }, tx)
}

/** Tells the holder of a phone that police are late with their objection, or how their complaint was answered. */
export async function tellHolderOfLateness(
  tx: Tx,
  o: Pick<ObjectionSnapshot, 'id' | 'number'>,
  template: 'objection_late' | 'objection_late_answered',
  words: LateWords,
  now: Instant,
): Promise<void> {
  const { key, holder, locale } = await openFile(o.id, tx)
  const params = { number: o.number, ...words }
  await notify(tx, { key, to: holder.contact, template, locale, params, at: now })
}
