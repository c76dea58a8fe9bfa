import '#server-only'
import { z } from 'zod'
import type { Approvable } from '#features/approvals/acts.ts'
import { act, logged, refuse } from '#features/audit/act.ts'
import { audit } from '#features/audit/entries/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { err, ok } from '#lib/result.ts'
import type { Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { enqueue } from '#platform/queue.ts'
import { carryOut } from '../book/acts.ts'
import { askOfCarrier, refuseOutside, tellDone } from '../carriers/acts.ts'
import { resolveFlag } from '../flags/acts.ts'
import { liveWebhookSecrets } from '../keys/data.ts'
import { webhookForUpdate } from '../push/data.ts'
import { ANEW, wayForUpdate } from './data.ts'
import { DELIVERY_WAYS, urlFault, wayOf } from './rules.ts'

const ofCarrier = z.object({ carrierId: z.string().max(40) })

const onDelivery = {
  permission: 'carrier:attend',
  faults: 'delivery',
  input: ofCarrier,
  page: ({ carrierId }: z.output<typeof ofCarrier>, done: string) =>
    ({ pathname: '/admin/carriers/[carrier]', params: { carrier: carrierId }, query: { done } }) as const,
  subject: {
    /** Locks the carrier before anything else and returns its way. */
    async lock(tx: Tx, { carrierId }: z.output<typeof ofCarrier>, actor: StaffActor) {
      const outside = refuseOutside(actor, carrierId)
      if (outside) return outside
      const way = await wayForUpdate(tx, carrierId)
      return way ? { ...way, carrierId } : refuse('not_found')
    },
    entry: ({ carrierId }: { readonly carrierId: string }) => ({
      subject: { kind: 'carrier', id: carrierId } as const,
    }),
  },
} as const

/** Asks for another way or push address for a carrier's lines (ADR 102). */
export const setDelivery = act({
  ...onDelivery,
  name: 'carrier.delivery',
  stepUp: 'always',
  input: ofCarrier.extend({
    way: z.enum(DELIVERY_WAYS, 'delivery.way_missing'),
    /** The push address. If it is empty and another way is chosen, the known address stays. */
    webhookUrl: z.string().trim().default(''),
    /** The version that the editor saw: it prevents overwriting settings that changed meanwhile. */
    wayVersion: z.coerce.number<string | number>('general.invalid').int().min(0),
  }),
  async run({
    tx,
    subject: before,
    actor,
    input: { carrierId, way, webhookUrl: url, wayVersion: version },
    now,
  }) {
    if (before.version !== version) return refuse('changed')
    if (wayOf(way).needsUrl || url !== '') {
      const fault = urlFault(url, env().PUSH_ALLOW)
      if (fault) return refuse(fault, 'webhookUrl')
    }
    const asked = await askOfCarrier(tx, actor, 'carrier.way', { carrierId, way, url, version }, now)
    return asked.ok ? logged('requested') : refuse(asked.error)
  },
})

/** Sets how a carrier gets its orders. Unacknowledged lines go the new way too, and failed tries are counted anew. */
export const newWay: Approvable<'carrier.way', 'not_found'> = {
  kind: 'carrier.way',
  holds: async (tx, { carrierId, version }) => (await wayForUpdate(tx, carrierId))?.version === version,
  async carryOut(deciding) {
    const {
      tx,
      request: { content, askedById },
      now,
    } = deciding
    const { carrierId, way, url } = content
    const before = await wayForUpdate(tx, carrierId)
    if (!before) return err('not_found')
    if (url !== '')
      await tx.carrierWebhook.upsert({
        where: { carrierId },
        create: { carrierId, url },
        update: { url, ...ANEW },
        select: { carrierId: true },
      })
    await tx.carrier.update({
      where: { id: carrierId },
      data: { way, wayVersion: { increment: 1 } },
      select: { id: true },
    })
    if (wayOf(way).answers === 'interface') await resolveFlag(tx, carrierId, 'other_way', now)
    await carryOut(tx, carrierId, way)
    // An address identifies a person or system and may hold a token, so only its host is logged.
    const facts = { way, from: before.way, ...(url !== '' && { host: new URL(url).host }) }
    const entry = {
      actor: { kind: 'staff', id: askedById },
      subject: { kind: 'carrier', id: carrierId },
    } as const
    await audit(tx, { ...entry, act: 'carrier.delivery', facts, at: now })
    await tellDone(deciding)
    return ok({})
  },
}

/** Resumes pushing at once with the same message, after an address was found dead or nothing came through for days. */
export const resumePush = act({
  ...onDelivery,
  name: 'carrier.push_resumed',
  page: (input) => onDelivery.page(input, 'resumed'),
  async run({ tx, input: { carrierId } }) {
    const { count } = await tx.carrierWebhook.updateMany({ where: { carrierId }, data: ANEW })
    if (count === 0) return refuse('not_found')
    await enqueue(tx, 'push', { carrierId })
  },
})

/**
 * Asks for a test message to a carrier's address: signed like any other, with no lines. The worker sends it, as it sends
 * everything that goes to addresses of others; the outcome is stored as a try (`awaitTestOutcome`).
 */
export const askTest = act({
  ...onDelivery,
  name: 'carrier.push_tested',
  // The form's own key names the message: a form that is sent twice asks for one message.
  async run({ tx, input: { carrierId, submitKey: messageId } }) {
    if (!(await webhookForUpdate(tx, carrierId))) return refuse('not_found')
    if ((await liveWebhookSecrets(tx, carrierId)).length === 0) return refuse('no_secret')
    await enqueue(tx, 'push-test', { carrierId, messageId })
    return { messageId }
  },
})
