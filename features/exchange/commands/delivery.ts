import '#server-only'
import { audit } from '#features/audit/commands.ts'
import type { AuditAct } from '#features/audit/rules/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { carrierScope, reachesCarrier } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { enqueue } from '#platform/queue.ts'
import { resume, wayForUpdate } from '../repository/delivery.ts'
import { type UrlFault, urlFault } from '../rules/delivery.ts'
import { type DeliveryWay, wayOf } from '../rules/ways.ts'
import { type AskedOfCarrier, type AskedRefusal, askOfCarrier } from './approvals.ts'

export type DeliveryRefusal = 'forbidden' | 'not_found' | 'stale' | 'no_secret' | AskedRefusal | UrlFault

export interface DeliverySettings {
  readonly carrierId: string
  readonly way: DeliveryWay
  /** The address to push to; one that is known already stays where this is empty and the way is another. */
  readonly url: string
  /** The version that its editor saw: settings that were changed meanwhile are not written over. */
  readonly version: number
  readonly submitKey: string
}

/** Asks that the lines of its book reach a carrier in another way, or at another address (ADR 102). */
export function setDelivery(
  actor: StaffActor,
  input: DeliverySettings,
  now: Instant,
): Promise<Result<AskedOfCarrier, DeliveryRefusal>> {
  const { carrierId, way, version, submitKey } = input
  const url = input.url.trim()
  const refusal = refuseOutside(actor, carrierId)
  if (refusal) return Promise.resolve(err(refusal))
  const act = `carrier.delivery:${actor.id}`
  return actOnce<AskedOfCarrier, DeliveryRefusal>(submitKey, act, now, async (tx) => {
    const before = await wayForUpdate(tx, carrierId)
    if (before === null) return err('not_found')
    if (before.version !== version) return err('stale')
    if (wayOf(way).needsUrl || url !== '') {
      const fault = urlFault(url, env().PUSH_ALLOW)
      if (fault) return err(fault)
    }
    return askOfCarrier(tx, actor, 'carrier.way', { carrierId, way, url, version }, now)
  })
}

function refuseOutside(actor: StaffActor, carrierId: string): 'forbidden' | 'not_found' | null {
  const scope = carrierScope(actor)
  if (!scope) return 'forbidden'
  return reachesCarrier(scope, carrierId) ? null : 'not_found'
}

/** Goes on after an address was found dead or nothing came through for days: the same message, the next moment. */
export function resumePush(
  actor: StaffActor,
  input: { readonly carrierId: string; readonly submitKey: string },
  now: Instant,
): Promise<Result<null, DeliveryRefusal>> {
  const { carrierId } = input
  return onCarrier(actor, input, 'carrier.push_resumed', now, async (tx) => {
    if (!(await resume(tx, carrierId))) return err('not_found')
    await enqueue(tx, 'push', { carrierId })
    return ok({})
  })
}

/** Does one act on how a carrier is reached; the carrier's row is locked before anything else. */
export async function onCarrier(
  actor: StaffActor,
  { carrierId, submitKey }: { readonly carrierId: string; readonly submitKey: string },
  act: AuditAct,
  now: Instant,
  work: (
    tx: Tx,
    before: { readonly way: DeliveryWay; readonly version: number },
  ) => Promise<Result<Record<string, string>, DeliveryRefusal>>,
): Promise<Result<null, DeliveryRefusal>> {
  const refusal = refuseOutside(actor, carrierId)
  if (refusal) return err(refusal)
  const done = await actOnce<string, DeliveryRefusal>(submitKey, `${act}:${actor.id}`, now, async (tx) => {
    const before = await wayForUpdate(tx, carrierId)
    if (before === null) return err('not_found')
    const worked = await work(tx, before)
    if (!worked.ok) return worked
    const subject = { kind: 'carrier', id: carrierId } as const
    await audit(tx, { actor, act, subject, facts: worked.value, at: now })
    return ok(carrierId)
  })
  return done.ok ? ok(null) : done
}
