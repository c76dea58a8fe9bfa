import '#server-only'
import { randomUUID } from 'node:crypto'
import type { StaffActor } from '#lib/access/actor.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import { enqueue } from '#platform/queue.ts'
import { addTry, webhookForUpdate } from '../repository/push.ts'
import { type DeliveryRefusal, onCarrier } from './delivery.ts'
import { send } from './push.ts'
import { liveSecrets } from './secrets.ts'

/**
 * Asks that a test message be sent to a carrier's address: signed like any other, with no lines. It goes by the worker,
 * like all that leaves for addresses of other people's, and what came of it stands among the tries
 * (`outcomeOfTest`).
 */
export function askTest(
  actor: StaffActor,
  input: { readonly carrierId: string; readonly submitKey: string },
  now: Instant,
): Promise<Result<null, DeliveryRefusal>> {
  // The form's own key names the message: a form that is sent twice asks for one.
  const { carrierId, submitKey: messageId } = input
  return onCarrier(actor, input, 'carrier.push_tested', now, async (tx) => {
    if (!(await webhookForUpdate(tx, carrierId))) return err('not_found')
    if ((await liveSecrets(tx, carrierId)).length === 0) return err('no_secret')
    await enqueue(tx, 'push-test', { carrierId, messageId })
    return ok({ messageId })
  })
}

/** Sends it, once, whether or not lines are pushed to that address just now. */
export async function sendTest(carrierId: string, messageId: string, clock: () => Instant): Promise<void> {
  const found = await transaction(async (tx) => {
    const webhook = await webhookForUpdate(tx, carrierId)
    return webhook && { webhook, secrets: await liveSecrets(tx, carrierId) }
  })
  if (!found || found.secrets.length === 0) return
  const { url, acked: place, bookHead: head } = found.webhook
  const range = { after: place, upTo: place }
  const message = { id: messageId, ...range, head }
  const { outcome } = await send({ carrierId, url, message, secrets: found.secrets }, clock)
  await transaction((tx) => addTry(tx, { id: randomUUID(), carrierId, messageId, ...range, ...outcome }))
}
