import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/entries/acts.ts'
import type { CaseScope, PhonesScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { isUuid } from '#lib/uuid.ts'
import { seal } from '#platform/crypto.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { actOnce, keyFor } from '#platform/idempotency/commands.ts'
import { enqueue } from '#platform/queue.ts'
import {
  type DeviceContent,
  type EndpointHash,
  hashEndpoint,
  holderOf,
  holdersOf,
  inDevices,
  isPushOn,
  lockKey,
  placeOf,
  pushKeys,
  services,
} from './data.ts'
import { type DeviceFault, MOST_DEVICES, readSubscription } from './rules.ts'

interface DeviceForm {
  /** The subscription of the browser's push service, as JSON. */
  readonly subscription: string
  readonly ownDevice: boolean
  readonly number: string | null
  readonly locale: 'vi' | 'en'
  /** This browser's earlier subscription, which the new endpoint replaces. */
  readonly before: EndpointHash | null
  readonly submitKey: string
}

/** Subscribes a browser to news of a case or of a list of phones; returns the hash of its endpoint. */
export async function addDevice(
  scope: CaseScope | PhonesScope,
  { subscription, ownDevice, number, locale, before, submitKey }: DeviceForm,
  now: Instant,
): Promise<Result<EndpointHash, DeviceFault>> {
  const [holder, keys] = [holderOf(scope), pushKeys()]
  if (holder === null || keys === null) return err('off')
  if (!ownDevice) return err('not_own')
  const read = readSubscription(subscription, services())
  if (read === null) return err('unsupported')
  const endpointHash = hashEndpoint(read.endpoint)
  const { id: caseId, kind } = holder
  const keep = async (tx: Tx): Promise<Result<true, DeviceFault>> => {
    const key = await lockKey(tx, caseId)
    if (key === null) return err('off')
    if (before !== null && hexOf(before) !== hexOf(endpointHash))
      await tx.pushDevice.deleteMany({ where: { caseId, endpointHash: before } })
    await tx.pushDevice.deleteMany({ where: { caseId, endpointHash } })
    if ((await tx.pushDevice.count({ where: { caseId } })) >= MOST_DEVICES) return err('too_many')
    const id = randomUUID()
    const content = { ...read, by: keys.publicKey, number } satisfies DeviceContent
    const sealed = seal(key, placeOf(id), content)
    const data = { id, caseId, endpointHash, sealed, locale, madeAt: now }
    await tx.pushDevice.create({ data, select: { id: true } })
    const subject = { kind, id: caseId } as const
    await audit(tx, { actor: { kind: 'citizen' }, act: `${kind}.device_added`, subject, at: now })
    return ok(true)
  }
  const once = keyFor(submitKey, caseId, hexOf(endpointHash))
  const kept = await holder.within(() => actOnce(once, 'push.keep', now, keep))
  return kept.ok ? ok(endpointHash) : kept
}

const hexOf = (hash: EndpointHash): string => Buffer.from(hash).toString('hex')

/** Unsubscribes one device or all of them; false if the browser may not do so. Harmless when repeated. */
export async function stopDevices(
  scope: CaseScope | PhonesScope,
  which: string,
  now: Instant,
): Promise<boolean> {
  const holder = holderOf(scope)
  if (holder === null || !(which === 'all' || isUuid(which))) return false
  const one = which === 'all' ? {} : { id: which }
  await holder.within(() => transaction((tx) => endDevices(tx, holder, one, 'stopped', now)))
  return true
}

/** Unsubscribes a browser from every case and list: its person has cleared it. */
export const forgetDevice = (endpointHash: EndpointHash, now: Instant): Promise<void> =>
  inDevices(() =>
    transaction(async (tx) => {
      for (const holder of await holdersOf(tx, endpointHash))
        await endDevices(tx, holder, { endpointHash }, 'cleared', now)
    }),
  )

/**
 * Unsubscribes the devices of a list that were added before this instant: one of its phones is lost, and nobody can know which
 * device is that phone.
 */
export const endDevicesBefore = (
  tx: Tx,
  registrantId: string,
  lostAt: Instant,
  now: Instant,
): Promise<void> =>
  endDevices(tx, { kind: 'registrant', id: registrantId }, { madeAt: { lt: lostAt } }, 'lost', now)

export const removeDevice = (
  {
    id,
    caseId,
    kind,
  }: { readonly id: string; readonly caseId: string; readonly kind: 'case' | 'registrant' },
  now: Instant,
): Promise<void> =>
  inDevices(() => transaction((tx) => endDevices(tx, { kind, id: caseId }, { id }, 'gone', now)))

async function endDevices(
  tx: Tx,
  { kind, id: caseId }: { readonly kind: 'case' | 'registrant'; readonly id: string },
  which: {
    readonly id?: string
    readonly endpointHash?: EndpointHash
    readonly madeAt?: { readonly lt: Instant }
  },
  why: 'stopped' | 'cleared' | 'lost' | 'gone',
  at: Instant,
): Promise<void> {
  const { count } = await tx.pushDevice.deleteMany({ where: { caseId, ...which } })
  if (count === 0) return
  const actor = { kind: why === 'stopped' || why === 'cleared' ? 'citizen' : 'system' } as const
  const subject = { kind, id: caseId }
  await audit(tx, { actor, act: `${kind}.device_ended`, subject, facts: { why, count }, at })
}

/**
 * Queues a push to every device of a case or list, in the transaction of the message with the news. News that a device has not
 * been told of yet merges with it.
 */
export async function tellDevices(tx: Tx, caseId: string, at: Instant): Promise<void> {
  if (!isPushOn()) return
  const told = await tx.$queryRaw<{ id: string }[]>`
    UPDATE push_devices SET news_at = ${at}, attempts = 0
    WHERE case_id = ${caseId}::uuid AND (news_at IS NULL OR news_at < ${at}) RETURNING id`
  for (const { id } of told) await enqueue(tx, 'push-device', { id })
}
