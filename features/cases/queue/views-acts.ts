import '#server-only'
import { randomUUID } from 'node:crypto'
import type { StaffActor } from '#lib/access/actor.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { runInTransaction } from '#platform/idempotency/commands.ts'
import { addView, countViews, lockViews, removeView, viewNamed } from './views-data.ts'

/** The most views that one person keeps: they stand beside each other as tabs. */
export const MOST_VIEWS = 12
export const LONGEST_NAME = 40

export type ViewRefusal = 'view_name_missing' | 'view_name_long' | 'view_name_taken' | 'views_many'

/**
 * Keeps a view of the queue for one person under a name of theirs.
 *
 * @param query the choices as the address says them
 */
export const keepView = (
  actor: StaffActor,
  { name, query }: { readonly name: string; readonly query: string },
  now: Instant,
): Promise<Result<string, ViewRefusal>> =>
  runInTransaction(async (tx) => {
    const clean = name.normalize('NFC').replace(/\s+/g, ' ').trim()
    if (clean === '') return err('view_name_missing')
    if ([...clean].length > LONGEST_NAME) return err('view_name_long')
    // Two presses at once would both find room, and both the name free.
    await lockViews(tx, actor.id)
    const before = await viewNamed(tx, actor.id, clean)
    // The same form sent twice.
    if (before) return before.query === query ? ok(before.id) : err('view_name_taken')
    if ((await countViews(tx, actor.id)) >= MOST_VIEWS) return err('views_many')
    const id = randomUUID()
    await addView(tx, { id, accountId: actor.id, name: clean, query, createdAt: now })
    return ok(id)
  })

/** Drops a kept view of the person's own; one that is gone already is no fault. */
export const dropView = (actor: StaffActor, id: string): Promise<void> => removeView(actor.id, id)
