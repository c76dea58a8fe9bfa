import '#server-only'
import { randomUUID } from 'node:crypto'
import type { Contact } from '#features/cases/rules/particulars.ts'
import { systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { type CaseKey, seal } from '#platform/crypto.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { countMessage } from '#platform/message-counts/commands.ts'
import { enqueue } from '#platform/queue.ts'
import { inScope } from '#platform/scope.ts'
import { givenUp, insert, queueAgain, recordReport } from './repository.ts'
import type { Report } from './rules/delivery.ts'
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

export interface ReceivedReport extends Report {
  /** The message's own id, as it was handed over. */
  readonly id: string
  readonly code?: string
}

/**
 * Keeps what a gateway reports of messages, and answers how many of the reports said something new. Of a message that is
 * gone with its case, that went another way or that is known to have arrived, nothing changes.
 */
export const takeReports = (reports: readonly ReceivedReport[], now: Instant): Promise<number> =>
  inScope(systemScope(), async () => {
    let news = 0
    for (const { id, code, ...report } of reports) {
      if (!(await recordReport(id, report, now))) continue
      news++
      await countMessage(report.way, report.delivery, { ...(code !== undefined && { code }), now })
    }
    return news
  })

/** Sends again every message that was given up after all its tries, as after an outage of days; answers how many. */
export const retryGivenUp = (): Promise<number> =>
  inScope(systemScope(), async () => {
    let queued = 0
    for (const { id } of await givenUp())
      await transaction(async (tx) => {
        if (!(await queueAgain(tx, id))) return
        await enqueue(tx, 'notice-send', { id })
        queued++
      })
    return queued
  })
