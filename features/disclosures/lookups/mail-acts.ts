import '#server-only'
import { randomUUID } from 'node:crypto'
import { sealFor, unsealFor } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { enqueue } from '#platform/queue.ts'
import { auditors } from './data.ts'

/**
 * Queues the mails of an alert: one to each auditor, one to each former address of an auditor, and one to `ALERT_MAIL`, which
 * belongs to nobody of the staff: it still gets them when every auditor was taken away.
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
