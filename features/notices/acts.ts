import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/entries/acts.ts'
import type { Contact } from '#features/cases/particulars/rules.ts'
import { tellDevices } from '#features/push/acts.ts'
import type { Actor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { systemScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { type CaseKey, seal } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { deferInsert } from '#platform/deferred-writes.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { countMessage } from '#platform/message-counts/commands.ts'
import { enqueue } from '#platform/queue.ts'
import { inScope } from '#platform/scope.ts'
import { queueAgain, recordReport } from './data.ts'
import { type FailedGroup, type GatewayReport, MOST_AGAIN } from './rules.ts'
import type { NoticeParams, NoticeTemplate } from './templates.ts'

export { isUrgent, type NoticeParams, type NoticeTemplate } from './templates.ts'

export interface OutgoingNotice {
  readonly key: CaseKey
  readonly to: Contact
  readonly template: NoticeTemplate
  readonly locale: string
  readonly params: NoticeParams
  readonly at: Instant
}

/**
 * Queues a message to a contact in the transaction of its cause, so that both are stored or neither. It is sent at least once,
 * always with the same Message-ID. Devices with push messages are told that there is news.
 */
export async function notify(tx: Tx, notice: OutgoingNotice): Promise<void> {
  const id = randomUUID()
  const { key, to, template, locale, params, at } = notice
  const row = {
    ...{ id, caseId: key.caseId, channel: to.kind, template, locale, state: 'queued', createdAt: at },
    sealed: seal(key, `notice:${id}`, { to: to.value, params }),
  } as const
  await deferInsert(tx, 'notices', [row])
  await enqueue(tx, 'notice-send', { id })
  if (!WITHOUT_DEVICES.some((part) => template.startsWith(part))) await tellDevices(tx, key.caseId, at)
}

/** Prefixes of templates that are no news of a case or a list of phones. */
const WITHOUT_DEVICES = ['code_', 'draft_', 'watch_', 'invitation_']

/**
 * Stores a gateway's reports and returns how many were news. Ignores a message that is gone with its case, went another way, or
 * is known to have arrived.
 */
export const takeReports = (
  reports: readonly (GatewayReport & { readonly id: string; readonly code?: string })[],
  now: Instant,
): Promise<number> =>
  inScope(systemScope(), async () => {
    let news = 0
    for (const { id, code, ...report } of reports) {
      if (!(await recordReport(id, report, now))) continue
      news++
      await countMessage(report.way, report.delivery, { ...(code !== undefined && { code }), now })
    }
    return news
  })

/** Sends failed messages again, of a group or all: at most {@link MOST_AGAIN}, oldest first, once per form. Returns how many. */
export async function retryMessages(
  actor: Actor,
  input: { readonly group: FailedGroup | null; readonly submitKey: string },
  now: Instant,
): Promise<Result<number, 'forbidden' | 'none'>> {
  if (actor.kind !== 'system' && !(actor.kind === 'staff' && may(actor.role, 'message:retry')))
    return err('forbidden')
  return inScope(systemScope(), () =>
    actOnce<number, 'none'>(input.submitKey, 'message.retry', now, async (tx) => {
      const ids = await queueAgain(tx, input.group, MOST_AGAIN)
      if (ids.length === 0) return err('none')
      for (const id of ids) await enqueue(tx, 'notice-send', { id })
      const { kind = null, channel = null, reason = null } = input.group ?? {}
      await audit(tx, {
        actor,
        act: 'installation.messages_retried',
        subject: { kind: 'installation', id: 'installation' },
        facts: { count: ids.length, kind, channel, reason },
        at: now,
      })
      return ok(ids.length)
    }),
  )
}
