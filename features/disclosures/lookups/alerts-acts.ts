import '#server-only'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { act, answer, refuse } from '#features/audit/act.ts'
import type { AuditAct } from '#features/audit/entries/names-rules.ts'
import type { StaffRole } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'
import { sealFor, unsealFor } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { enqueue } from '#platform/queue.ts'
import { auditors, insertAlert } from './data.ts'

interface AccountAct {
  readonly by: string
  readonly act: AuditAct
  readonly accountId: string | null
  /** The account before the change: an auditor who was dismissed, or whose address was changed, is told at the old address. */
  readonly before?: { readonly role: StaffRole; readonly email: string; readonly active: boolean } | null
}

/**
 * Raises an alert about a change of a staff account. It is mailed to the auditors, the changed account's former auditor address,
 * and `ALERT_MAIL`.
 */
export async function alertAuditors(
  tx: Tx,
  { by, act, accountId, before = null }: AccountAct,
  now: Instant,
): Promise<void> {
  const alertId = await insertAlert(tx, by, { count: 1, since: now, act, subjectId: accountId }, now)
  await mailAlert(tx, alertId, before?.role === 'auditor' && before.active ? [before.email] : [])
}

/** Checks that an auditor can be told. Without one, no change that auditors must hear of is requested or confirmed (ADR 103). */
export const hasAuditor = async (tx: Tx): Promise<boolean> => (await auditors(tx)).length > 0

export const accountBefore = (tx: Tx, id: string): Promise<AccountAct['before']> =>
  tx.staffAccount.findUnique({ where: { id }, select: { role: true, email: true, active: true } })

/**
 * Queues an alert's mails: to each auditor, to former addresses of auditors, and to `ALERT_MAIL`. That mailbox is outside the
 * staff, and still gets mails when every auditor was removed.
 */
export async function mailAlert(tx: Tx, alertId: string, former: readonly string[] = []): Promise<void> {
  const told = await auditors(tx)
  const gone = former.filter((address) => !told.some(({ email }) => email === address))
  const to = [
    ...told.map(({ id }) => ({ accountId: id })),
    ...gone.map((address) => ({ accountId: null, sealedTo: sealAddress(alertId, address) })),
    ...(env().ALERT_MAIL === undefined ? [] : [{ accountId: null }]),
  ]
  for (const one of to) await enqueue(tx, 'lookup-alert', { alertId, mailId: randomUUID(), ...one })
}

const contextOf = (alertId: string): string => `lookup-alert:${alertId}`

const sealAddress = (alertId: string, address: string): string =>
  Buffer.from(sealFor(contextOf(alertId), Buffer.from(address))).toString('base64')

export const unsealAddress = (alertId: string, sealed: string): string =>
  unsealFor(contextOf(alertId), Buffer.from(sealed, 'base64')).toString()

export const acknowledgeAlert = act({
  name: 'alert.acknowledge',
  permission: 'alert:acknowledge',
  faults: 'disclosure',
  page: () => '/admin/audit',
  input: z.object({
    alertId: z.uuid('general.invalid'),
    alertNote: z
      .string('disclosure.seen_note_missing')
      .max(1_000, 'disclosure.note_long')
      .trim()
      .min(1, 'disclosure.seen_note_missing'),
  }),
  subject: {
    lock: async (_, { alertId }) => alertId,
    entry: (id) => ({ subject: { kind: 'alert', id } }),
  },
  async run({ tx, actor, input: { alertId, alertNote }, now }) {
    const { count } = await tx.lookupAlert.updateMany({
      where: { id: alertId, seenAt: null },
      data: { seenAt: now, seenById: actor.id, seenNote: alertNote },
    })
    if (count === 1) return answer(true)
    return (await tx.lookupAlert.count({ where: { id: alertId } })) === 1
      ? refuse('done')
      : refuse('not_found')
  },
})
