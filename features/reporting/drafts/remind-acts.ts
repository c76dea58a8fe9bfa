import '#server-only'
import type { Contact } from '#features/cases/particulars/rules.ts'
import { confirmedContact, draftTransaction } from '#features/drafts/data.ts'
import { notify } from '#features/notices/acts.ts'
import { addMilliseconds, DAY, type Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { log } from '#platform/log.ts'
import { lockLapsing, markReminded, type ReportDraft } from './data.ts'

/** A reminder is sent this long before deletion, if the draft is at least this old. */
const BEFORE = DAY

/** Tells a contact how long the draft is kept, and that this contact and a code reopen it. The message has no secret. */
export const tellKept = (
  tx: Tx,
  template: 'draft_kept' | 'draft_reminder',
  { key, number, locale, expiresAt }: ReportDraft,
  to: Contact,
  now: Instant,
): Promise<void> =>
  notify(tx, { key, to, template, locale, params: { number, until: expiresAt.toISOString() }, at: now })

/**
 * Sends one reminder for each draft that is about to be deleted. A draft that cannot be opened is logged
 * and left for the next run.
 */
export async function remindOfDrafts(now: Instant, signal?: AbortSignal): Promise<void> {
  for (let after: string | null = null; !signal?.aborted; ) {
    const from: string | null = after
    after = await draftTransaction((tx) => remindOfSome(tx, from, now))
    if (after === null) return
  }
}

/** Sends reminders for some drafts after an id; returns the last id, or null if there were none. */
async function remindOfSome(tx: Tx, after: string | null, now: Instant): Promise<string | null> {
  const lapsing = await lockLapsing(tx, {
    now,
    before: addMilliseconds(now, BEFORE),
    begunBefore: addMilliseconds(now, -BEFORE),
    after,
  })
  for (const { id, open } of lapsing) {
    const draft = opened(id, open)
    if (draft === null) continue
    const contact = confirmedContact(draft)
    await markReminded(tx, id, now)
    if (contact !== null) await tellKept(tx, 'draft_reminder', draft, contact, now)
  }
  return lapsing.at(-1)?.id ?? null
}

function opened(draftId: string, open: () => ReportDraft): ReportDraft | null {
  try {
    return open()
  } catch (err) {
    log().error({ err, draftId }, 'a draft could not be opened to remind of it')
    return null
  }
}
