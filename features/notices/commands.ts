import '#server-only'
import { randomUUID } from 'node:crypto'
import type { Contact } from '#features/cases/rules/particulars.ts'
import type { Instant } from '#lib/time.ts'
import { type CaseKey, seal } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { enqueue } from '#platform/queue.ts'
import { insert } from './repository.ts'
import type { NoticeParams, NoticeTemplate } from './templates.ts'

export type { NoticeTemplate } from './templates.ts'

export interface OutgoingNotice {
  readonly key: CaseKey
  readonly to: Contact
  readonly template: NoticeTemplate
  readonly locale: string
  readonly params: NoticeParams
  readonly at: Instant
}

/**
 * Queues a message to a contact in the transaction of what it tells: both are kept or neither.
 * It is sent at least once, always under the same Message-ID.
 */
export async function notify(tx: Tx, notice: OutgoingNotice): Promise<void> {
  const id = randomUUID()
  await insert(tx, {
    id,
    caseId: notice.key.caseId,
    channel: notice.to.kind,
    template: notice.template,
    locale: notice.locale,
    sealed: seal(notice.key, `notice:${id}`, { to: notice.to.value, params: notice.params }),
    state: 'queued',
    createdAt: notice.at,
  })
  await enqueue(tx, 'notice-send', { id })
}
