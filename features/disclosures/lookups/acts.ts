import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/entries/acts.ts'
import { LOOKUPS_AN_HOUR } from '#features/cases/disclosure/rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { addMilliseconds, HOUR, type Instant } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { mailAlert } from './alerts-acts.ts'
import { insertAlert, lockAccount } from './data.ts'

/** Counts a person's look-up, and raises an alert if there are more in an hour than duty explains. */
export async function recordLookup(tx: Tx, actor: StaffActor, now: Instant): Promise<void> {
  await lockAccount(tx, actor.id)
  await tx.lookup.create({ data: { id: randomUUID(), accountId: actor.id, at: now }, select: { id: true } })
  const found = await lastHour(tx, actor.id, now, LOOKUPS_AN_HOUR + 1)
  if (found.count <= LOOKUPS_AN_HOUR || (await growAlert(tx, actor.id, now))) return
  const alertId = await insertAlert(tx, actor.id, found, now)
  await audit(tx, {
    actor: { kind: 'system' },
    act: 'alert.raise',
    subject: { kind: 'alert', id: alertId },
    facts: { account: actor.id, count: found.count },
    at: now,
  })
  await mailAlert(tx, alertId)
}

/**
 * Counts a person's look-ups of the last hour, up to `most`, and returns the time of the oldest. Look-ups up to the last alert
 * that an auditor has seen do not count.
 */
async function lastHour(
  tx: Tx,
  accountId: string,
  now: Instant,
  most: number,
): Promise<{ count: number; since: Instant }> {
  const settled = await tx.lookupAlert.findFirst({
    // An alert grows for one hour, so an older one cannot have look-ups of the last hour.
    where: { accountId, act: null, raisedAt: { gt: addMilliseconds(now, -2 * HOUR) }, seenAt: { not: null } },
    orderBy: { raisedAt: 'desc' },
    select: { lastAt: true },
  })
  const anHourAgo = addMilliseconds(now, -HOUR)
  const after = settled && settled.lastAt > anHourAgo ? settled.lastAt : anHourAgo
  const rows = await tx.lookup.findMany({
    where: { accountId, at: { gt: after } },
    orderBy: { at: 'desc' },
    take: most,
    select: { at: true },
  })
  return { count: rows.length, since: rows.at(-1)?.at ?? now }
}

/** Adds a look-up to this hour's unseen alert. Returns false if there is none. */
async function growAlert(tx: Tx, accountId: string, now: Instant): Promise<boolean> {
  const { count } = await tx.lookupAlert.updateMany({
    where: { accountId, act: null, seenAt: null, raisedAt: { gt: addMilliseconds(now, -HOUR) } },
    data: { count: { increment: 1 }, lastAt: now },
  })
  return count > 0
}

/** Audits a search by personal data: the kinds of data, never the values. */
export const recordSearch = (actor: StaffActor, kinds: readonly string[], now: Instant): Promise<void> =>
  transaction(async (tx) => {
    await audit(tx, { actor, act: 'case.search', subject: { kind: 'search', id: kinds.join(' ') }, at: now })
    await recordLookup(tx, actor, now)
  })
