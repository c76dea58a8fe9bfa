import '#server-only'
import type { Contact } from '#features/cases/rules/particulars.ts'
import { notify } from '#features/notices/commands.ts'
import { addMilliseconds, DAY, type Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { confirmedContact } from '../queries.ts'
import { type Draft, draftTransaction, lockLapsing, markReminded } from '../repository.ts'

/** Bounds the reminder: so long before a draft is deleted its contact is told, and so long it must have lain. */
const BEFORE = DAY

/**
 * Tells a contact until when a draft is kept, and where it is gone on with: by this contact and a code. No number and no
 * secret stands in it.
 */
export const tellKept = (
  tx: Tx,
  template: 'draft_kept' | 'draft_reminder',
  { key, number, locale, expiresAt }: Draft,
  to: Contact,
  now: Instant,
): Promise<void> =>
  notify(tx, { key, to, template, locale, params: { number, until: expiresAt.toISOString() }, at: now })

/** Reminds of some of the drafts that are about to be deleted, each once; returns how many it has looked at. */
export const remindOfDrafts = (now: Instant): Promise<number> =>
  draftTransaction(async (tx) => {
    const drafts = await lockLapsing(tx, {
      now,
      before: addMilliseconds(now, BEFORE),
      begunBefore: addMilliseconds(now, -BEFORE),
    })
    for (const draft of drafts) {
      const contact = confirmedContact(draft)
      await markReminded(tx, draft.id, now)
      if (contact !== null) await tellKept(tx, 'draft_reminder', draft, contact, now)
    }
    return drafts.length
  })
