import '#server-only'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import type { PushFault } from '../rules/push.ts'
import type { Delivery, DeliveryWay } from '../rules/ways.ts'
import { lockCarrier } from './carriers.ts'

/** Returns how lines reach a carrier, locked until the transaction ends; null where there is no such carrier. */
export async function wayForUpdate(
  tx: Tx,
  carrierId: string,
): Promise<{ readonly way: DeliveryWay; readonly version: number } | null> {
  await lockCarrier(tx, carrierId)
  const row = await tx.carrier.findUnique({
    where: { id: carrierId },
    select: { way: true, wayVersion: true },
  })
  return row && { way: row.way, version: row.wayVersion }
}

export async function saveWay(tx: Tx, carrierId: string, way: DeliveryWay): Promise<void> {
  await tx.carrier.update({
    where: { id: carrierId },
    data: { way, wayVersion: { increment: 1 } },
    select: { id: true },
  })
}

/** Resets the failures of pushing. A message on its way stays the same. */
const ANEW = { state: 'live', failures: 0, failingSince: null, nextTryAt: null } as const

export async function saveUrl(tx: Tx, carrierId: string, url: string): Promise<void> {
  await tx.carrierWebhook.upsert({
    where: { carrierId },
    create: { carrierId, url },
    update: { url, ...ANEW },
    select: { carrierId: true },
  })
}

/** Lets pushing go on; returns whether there is an address to push to. */
export async function resume(tx: Tx, carrierId: string): Promise<boolean> {
  const { count } = await tx.carrierWebhook.updateMany({ where: { carrierId }, data: ANEW })
  return count === 1
}

/** Tells whether a message came through when it was tried, not before `since`; null where it has not been. */
export async function cameThrough(
  carrierId: string,
  messageId: string,
  since: Instant,
): Promise<boolean | null> {
  const row = await db.pushTry.findFirst({
    where: { carrierId, messageId, at: { gte: since } },
    orderBy: { at: 'desc' },
    select: { fault: true },
  })
  return row && row.fault === null
}

/** Returns how lines reach a carrier, and how that goes. */
export async function deliveryRow(carrierId: string): Promise<Delivery | null> {
  const row = await db.carrier.findUnique({
    where: { id: carrierId },
    select: {
      way: true,
      wayVersion: true,
      webhook: {
        select: {
          url: true,
          state: true,
          failures: true,
          failingSince: true,
          nextTryAt: true,
          lastSuccessAt: true,
          secrets: {
            orderBy: [{ revokedAt: { sort: 'desc', nulls: 'first' } }, { createdAt: 'desc' }],
            take: 10,
            select: { id: true, createdAt: true, revokedAt: true },
          },
          tries: {
            orderBy: [{ at: 'desc' }, { id: 'desc' }],
            take: 12,
            omit: { carrierId: true, messageId: true },
          },
        },
      },
    },
  })
  if (!row) return null
  const tries = row.webhook?.tries.map((one) => ({
    ...one,
    after: Number(one.after),
    upTo: Number(one.upTo),
    fault: one.fault as PushFault | null,
  }))
  return {
    way: row.way,
    version: row.wayVersion,
    webhook: row.webhook && { ...row.webhook, tries: tries ?? [] },
  }
}
